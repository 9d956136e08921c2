import { z } from '@hono/zod-openapi'
import type { MultiPolygon, Polygon } from 'geojson'
import { MOST_SLIVER_MU, resultOf, SLIVER_MU } from '../../geo/check/check.ts'
import { FARMLAND } from '../../geo/layer/farmland.ts'
import { M2_PER_MU } from '../../geo/unit/unit.ts'
import { mustBeShape } from '../layer/store.ts'
import { failures, json, route, router } from '../route.ts'
import { overlayOf } from './queries.ts'
import { checkResultSchema, plotSchema } from './schemas.ts'

const toleranceSchema = z
  .string()
  .regex(/^\d{1,3}(\.\d{1,4})?$/, 'must be 亩 from 0 to 5')
  .transform(Number)
  .refine((mu) => mu <= MOST_SLIVER_MU, 'must be 亩 from 0 to 5')
  .optional()
  .openapi({ type: 'number', minimum: 0, maximum: MOST_SLIVER_MU, description: `parts below so many 亩 are slivers; ${SLIVER_MU} unless given` })

/** As the description of the API has shapes. */
type Wire = z.output<typeof checkResultSchema>['touched']

export const checkRoutes = router().openapi(
  route('reader', {
    method: 'post',
    path: '/api/checks/farmland',
    summary: 'Holds a plot against the farmland: area in 亩 by kind, town and parcel, what is permanent basic farmland, and the plot that avoids it. Stores nothing',
    request: { query: z.object({ tolerance: toleranceSchema }), body: { required: true, content: { 'application/json': { schema: plotSchema } } } },
    responses: { 200: json(checkResultSchema, 'the check'), ...failures(400, 401, 422) },
  }),
  async (c) => {
    const sent = c.req.valid('json')
    const plot = (sent.type === 'Feature' ? sent.geometry : sent) as unknown as Polygon | MultiPolygon
    await mustBeShape(c.var.sql, FARMLAND, plot)
    const { touched, remaining, remainingM2, dataVersion, ...overlay } = await overlayOf(c.var.sql, { type: plot.type, coordinates: plot.coordinates } as Polygon)
    const result = resultOf(overlay, c.req.valid('query').tolerance)
    return c.json({ ...result, touched: touched as Wire, remaining: remaining as Wire, remainingMu: remainingM2 / M2_PER_MU, dataVersion }, 200)
  },
)
