import { randomUUID } from 'node:crypto'
import type { OpenAPIHono } from '@hono/zod-openapi'
import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
import { secureHeaders } from 'hono/secure-headers'
import type { Context, MiddlewareHandler } from 'hono'
import type { Logger } from 'pino'
import { accountRoutes } from './account/routes.ts'
import { attachmentRoutes } from './attachment/routes.ts'
import { recordRefusal } from './audit/queries.ts'
import { auditRoutes } from './audit/routes.ts'
import { bridgeRoutes } from './bridge/routes.ts'
import { calendarRoutes } from './calendar/routes.ts'
import { channelRoutes } from './channel/routes.ts'
import { checkRoutes } from './check/routes.ts'
import type { Clock } from './clock.ts'
import type { Sql } from './database/connect.ts'
import { documentationRoutes } from './documentation.ts'
import type { Environment } from './environment.ts'
import { findingRoutes } from './finding/routes.ts'
import { exportRoutes } from './export/routes.ts'
import { MAP_LIMITS } from './format/limits.ts'
import { healthRoutes } from './health.ts'
import { importRoutes } from './import/routes.ts'
import type { Jobs } from './jobs.ts'
import { layerRoutes } from './layer/routes.ts'
import { letterRoutes } from './letter/routes.ts'
import { lightRoutes } from './light/routes.ts'
import { meetingRoutes } from './meeting/routes.ts'
import { messageRoutes } from './message/routes.ts'
import { otherMethods } from './methods.ts'
import { monthRoutes } from './month/routes.ts'
import { noticeRoutes } from './notice/routes.ts'
import { ogcRoutes } from './ogc/routes.ts'
import { orderRoutes } from './order/routes.ts'
import { planRoutes } from './plan/routes.ts'
import { Problem, problemDocument } from './problems.ts'
import { reconciliationRoutes } from './reconciliation/routes.ts'
import { reportRoutes } from './report/routes.ts'
import { reviewRoutes } from './review/routes.ts'
import { sheetRoutes } from './report/sheet-routes.ts'
import { roadRoutes } from './road/routes.ts'
import { router, type App } from './route.ts'
import { sameOrigin, servedHost } from './origin.ts'
import { ruleRoutes } from './rule/routes.ts'
import { screens } from './screens.ts'
import { pageTemplateRoutes } from './page-template/routes.ts'
import { packRoutes } from './pack/routes.ts'
import { snapshotRoutes } from './snapshot/routes.ts'
import { submissionRoutes } from './submission/routes.ts'
import { taskListRoutes } from './task-list/routes.ts'
import { sessionRoutes } from './session/routes.ts'
import { tileRoutes } from './tile/routes.ts'
import { townRoutes } from './town/routes.ts'
import { viewRoutes } from './view/routes.ts'
import { wallRoutes } from './wall/routes.ts'
import { workbookRoutes } from './workbook/routes.ts'

/** The largest body of any request but an import of a map; the doors of a task list have a stricter one of their own. */
const BODY_LIMIT = 32 * 1024 * 1024

export interface AppParts {
  sql: Sql
  /** Whether the database's second wall stands. */
  wall: boolean
  clock: Clock
  jobs: Jobs
  environment: Environment
  log: Logger
  /** Folder of the built client; null: no screens (tests, `npm run dev`). */
  clientFolder: string | null
}

