import { z } from '@hono/zod-openapi'
import { GUESS_REASONS, type GuessReason } from '../../geo/crs/candidate.ts'
import { MAP_FORMATS, type MapFormat } from '../../geo/import/formats.ts'
import { IMPORT_MODES, IMPORT_STATES, type ImportMode, type ImportState } from '../../geo/import/import.ts'
import { isStorable } from '../storable.ts'

const keysOf = <K extends string>(table: Record<K, unknown>) => Object.keys(table) as [K, ...K[]]
const name = z.string().min(1).max(200)
const box = z.array(z.number()).length(4)

export const previewSchema = z.object({
  format: z.enum(keysOf<MapFormat>(MAP_FORMATS)),
  features: z.int(),
  withoutShape: z.int(),
  geometries: z.record(z.string(), z.int()),
  faults: z.record(z.string(), z.int()),
  columns: z.array(z.object({ name: z.string(), type: z.string(), samples: z.array(z.string()) })),
  encoding: z.string().nullable(),
  crsName: z.string().nullable(),
  oldDatum: z.string().nullable(),
  parts: z.array(z.string()),
  part: z.string().nullable(),
  places: z.object({ x: z.string().nullable(), y: z.string().nullable(), wkt: z.string().nullable() }).nullable(),
  guesses: z.array(z.object({ crs: z.string(), swap: z.boolean(), confidence: z.number(), why: z.enum(keysOf<GuessReason>(GUESS_REASONS)), box, inside: z.number(), points: z.array(z.number()) })),
})

export const choicesSchema = z
  .object({
    crs: name,
    swap: z.boolean(),
    encoding: name.nullable(),
    part: name.nullable(),
    x: name.nullable(),
    y: name.nullable(),
    fields: z.record(z.string().max(60), z.union([z.strictObject({ column: name }), z.strictObject({ value: z.union([z.string().max(500), z.number(), z.boolean()]) })])),
    key: name.nullable(),
    mode: z.enum(keysOf<ImportMode>(IMPORT_MODES)),
    repair: z.boolean(),
    leaveOut: z.boolean(),
    source: z.string().trim().max(500),
    licence: z.string().trim().max(200),
  })
  .refine((given) => isStorable(given), 'holds a NUL or half a character')

const reportSchema = z.object({
  features: z.int(),
  good: z.int(),
  faulty: z.int(),
  created: z.int(),
  changed: z.int(),
  same: z.int(),
  deleted: z.int(),
  findings: z.record(z.string(), z.int()),
  box: box.nullable(),
  byTown: z.record(z.string(), z.int()),
})

export const importSchema = z
  .object({
    id: z.int(),
    layer: z.string(),
    state: z.enum(keysOf<ImportState>(IMPORT_STATES)),
    version: z.int(),
    fileName: z.string(),
    fileSize: z.number(),
    sha256: z.string(),
    preview: previewSchema,
    suggested: z.object({ fields: z.record(z.string(), z.unknown()), key: z.string().nullable() }).openapi({ description: 'which columns go to which fields, by their names' }),
    choices: z.union([z.record(z.string(), z.unknown()), z.null()]),
    progress: z.object({ phase: z.string(), done: z.number(), of: z.number() }).nullable(),
    report: reportSchema.nullable(),
    failure: z.object({ key: z.string(), words: z.object({ 'zh-CN': z.string(), en: z.string() }) }).nullable(),
    cancelled: z.boolean(),
    by: z.string(),
    demo: z.boolean(),
    at: z.iso.datetime(),
    changedAt: z.iso.datetime(),
  })
  .openapi('Import')

export const importSummarySchema = importSchema.omit({ preview: true, suggested: true, choices: true }).extend({ format: z.string(), features: z.int() }).openapi('ImportSummary')

export const stagedSchema = z
  .object({
    i: z.int(),
    key: z.string().nullable(),
    title: z.string().nullable(),
    findings: z.array(z.object({ finding: z.string(), severity: z.string(), words: z.object({ 'zh-CN': z.string(), en: z.string() }) })),
    faulty: z.boolean(),
    town: z.string().nullable(),
    geometry: z.union([z.object({ type: z.string(), coordinates: z.array(z.unknown()) }), z.null()]),
  })
  .openapi('ImportFeature')
