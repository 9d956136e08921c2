import { z } from '@hono/zod-openapi'
import { VERDICTS, type Verdict } from '../../geo/check/check.ts'

const amountSchema = z.object({ mu: z.number(), share: z.number().openapi({ description: 'of the plot, 0 to 1' }) })
const multiPolygonSchema = z.union([z.object({ type: z.literal('MultiPolygon'), coordinates: z.array(z.unknown()) }), z.null()])

/** A plot as it is sent: a GeoJSON Polygon or MultiPolygon, or a Feature of one. */
export const plotSchema = z
  .looseObject({ type: z.enum(['Polygon', 'MultiPolygon', 'Feature']), coordinates: z.array(z.unknown()).optional(), geometry: z.looseObject({ type: z.string() }).nullish() })
  .openapi('Plot', { description: 'GeoJSON Polygon, MultiPolygon, or a Feature of one; WGS84 (RFC 7946)' })

export const checkResultSchema = z
  .object({
    areaMu: z.number().openapi({ description: 'of the plot, on the ellipsoid' }),
    total: amountSchema.openapi({ description: 'farmland of any kind; where parcels lie over one another, once' }),
    permanent: amountSchema.openapi({ description: 'permanent basic farmland, once' }),
    byKind: z.array(amountSchema.extend({ kind: z.string(), parcels: z.int() })),
    byTown: z.array(z.object({ town: z.string().nullable(), kind: z.string(), mu: z.number() })),
    parcels: z.array(
      z.object({
        id: z.int(),
        number: z.string(),
        kind: z.string(),
        owner: z.string().nullable(),
        crop: z.string().nullable(),
        town: z.string().nullable(),
        demo: z.boolean(),
        mu: z.number(),
        share: z.number().openapi({ description: 'of the parcel, 0 to 1' }),
        sliver: z.boolean(),
      }),
    ),
    slivers: z.object({ toleranceMu: z.number(), parcels: z.int(), mu: z.number() }),
    verdict: z.enum(Object.keys(VERDICTS) as [Verdict, ...Verdict[]]),
    demo: z.boolean().openapi({ description: 'some of the parcels are synthetic' }),
    touched: multiPolygonSchema.openapi({ description: 'what of the plot lies on permanent basic farmland' }),
    remaining: multiPolygonSchema.openapi({ description: 'the plot without that: the smallest change that avoids it; null: nothing is left' }),
    remainingMu: z.number(),
    dataVersion: z.int().openapi({ description: 'of the farmland layer' }),
  })
  .openapi('FarmlandCheck')
