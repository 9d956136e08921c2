import { z } from '@hono/zod-openapi'
import { inspectionOf } from '../../geo/bridge/inspection.ts'
import { LIGHTS } from '../../geo/light/light.ts'
import { cachedJson } from '../cache.ts'
import { todayOf } from '../clock.ts'
import { layerVersion } from '../layer/queries.ts'
import { layerOfPath } from '../layer/routes.ts'
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
    summary: 'Which bridges are to be inspected when, as lights on a day; what is overdue longest first',
    request: { query: z.object({ on: isoDate.optional().openapi({ description: 'without it today; never later' }) }) },
    responses: { 200: json(inspectionsSchema, 'bridges'), 304: { description: 'unchanged' }, ...failures(400, 401, 403) },
  }),
  async (c) => {
    const layer = layerOfPath(c, 'bridges')
    const today = todayOf(c.var.clock)
    const { on: asked = today } = c.req.valid('query')
    const on = asked < today ? asked : today
    return cachedJson(c, c.var.sql, `bridges/${await layerVersion(c.var.sql, layer.id)}/${on}`, async () => {
      const bridges = (await bridgesOf(c.var.sql)).map(({ id, name, town, lon, lat, demo, cycle, inspectedOn }) => ({
        ...{ id, name, town, place: lon === null || lat === null ? null : [lon, lat], demo },
        ...inspectionOf({ cycle, inspectedOn }, on),
      }))
      // Never inspected goes before what has been due for long; what has no cycle comes last.
      const rank = ({ light, days }: (typeof bridges)[number]) => (light === 'grey' ? Infinity : (days ?? -Infinity))
      return { on, bridges: bridges.sort((a, b) => (rank(a) === rank(b) ? a.id - b.id : rank(a) - rank(b))) }
    }) as never
  },
)
