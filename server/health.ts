import { setTimeout } from 'node:timers/promises'
import { z } from '@hono/zod-openapi'
import type { Sql } from './database/connect.ts'
import type { Jobs } from './jobs.ts'
import { json, route, router } from './route.ts'

/** A database that has not answered by then counts as away, whatever it is doing. */
const PATIENCE_MS = 2000

const part = z.enum(['ready', 'away'])

/** Liveness and readiness. */
export function healthRoutes(jobs: Jobs) {
  return router()
    .openapi(
      route('anyone', {
        method: 'get',
        path: '/healthz',
        summary: 'The process is up',
        responses: { 200: json(z.object({ status: z.literal('ok') }), 'up') },
      }),
      (c) => c.json({ status: 'ok' as const }, 200),
    )
    .openapi(
      route('anyone', {
        method: 'get',
        path: '/readyz',
        summary: 'Database and jobs are ready',
        responses: {
          200: json(z.object({ status: z.literal('ready'), database: part, jobs: part }), 'ready'),
          503: json(z.object({ status: z.literal('away'), database: part, jobs: part }), 'not ready'),
        },
      }),
      async (c) => {
        const database = await stateOf(c.var.sql)
        const jobState = jobs.ready() ? ('ready' as const) : ('away' as const)
        return database === 'ready' && jobState === 'ready'
          ? c.json({ status: 'ready' as const, database, jobs: jobState }, 200)
          : c.json({ status: 'away' as const, database, jobs: jobState }, 503)
      },
    )
}

async function stateOf(sql: Sql): Promise<z.infer<typeof part>> {
  const answers = sql`select 1`.then(
    () => 'ready' as const,
    () => 'away' as const,
  )
  const patience = new AbortController()
  const silence = setTimeout(PATIENCE_MS, 'away' as const, { signal: patience.signal }).catch(() => 'away' as const)
  return Promise.race([answers, silence]).finally(() => patience.abort())
}
