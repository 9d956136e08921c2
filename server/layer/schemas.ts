import { z } from '@hono/zod-openapi'
import { FEATURE_ACTS, FIELD_TYPES, FIGURES, GEOMETRIES, type FeatureAct, type LayerGeometry } from '../../geo/layer/layer.ts'
import { isStorable } from '../storable.ts'

const keysOf = <K extends string>(table: Record<K, unknown>) => Object.keys(table) as [K, ...K[]]
const optionSchema = z.object({ zh: z.string(), en: z.string() })

const fieldSchema = optionSchema.extend({
  type: z.enum(FIELD_TYPES),
  unit: z.string().optional(),
  required: z.literal(true).optional(),
  options: z.record(z.string(), optionSchema).optional(),
  least: z.number().optional(),
  most: z.number().optional(),
})

export const layerSchema = z
  .object({
    id: z.string(),
    zh: z.string(),
    en: z.string(),
    geometry: z.enum(keysOf<LayerGeometry>(GEOMETRIES)),
    figure: z.enum(FIGURES).openapi({ description: 'what is summed up of its features' }),
    inTown: z.boolean(),
    fields: z.record(z.string(), fieldSchema),
    title: z.string(),
    legend: z.object({ field: z.string(), classes: z.record(z.string(), z.object({ colour: z.string(), outline: z.literal(true).optional() })) }),
    sees: z.string(),
    edits: z.string(),
    serves: z.array(
      z.object({
        year: z.int(),
        measure: z.string(),
        where: z.record(z.string(), z.union([z.string(), z.number()])),
        ranges: z.string().optional(),
        reached: z.object({ field: z.string(), among: z.array(z.string()) }).optional(),
      }),
    ),
    version: z.int().openapi({ description: 'data version: higher after every write to the layer' }),
    figures: z.array(
      z.object({
        class: z.string().nullable(),
        town: z.string().nullable(),
        features: z.int(),
        located: z.int(),
        demo: z.int(),
        areaM2: z.number(),
        lengthM: z.number(),
      }),
    ),
  })
  .openapi('Layer')

const geometrySchema = z.object({ type: z.string(), coordinates: z.array(z.unknown()) }).openapi('Geometry', { description: 'GeoJSON, WGS84' })

export const featureSchema = z
  .object({
    type: z.literal('Feature'),
    id: z.int(),
    geometry: z.union([geometrySchema, z.null()]),
    properties: z.record(z.string(), z.unknown()).openapi({ description: 'by the fields of the layer' }),
    about: z.object({
      layer: z.string(),
      version: z.int(),
      key: z.string().nullable(),
      areaM2: z.number().nullable(),
      lengthM: z.number().nullable(),
      town: z.string().nullable(),
      towns: z.array(z.string()).openapi({ description: 'every town that it lies in; more than one: it crosses a boundary' }),
      outside: z.boolean().openapi({ description: 'a part of it lies in no town' }),
      unit: z.string().nullable().openapi({ description: 'whose quota it counts for, if not the town’s' }),
      source: z.string(),
      licence: z.string(),
      demo: z.boolean(),
      changedBy: z.string(),
      changedAt: z.iso.datetime(),
      measures: z.array(z.string()).openapi({ description: 'measures that it is drawn for, as year/measure' }),
    }),
  })
  .openapi('LayerFeature')

export const featureCollectionSchema = z
  .object({
    type: z.literal('FeatureCollection'),
    version: z.int(),
    numberMatched: z.int(),
    numberReturned: z.int(),
    next: z.int().nullable().openapi({ description: '`after` of the next page' }),
    features: z.array(featureSchema),
  })
  .openapi('LayerFeatures')

