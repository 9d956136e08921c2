import { z } from '@hono/zod-openapi'
import { MOST_SLIVER_MU, VERDICTS } from '../../geo/check/check.ts'
import { CHECK_ACTS, CHECK_CHANGES, CHECK_LIMITS, CHECK_SOURCES, CHECK_STATES, RUN_CAUSES } from '../../geo/check/record.ts'
import { previewSchema } from '../import/schemas.ts'
import { isStorable } from '../storable.ts'

export const keyOf = <K extends string>(table: Record<K, unknown>) => z.enum(Object.keys(table) as [K, ...K[]])
export const text = (most: number) => z.string().trim().max(most).refine((given) => isStorable(given), 'holds a NUL or half a character')

const amountSchema = z.object({ mu: z.number(), share: z.number().openapi({ description: 'of the plot, 0 to 1' }) })
const shapeSchema = z.object({ type: z.literal('MultiPolygon'), coordinates: z.array(z.unknown()) })
const multiPolygonSchema = z.union([shapeSchema, z.null()])

/** A plot as it is sent: a GeoJSON Polygon or MultiPolygon, or a Feature of one. */
export const plotSchema = z
  .looseObject({ type: z.enum(['Polygon', 'MultiPolygon', 'Feature']), coordinates: z.array(z.unknown()).optional(), geometry: z.looseObject({ type: z.string() }).nullish() })
  .openapi('Plot', { description: 'GeoJSON Polygon, MultiPolygon, or a Feature of one; WGS84 (RFC 7946)' })

const resultSchema = z.object({
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
  verdict: keyOf(VERDICTS),
  demo: z.boolean().openapi({ description: 'some of the parcels are synthetic' }),
})

const shapes = {
  touched: multiPolygonSchema.openapi({ description: 'what of the plot lies on permanent basic farmland' }),
  sliverShapes: multiPolygonSchema.openapi({ description: 'of that, what lies within the tolerance' }),
  remaining: multiPolygonSchema.openapi({ description: 'the plot without that: the smallest change that avoids it; null: nothing is left' }),
  remainingMu: z.number(),
  dataVersion: z.int().openapi({ description: 'of the farmland layer' }),
}

export const checkResultSchema = resultSchema
  .extend({ ...shapes, towns: z.array(z.string()).openapi({ description: 'that the plot lies in, most of it first' }) })
  .openapi('FarmlandCheck')

const amountOf = z.object({ before: z.number(), after: z.number() })
const differencesSchema = z.object({
  verdict: z.object({ before: keyOf(VERDICTS), after: keyOf(VERDICTS) }).nullable(),
  amounts: z.array(amountOf.extend({ what: z.enum(['permanent', 'total', 'remaining', 'kind']), kind: z.string().nullable() })),
  parcels: z.array(z.object({ number: z.string(), kind: z.string(), before: z.number().nullable(), after: z.number().nullable() })),
})

/** A check that is kept, as lists have it. */
export const checkSchema = z
  .object({
    id: z.int(),
    number: z.string().openapi({ description: '核查2023-0001' }),
    year: z.int(),
    no: z.int().openapi({ description: 'counts within the year, without a gap' }),
    applicant: z.string(),
    purpose: z.string(),
    source: keyOf(CHECK_SOURCES),
    sourceWords: z.string(),
    areaMu: z.number(),
    toleranceMu: z.number(),
    town: z.string().nullable().openapi({ description: 'that most of the plot lies in' }),
    towns: z.array(z.string()),
    departments: z.array(z.string()),
    state: keyOf(CHECK_STATES),
    stateWords: z.string(),
    run: z.int().openapi({ description: 'number of the newest run; above 1: a later run found something else' }),
    verdict: keyOf(VERDICTS).openapi({ description: 'of the newest run' }),
    permanentMu: z.number().openapi({ description: 'of the newest run' }),
    change: keyOf(CHECK_CHANGES).openapi({ description: 'whether a later run found something else, and whether somebody has acknowledged that' }),
    acknowledgedRun: z.int().openapi({ description: 'up to this run somebody has looked at what was found' }),
    standingRun: z.int().openapi({ description: 'the run whose verdict is the check’s: the first, until somebody takes a later one' }),
    standingVerdict: keyOf(VERDICTS),
    standingMu: z.number().openapi({ description: 'permanent basic farmland, as the run that stands found it' }),
    dataVersion: z.int().openapi({ description: 'of the farmland, up to which the newest run holds' }),
    version: z.int(),
    madeBy: z.string(),
    madeByName: z.string(),
    madeAt: z.iso.datetime(),
    changedAt: z.iso.datetime(),
    demo: z.boolean(),
    next: z.array(keyOf(CHECK_ACTS)).openapi({ description: 'what the caller may do to it now' }),
  })
  .openapi('FarmlandCheckRecord')

