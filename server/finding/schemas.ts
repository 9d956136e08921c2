import { z } from '@hono/zod-openapi'
import { ATTACHMENT_TYPES, type AttachmentType } from '../../geo/attachment/attachment.ts'
import { FINDING_ACTS, FINDING_LIMITS, FINDING_SOURCES, FINDING_STATES, PHOTO_STAGES, SAFETY_CODES } from '../../geo/finding/finding.ts'
import { LEDGER_COLUMNS, LEDGER_PROBLEMS } from '../../geo/finding/import.ts'
import { isoDate, isoMonth } from '../plan/schemas.ts'
import { isStorable } from '../storable.ts'

export const keyOf = <K extends string>(table: Record<K, unknown>) => z.enum(Object.keys(table) as [K, ...K[]])
export const text = (most: number) => z.string().trim().max(most).refine((given) => isStorable(given), 'holds a NUL or half a character')
/** Longitude and latitude in WGS84. */
export const placeSchema = z
  .tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)])
  .openapi({ type: 'array', items: { type: 'number' }, description: 'longitude, latitude (WGS84)' })
const code = z.union([keyOf(SAFETY_CODES), z.null()])

export const findingSchema = z
  .object({
    id: z.int(),
    no: z.int().openapi({ description: 'counts within the plan' }),
    ref: z.string().nullable().openapi({ description: 'the number in a ledger kept elsewhere' }),
    task: z.int(),
    town: z.string(),
    atBorder: z.boolean().openapi({ description: 'by the boundaries in use it lies in another town, near enough to the border to believe who hung it' }),
    title: z.string(),
    words: z.string(),
    address: z.string(),
    source: keyOf(FINDING_SOURCES),
    code,
    place: placeSchema,
    foundOn: isoDate,
    dueOn: isoDate,
    state: keyOf(FINDING_STATES),
    stepWords: z.string().openapi({ description: 'the words of the last step' }),
    fixedOn: isoDate.nullable(),
    struckOn: isoDate.nullable(),
    checkedOn: isoDate.nullable(),
    version: z.int(),
    enteredBy: z.string(),
    changedAt: z.iso.datetime(),
    demo: z.boolean(),
    photos: z.int(),
    departments: z.array(z.string()),
    overdue: z.boolean(),
    road: z.union([z.object({ feature: z.int(), chainage: z.number(), name: z.string().nullable() }), z.null()]).openapi({ description: 'the road that it hangs on, and metres from its start' }),
  })
  .openapi('Finding')

export const photoSchema = z
  .object({
    id: z.int(),
    findingId: z.int(),
    stage: keyOf(PHOTO_STAGES),
    name: z.string(),
    type: z.enum(Object.keys(ATTACHMENT_TYPES) as [AttachmentType, ...AttachmentType[]]),
    size: z.int(),
    takenAt: z.string().nullable().openapi({ description: 'the camera’s own clock, without a zone' }),
    place: z.union([placeSchema, z.null()]),
    addedBy: z.string(),
    addedAt: z.iso.datetime(),
    demo: z.boolean(),
  })
  .openapi('FindingPhoto')

const LATER = ['edit', 'fix', 'strike', 'check', 'return', 'cancel'] as const
export const wholeSchema = findingSchema
  .extend({
    enteredByName: z.string(),
    next: z.array(z.enum(LATER)).openapi({ description: 'what the caller may do to it now' }),
    history: z.array(
      z.object({
        version: z.int(),
        at: z.iso.datetime(),
        by: z.string(),
        byName: z.string(),
        act: keyOf(FINDING_ACTS),
        state: keyOf(FINDING_STATES),
        words: z.string(),
        dueOn: isoDate,
        code,
        changed: z.record(z.string(), z.tuple([z.unknown(), z.unknown()]).openapi({ type: 'array', items: {} })).nullable().openapi({ description: 'of an edit: field → before, after' }),
      }),
    ),
    files: z.array(photoSchema),
  })
  .openapi('FindingWithHistory')

const roadSchema = z.object({ feature: z.int().min(1).openapi({ description: 'a feature of the layer roads' }), chainage: z.number().min(0).max(10_000_000).openapi({ description: 'metres from its start' }) })

export const contentSchema = z.object({
  task: z.int().min(1),
  town: z.string().regex(/^\w{6,12}$/, 'must be a code, e.g. 310118105').nullable().optional().openapi({ description: 'left out: by its place; needed for the park, which has no boundary' }),
  title: text(FINDING_LIMITS.title).pipe(z.string().min(1)),
  words: text(FINDING_LIMITS.words).default(''),
  address: text(FINDING_LIMITS.address).default(''),
  source: keyOf(FINDING_SOURCES).default('self'),
  code: code.optional(),
  place: placeSchema.optional().openapi({ description: 'left out: by the road and its chainage' }),
  road: roadSchema.nullable().optional(),
  foundOn: isoDate,
  dueOn: isoDate.nullable().optional().openapi({ description: 'left out: by the safety code, on a working day' }),
  ref: text(FINDING_LIMITS.ref).nullable().optional(),
})

export const changeSchema = z.object({
  version: z.int(),
  town: contentSchema.shape.town,
  title: contentSchema.shape.title.optional(),
  words: text(FINDING_LIMITS.words).optional(),
  address: text(FINDING_LIMITS.address).optional(),
  source: keyOf(FINDING_SOURCES).optional(),
  code: code.optional(),
  place: placeSchema.optional(),
  road: roadSchema.nullable().optional(),
  foundOn: isoDate.optional(),
  dueOn: isoDate.optional(),
})

export const countsSchema = z
  .object({ month: isoMonth, task: z.int(), town: z.string(), found: z.int(), cleared: z.int(), left: z.int(), overdue: z.int(), demo: z.boolean() })
  .openapi('FindingCounts')

export const ledgerReadSchema = z
  .object({
    rows: z.int().openapi({ description: 'rows that can be written' }),
    towns: z.array(z.object({ town: z.string(), count: z.int() })),
    problems: z.array(z.object({ row: z.int(), column: keyOf(LEDGER_COLUMNS), letter: z.string(), content: z.string(), problem: keyOf(LEDGER_PROBLEMS) })),
    written: z.boolean(),
  })
  .openapi('LedgerRead')

const pointProperties = z.object({
  no: z.int(),
  task: z.int(),
  town: z.string(),
  title: z.string(),
  code,
  state: keyOf(FINDING_STATES),
  dueOn: isoDate,
  overdue: z.boolean(),
  demo: z.boolean(),
})
export const pointsSchema = z
  .object({
    type: z.literal('FeatureCollection'),
    features: z.array(z.object({ type: z.literal('Feature'), id: z.int(), geometry: z.object({ type: z.literal('Point'), coordinates: z.array(z.number()) }), properties: pointProperties })),
    /** More than are given. */
    cut: z.boolean(),
  })
  .openapi('FindingPoints')