/** The whole API and the screens on one origin. */
export function createApp({ sql, wall, clock, jobs, environment, log, clientFolder }: AppParts) {
  const app = router()
  app.use(async (c, next) => {
    c.set('sql', sql)
    c.set('wall', wall)
    c.set('clock', clock)
    c.set('environment', environment)
    c.set('log', log)
    await next()
  })
  app.use(requestLog)
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        workerSrc: ["'self'"],
        styleSrc: ["'self'"],
        // MapLibre and Vue set single style attributes.
        styleSrcAttr: ["'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        connectSrc: ["'self'"],
        frameAncestors: ["'none'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
      },
      // Served over plain http inside a government network too; TLS belongs to the proxy, which sets this itself.
      strictTransportSecurity: false,
      crossOriginEmbedderPolicy: false,
    }),
  )
  for (const path of ['/api/*', '/ogc', '/ogc/*']) app.use(path, servedHost(environment), sameOrigin(environment))
  const [limited, forMaps] = [limit(BODY_LIMIT), limit(MAP_LIMITS.fileBytes + 1024 * 1024)]
  app.use('/api/*', (c, next) => (c.req.path === '/api/imports' ? forMaps : limited)(c, next))
  app.onError(answerError)
  const api = app
    .route('/', planRoutes)
    .route('/', lightRoutes)
    .route('/', reportRoutes)
    .route('/', reviewRoutes)
    .route('/', sheetRoutes)
    .route('/', submissionRoutes)
    .route('/', attachmentRoutes)
    .route('/', findingRoutes)
    .route('/', monthRoutes)
    .route('/', meetingRoutes)
    .route('/', noticeRoutes)
    .route('/', letterRoutes)
    .route('/', snapshotRoutes)
    .route('/', packRoutes)
    .route('/', pageTemplateRoutes)
    .route('/', taskListRoutes)
    .route('/', townRoutes)
    .route('/', layerRoutes)
    .route('/', tileRoutes)
    .route('/', checkRoutes)
    .route('/', reconciliationRoutes)
    .route('/', bridgeRoutes)
    .route('/', roadRoutes)
    .route('/', sessionRoutes)
    .route('/', accountRoutes)
    .route('/', auditRoutes)
    .route('/', orderRoutes)
    .route('/', ruleRoutes)
    .route('/', calendarRoutes)
    .route('/', messageRoutes)
    .route('/', channelRoutes)
    .route('/', importRoutes(jobs))
    .route('/', exportRoutes)
    .route('/', workbookRoutes)
    .route('/', viewRoutes)
    .route('/', wallRoutes)
    .route('/', ogcRoutes)
    .route('/', healthRoutes(jobs))
  documentationRoutes(app as unknown as OpenAPIHono<App>)
  for (const path of ['/api/*', '/ogc', '/ogc/*', '/healthz', '/readyz']) app.all(path, otherMethods(api as unknown as OpenAPIHono<App>))
  if (clientFolder) app.route('/', screens(clientFolder))
  app.notFound((c) => answerProblem(new Problem('route-unknown'), c))
  return api
}

function limit(maxSize: number): MiddlewareHandler<App> {
  return bodyLimit({
    maxSize,
    onError: () => {
      throw new Problem('body-too-large', { limit: `${Math.floor(maxSize / 1024 / 1024)} MB` })
    },
  })
}

/** What the typed client of the screens is made from. */
export type AppType = ReturnType<typeof createApp>

const requestLog: MiddlewareHandler<App> = async (c, next) => {
  const start = performance.now()
  await next()
  const line = { method: c.req.method, path: c.req.path, status: c.res.status, ms: Math.round(performance.now() - start) }
  if (c.res.status >= 500) c.var.log.error(line)
  else c.var.log.debug(line)
}

async function answerError(error: Error, c: Context<App>): Promise<Response> {
  if (error instanceof Problem && error.key === 'not-allowed') await trailRefusal(error, c)
  if (error instanceof Problem) return answerProblem(error, c)
  // Hono's own refusals: a body of another type, one that is no JSON.
  if (error instanceof HTTPException && error.status === 415) {
    return answerProblem(new Problem('media-type-unknown', { given: c.req.header('content-type') ?? '—' }), c)
  }
  if (error instanceof HTTPException && error.status < 500) {
    return answerProblem(new Problem('request-invalid', { field: '', why: error.message }), c)
  }
  const code = (error as { code?: string }).code ?? ''
  // Shut down (57P0…), no more connections (53300), lost or never there.
  if (/^(CONNECTION_|CONNECT_TIMEOUT|ECONN|ENOENT|57P0|53300|08)/.test(code)) {
    c.var.log.warn({ code, path: c.req.path }, 'database away')
    return answerProblem(new Problem('database-away'), c)
  }
  const id = randomUUID()
  c.var.log.error({ err: error, id, path: c.req.path }, 'internal error')
  return answerProblem(new Problem('internal', { id }), c)
}

/** What somebody was not allowed to do stands in the trail, wherever it was refused; by now the request's own transaction is undone. */
async function trailRefusal({ params, field }: Problem, c: Context<App>): Promise<void> {
  const refused = { action: String(params.action ?? params.whatEn), path: c.req.path, method: c.req.method, why: String(params.refusal), target: params.target ?? null, field }
  await recordRefusal(c.var.sql, c.var.actor, refused).catch((error: unknown) => c.var.log.error({ err: error, refused }, 'a refusal is not in the trail'))
}

function answerProblem(problem: Problem, c: Context): Response {
  const language = /^en\b/i.test(c.req.header('accept-language') ?? '') ? 'en' : 'zh-CN'
  const document = problemDocument(problem, language, c.req.path)
  return c.body(JSON.stringify(document), problem.status, { 'content-type': 'application/problem+json; charset=utf-8' })
}