const groundShape = z.looseObject({ type: z.string(), coordinates: z.array(z.unknown()) })
const contentSchema = z.object({
  ...shapes,
  checkedAt: z.iso.datetime(),
  plot: shapeSchema,
  result: resultSchema,
  ground: z.object({ parcels: z.array(z.object({ kind: z.string(), geometry: groundShape })), cut: z.boolean(), towns: z.array(z.object({ town: z.string(), geometry: groundShape })) }),
  boundary: z.object({ kind: z.string(), credit: z.string() }).nullable(),
})

const acknowledgementSchema = z.object({
  no: z.int(),
  at: z.iso.datetime(),
  by: z.string(),
  byName: z.string(),
  run: z.int().openapi({ description: 'the newest run, when it was made' }),
  stood: z.int().openapi({ description: 'the run whose verdict stood until then' }),
  stands: z.int().openapi({ description: 'the run whose verdict stands since' }),
  dataVersion: z.int().openapi({ description: 'of the farmland, up to which that newest run was known to hold' }),
  words: z.string(),
})

export const wholeCheckSchema = checkSchema
  .extend({
    runs: z.array(
      z.object({
        no: z.int(),
        at: z.iso.datetime(),
        by: z.string(),
        byName: z.string(),
        cause: keyOf(RUN_CAUSES),
        dataVersion: z.int(),
        verdict: keyOf(VERDICTS),
        permanentMu: z.number(),
        differences: differencesSchema.nullable().openapi({ description: 'against the run before' }),
        sha256: z.string().openapi({ description: 'of the canonical JSON that was frozen' }),
      }),
    ),
    acknowledgements: z.array(acknowledgementSchema).openapi({ description: 'the newest first' }),
    shown: z.int().openapi({ description: 'the run that `content` is of' }),
    content: contentSchema,
  })
  .openapi('FarmlandCheckWithRuns')

export const keepSchema = z.object({
  plot: plotSchema,
  tolerance: z.number().min(0).max(MOST_SLIVER_MU).optional(),
  applicant: text(CHECK_LIMITS.applicant).pipe(z.string().min(1)),
  purpose: text(CHECK_LIMITS.purpose).default(''),
  source: keyOf(CHECK_SOURCES).default('drawn'),
  sourceWords: text(CHECK_LIMITS.sourceWords).default(''),
  departments: z.array(text(60)).max(CHECK_LIMITS.departments).optional().openapi({ description: 'departments that see it too; left out: those that the caller speaks for' }),
})

export const actSchema = z.object({ version: z.int(), words: text(CHECK_LIMITS.words).default('') })

export const acknowledgeSchema = actSchema.extend({
  stands: z.int().min(1).openapi({ description: 'the run whose verdict is the check’s from now on: the newest, or one that has stood; for an earlier one `words` say why' }),
})

export const plotsSchema = previewSchema
  .extend({
    crs: z.string().nullable().openapi({ description: 'that the plots were read in; null: it has to be chosen' }),
    swap: z.boolean(),
    plots: z.array(
      z.object({
        no: z.int(),
        name: z.string(),
        geometry: groundShape.nullable(),
        faults: z.array(z.object({ 'zh-CN': z.string(), en: z.string() })),
        areaMu: z.number().nullable(),
      }),
    ),
    more: z.int().openapi({ description: 'plots in the file that are not given' }),
  })
  .openapi('FilePlots')
