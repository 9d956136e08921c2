import { z } from '@hono/zod-openapi'
import { inspectionOf } from '../../geo/bridge/inspection.ts'
import { LIGHTS } from '../../geo/light/light.ts'
import { cachedJson } from '../cache.ts'
import { todayOf } from '../clock.ts'
import { layerVersion } from '../layer/queries.ts'
import { layerOfPath } from '../layer/routes.ts'
import { askedInstant, pastQuery } from '../past/asked.ts'
import { versionThen } from '../past/queries.ts'
import { isoDate } from '../plan/schemas.ts'
import { failures, json, route, router } from '../route.ts'
import { bridgesOf } from './queries.ts'

const inspectionsSchema = z
  .object({
    on: isoDate,
    bridges: z.array(
      z.object({
        id: z.int(),
        name: z.string(),
        town: z.string().nullable(),
        place: z.array(z.number()).nullable(),
        light: z.enum(LIGHTS),
        due: isoDate.nullable(),
        days: z.int().nullable().openapi({ description: 'until it is due; negative: overdue for so long' }),
        demo: z.boolean(),
      }),
    ),
  })
  .openapi('BridgeInspections')

export const bridgeRoutes = router().openapi(
  route('reader', {
    method: 'get',
    path: '/api/bridges/inspections',
    summary: 'Which bridges are to be inspected when, as lights on a day; what is overdue longest first; with `at` as it was',
    description: 'With `on` what is on record now is judged by that day. With `at` what was on record then is judged by its own day: an inspection that was entered later is not known yet, nor is a bridge that was added later.',
    request: { query: z.object({ on: isoDate.optional().openapi({ description: 'without it today, or the day of `at`; never later' }) }).extend(pastQuery.shape) },
    responses: { 200: json(inspectionsSchema, 'bridges'), 304: { description: 'unchanged' }, ...failures(400, 401, 403) },
  }),
  async (c) => {
    const layer = layerOfPath(c, 'bridges')
    const { on: asked, at } = c.req.valid('query')
    const then = askedInstant(at, c.var.clock)
    const last = then?.day ?? todayOf(c.var.clock)
    const on = asked !== undefined && asked < last ? asked : last
    const version = then ? await versionThen(c.var.sql, layer.id, then.at) : { version: await layerVersion(c.var.sql, layer.id), count: 'now' }
    return cachedJson(c, c.var.sql, `bridges/${version.version}/${version.count}/${on}`, async () => {
      const bridges = (await bridgesOf(c.var.sql, then?.at)).map(({ id, name, town, lon, lat, demo, cycle, inspectedOn }) => ({
        ...{ id, name, town, place: lon === null || lat === null ? null : [lon, lat], demo },
        ...inspectionOf({ cycle, inspectedOn }, on),
      }))
      // Never inspected goes before what has been due for long; what has no cycle comes last.
      const rank = ({ light, days }: (typeof bridges)[number]) => (light === 'grey' ? Infinity : (days ?? -Infinity))
      return { on, bridges: bridges.sort((a, b) => (rank(a) === rank(b) ? a.id - b.id : rank(a) - rank(b))) }
    }) as never
  },
)