export const featureVersionSchema = z
  .object({
    version: z.int(),
    at: z.iso.datetime(),
    by: z.string(),
    person: z.string().nullable(),
    act: z.enum(keysOf<FeatureAct>(FEATURE_ACTS)),
    reason: z.string(),
    key: z.string().nullable(),
    properties: z.record(z.string(), z.unknown()),
    geometry: z.union([geometrySchema, z.null()]),
    town: z.string().nullable(),
    unit: z.string().nullable(),
    source: z.string(),
    licence: z.string(),
    demo: z.boolean(),
  })
  .openapi('FeatureVersion')

const text = (most: number) => z.string().trim().max(most).refine((given) => isStorable(given), 'holds a NUL or half a character')
const code = z.string().max(12).nullable().optional()

/** Shapes and fields are looked at by geo/layer/check, which names every fault at once. */
export const sentSchema = z.object({
  geometry: z.looseObject({ type: z.string() }).nullable(),
  properties: z.record(z.string(), z.unknown()),
  key: text(200).pipe(z.string().min(1)).nullable().optional(),
  town: code,
  unit: code,
  source: text(500).optional(),
  licence: text(200).optional(),
})

/** By hand; files come in as imports. */
const MOST_EDITS = 200
const reasoned = { reason: text(500).optional().openapi({ description: 'why; kept in the history' }) }
export const reasonedSchema = sentSchema.extend(reasoned)

const which = { id: z.int().min(1), version: z.int().min(0).openapi({ description: 'the version that was seen; another one now is a conflict' }) }
const few = <S extends z.ZodType>(schema: S) => z.array(schema).max(MOST_EDITS).optional()
export const editsSchema = z
  .object({
    add: few(sentSchema),
    change: few(sentSchema.extend(which)),
    remove: few(z.object(which)),
    restore: few(z.object({ ...which, to: z.int().min(1).openapi({ description: 'the version to go back to; `version` is 0 where the feature is gone' }) })),
    ...reasoned,
  })
  .refine(({ add = [], change = [], remove = [], restore = [] }) => {
    const ids = [...change, ...remove, ...restore].map(({ id }) => id)
    return add.length + ids.length > 0 && new Set(ids).size === ids.length
  }, 'needs something to do, and each feature at most once')

export const editedSchema = z.object({ added: z.array(featureSchema), changed: z.array(featureSchema), restored: z.array(featureSchema), removed: z.array(z.int()) })

const bbox = z
  .string()
  .regex(/^-?\d{1,3}(\.\d{1,12})?(,-?\d{1,3}(\.\d{1,12})?){3}$/, 'must be west,south,east,north in degrees')
  .transform((given) => given.split(',').map(Number) as [number, number, number, number])
  .refine(([west, south, east, north]) => west <= east && south <= north, 'must be west,south,east,north')
  .openapi({ type: 'string', example: '121,31,121.2,31.2' })

export const featureQuerySchema = z.object({
  bbox: bbox.optional(),
  town: z.string().regex(/^\w{6,12}$/, 'must be a code, e.g. 310118105').optional(),
  counts: z.string().regex(/^\w{6,12}$/, 'must be a code, e.g. 310118105').optional().openapi({ description: 'only what counts for this unit: what names it, else what mostly lies there' }),
  q: text(100).optional().openapi({ description: 'in the name or the key' }),
  filter: z
    .string()
    .regex(/^[a-zA-Z]{1,40}:[\w-]{1,40}(,[a-zA-Z]{1,40}:[\w-]{1,40}){0,9}$/, 'must be field:option, several with commas')
    .optional()
    .openapi({ description: 'fields of choice (or whole numbers) and the option (or number) that each must have', example: 'kind:grain' }),
  located: z.enum(['yes', 'no']).optional(),
  crossing: z.enum(['yes', 'no']).optional().openapi({ description: 'those in more than one town, or partly in none' }),
  after: z.string().regex(/^\d{1,15}$/).transform(Number).optional().openapi({ type: 'integer', description: '`next` of the page before' }),
  limit: z.string().regex(/^\d{1,4}$/).transform(Number).pipe(z.int().min(1).max(1000)).optional().openapi({ type: 'integer', minimum: 1, maximum: 1000, default: 200 }),
})
