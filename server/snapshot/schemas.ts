import { z } from '@hono/zod-openapi'
import { BY } from '../../geo/map/question.ts'
import { LANGS } from '../../geo/number/in-words.ts'
import { BLOCK_IDS, isLocked, type BlockChanges, type BlockId } from '../../geo/snapshot/block.ts'
import { LAYER_WAYS, tidyLayers } from '../../geo/snapshot/layers.ts'
import { DPI, isPaper, PAPERS, type Paper } from '../../geo/snapshot/paper.ts'
import { ATLAS_PER, EXTENTS, FILE_FORMATS, PAGE_LIMITS, SCALES, SNAPSHOT_KINDS, SNAPSHOT_STATUSES } from '../../geo/snapshot/request.ts'
import { TEMPLATE_IDS } from '../../geo/snapshot/template.ts'
import { LIGHTS } from '../../geo/light/light.ts'
import { isoDate, isoMonth } from '../plan/schemas.ts'
import { isStorable } from '../storable.ts'

const words = (most: number) => z.string().max(most).refine((text) => isStorable(text), 'holds a NUL or half a character').default('')

/** A number, also as digits: a URL's state has text. */
const whole = (least: number, most: number) => z.coerce.number().int().min(least).max(most)

/** Those that nobody knows are left out, like everything that an old link may name. */
export const layersParam = z
  .union([z.array(z.string().max(60)).max(50), z.string().max(600)])
  .nullish()
  .transform((layers) => tidyLayers(typeof layers === 'string' ? layers.split(',') : (layers ?? [])))
  .openapi({ type: 'string' })

export const viewSchema = z
  .object({
    plan: whole(1900, 2999),
    month: isoMonth.nullish().transform((month) => month ?? null).openapi({ description: 'without it the newest month that anything is approved for' }),
    task: whole(1, 9999).nullish().transform((task) => task ?? null),
    measure: z.string().regex(/^\d{1,4}\.\d{1,3}$/).nullish().transform((measure) => measure ?? null),
    town: z.string().regex(/^[0-9A-Za-z]{6,12}$/).nullish().transform((town) => town ?? null),
    by: z.enum(BY).default('lights'),
    lang: z.enum(LANGS).default('zh-CN'),
    extent: z.enum(EXTENTS).default('district'),
    scale: z.number().min(SCALES.least).max(SCALES.most).nullish().transform((scale) => scale ?? null).openapi({ description: 'the denominator of a fixed scale; without it as large as it fits' }),
    layers: layersParam.openapi({ description: 'layers of the planning map, shown in place of the tasks’ colours; as a list, or as text with commas' }),
  })
  // A measure names its task.
  .transform(({ layers, ...view }) => ({ ...view, ...(layers.length ? { layers } : {}), task: view.task ?? (view.measure ? Number(view.measure.split('.')[0]) : null) }))
  .openapi('SnapshotView')

const move = z.number().min(-PAGE_LIMITS.move).max(PAGE_LIMITS.move).optional()
export const changesSchema = z
  .partialRecord(
    z.enum(BLOCK_IDS as [BlockId, ...BlockId[]]),
    z.object({ hidden: z.boolean().optional(), heading: z.string().max(PAGE_LIMITS.heading).refine((text) => isStorable(text)).optional(), dx: move, dy: move, dw: move, dh: move }),
  )
  .refine((changes) => !Object.entries(changes).some(([id, change]) => change?.hidden && isLocked(id as BlockId)), 'the marks cannot be hidden')

export const paperSchema = z
  .string()
  .refine(isPaper, `must be one of ${Object.keys(PAPERS).join(', ')}, or a size in pixels such as 1920x1080`)
  .transform((paper) => paper as Paper)

export const askedSchema = z
  .object({
    view: viewSchema,
    paper: paperSchema.default('A4-landscape'),
    dpi: z.number().int().min(DPI.least).max(DPI.most).default(DPI.usual),
    template: z.enum(TEMPLATE_IDS).default('briefing'),
    title: words(PAGE_LIMITS.title),
    subtitle: words(PAGE_LIMITS.subtitle),
    notes: words(PAGE_LIMITS.notes),
    reviewNo: words(PAGE_LIMITS.reviewNo),
    blocks: changesSchema.default({}).transform((changes) => changes as BlockChanges),
    logo: z.int().min(1).optional().openapi({ description: 'one of the district’s logos' }),
  })
  .openapi('SnapshotRequest')

export const askedAtlasSchema = askedSchema
  .extend({ per: z.enum(ATLAS_PER), tasks: z.array(z.int().min(1)).max(500).nullish().transform((tasks) => tasks ?? null).openapi({ description: 'by task: which; without it all' }) })
  .openapi('AtlasRequest')

export const madeSchema = z.object({ id: z.int(), hash: z.string() }).openapi('SnapshotMade')

const then = z.object({ light: z.enum(LIGHTS), value: z.number().nullable() })

const summary = {
  id: z.int(),
  kind: z.enum(SNAPSHOT_KINDS),
  status: z.enum(SNAPSHOT_STATUSES),
  progress: z.number(),
  title: z.string(),
  pages: z.int(),
  hash: z.string(),
  madeBy: z.string(),
  maker: z.string(),
  madeAt: z.iso.datetime(),
  formats: z.array(z.enum(FILE_FORMATS)).openapi({ description: 'files that are there' }),
}

export const listedSchema = z.object({ ...summary, month: isoMonth, paper: z.string(), template: z.string(), demo: z.boolean() }).openapi('SnapshotListed')

export const pageSchema = z.object({ name: z.string(), drawing: z.looseObject({ width: z.number(), height: z.number(), blocks: z.array(z.looseObject({ id: z.string() })) }) }).openapi('SnapshotPage')

export const pageLayerSchema = z
  .object({
    id: z.string(),
    version: z.string(),
    way: z.enum(LAYER_WAYS).openapi({ description: 'each feature; what they cover of a grid; the longest only' }),
    classes: z.array(z.object({ class: z.string().nullable(), features: z.int(), areaM2: z.number(), lengthM: z.number() })),
    shapes: z.array(z.object({ class: z.string().nullable(), lines: z.array(z.array(z.array(z.number()))) })),
    demo: z.boolean(),
  })
  .openapi('PageLayer')

export const snapshotSchema = z
  .object({
    ...summary,
    failure: z.string().nullable(),
    holds: z.boolean().openapi({ description: 'whether the hash, computed anew over what is stored, is still the one that was written down' }),
    mine: z.boolean(),
    /** As it was frozen. */
    content: z.looseObject({ kind: z.literal('xiangtu.snapshot'), asOf: isoDate }),
    since: z
      .array(z.object({ task: z.int(), measure: z.string(), town: z.string(), then, now: then }))
      .openapi({ description: 'figures and lights that are others today; empty while the files are being made' }),
  })
  .openapi('Snapshot')
