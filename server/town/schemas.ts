import { z } from '@hono/zod-openapi'
import { FINDING_KINDS, FINDING_SEVERITIES, type FindingKind } from '../../geo/town/finding.ts'
import { BOUNDARY_KINDS, TOWN_KINDS } from '../../geo/town/town.ts'
import { isStorable } from '../storable.ts'

const position = z.tuple([z.number(), z.number()])

/** What can be imported: `none` is what a town has that has no boundary. */
export const importedKind = z.enum(BOUNDARY_KINDS).exclude(['none'])

export const creditSchema = z.object({
  kind: importedKind,
  source: z.string(),
  licence: z.string(),
  credit: z.string(),
})

export const townSchema = z.object({
  code: z.string(),
  name: z.string(),
  shortName: z.string(),
  nameEn: z.string(),
  kind: z.enum(TOWN_KINDS),
})

export const townCollectionSchema = z
  .object({
    type: z.literal('FeatureCollection'),
    set: z.int().nullable().openapi({ description: 'number of the set of boundaries' }),
    boundary: z.union([creditSchema, z.null()]),
    inUse: z
      .object({ since: z.string(), assumed: z.boolean().openapi({ description: 'not in use yet then, but the earliest that is known' }) })
      .nullable()
      .optional()
      .openapi({ description: 'of a past instant: since when these boundaries were in use' }),
    features: z.array(
      z.object({
        type: z.literal('Feature'),
        properties: townSchema.extend({
          boundary: z.enum(BOUNDARY_KINDS),
          areaKm2: z.number().nullable(),
          labelPoint: position.nullable(),
        }),
        geometry: z
          .union([
            z.object({ type: z.literal('Polygon'), coordinates: z.array(z.array(position)) }),
            z.object({ type: z.literal('MultiPolygon'), coordinates: z.array(z.array(z.array(position))) }),
          ])
          .nullable(),
      }),
    ),
  })
  .openapi('Towns')

export const districtSchema = z
  .object({
    code: z.string(),
    name: z.string(),
    nameEn: z.string(),
    towns: z.array(townSchema),
    regions: z.array(z.object({ names: z.array(z.string()), towns: z.array(z.string()) })),
    boundary: z.union([creditSchema, z.null()]),
  })
  .openapi('District')

export const boundarySetSchema = creditSchema
  .extend({
    id: z.int(),
    fileName: z.string(),
    sha256: z.string(),
    storedBy: z.string(),
    storedAt: z.string(),
    current: z.boolean(),
    towns: z.int(),
    areaKm2: z.number(),
  })
  .openapi('BoundarySet')

export const boundaryReportSchema = z
  .object({
    ok: z.boolean(),
    errors: z.int(),
    warnings: z.int(),
    vertices: z.int(),
    areaKm2: z.number(),
    towns: z.array(
      z.object({
        code: z.string(),
        name: z.string(),
        areaKm2: z.number().nullable(),
        beforeKm2: z.number().nullable(),
        publishedKm2: z.number().nullable(),
        vertices: z.int(),
      }),
    ),
    findings: z.array(
      z.object({
        kind: z.enum(Object.keys(FINDING_KINDS) as [FindingKind, ...FindingKind[]]),
        severity: z.enum(FINDING_SEVERITIES),
        towns: z.array(z.string()),
        areaM2: z.number().nullable(),
        at: position.nullable(),
        params: z.record(z.string(), z.union([z.string(), z.number()])),
      }),
    ),
  })
  .openapi('BoundaryReport')

const words = (most: number) => z.string().trim().min(1).max(most).refine((text) => isStorable(text), 'holds a character that cannot be stored')

/** What is known of a file of boundaries besides the file; as query parameters, or as fields of the form. */
export const storeFieldsSchema = z.object({
  kind: importedKind,
  source: words(500),
  licence: words(200),
  credit: words(200),
  name: words(200)
    .optional()
    .openapi({ description: 'the file’s name, if the body does not tell it' }),
  acceptWarnings: z
    .stringbool()
    .optional()
    .openapi({ type: 'boolean', description: 'store although the check has warnings' }),
  replaces: z.coerce
    .number<string>()
    .int()
    .positive()
    .optional()
    .openapi({ description: 'the set that the sender saw in use; another one in use is a conflict' }),
})
