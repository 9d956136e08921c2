import { z } from '@hono/zod-openapi'
import { NOTICE_FAULTS, NOTICE_LIMITS, NOTICE_PHASES, OBJECTION_LIMITS, OBJECTION_STATES, PERIOD_DAYS, type FrozenNotice, type NoticeDraft, type NoticeFault } from '../../geo/notice/notice.ts'
import { REPORT_STATES } from '../../geo/report/report.ts'
import { isoDate, isoMonth } from '../plan/schemas.ts'
import { isStorable } from '../storable.ts'

const text = (most: number, least = 0) => z.string().trim().min(least).max(most).refine((words) => isStorable(words), 'holds a NUL or half a character')

const rowSchema = z.object({
  task: z.int(),
  taskName: z.string(),
  measure: z.string(),
  measureName: z.string(),
  unit: z.string(),
  kind: z.string(),
  direction: z.string(),
  town: z.string(),
  townName: z.string(),
  townNameEn: z.string(),
  target: z.number().nullable(),
  value: z.number(),
  share: z.number().nullable(),
  reportVersion: z.int(),
  demo: z.boolean(),
})

const periodSchema = z.object({ from: isoDate, until: isoDate })

export const frozenNoticeSchema = z
  .object({
    kind: z.literal('xiangtu.notice'),
    format: z.literal(1),
    notice: z.int(),
    version: z.int(),
    district: z.string(),
    planTitle: z.string(),
    year: z.int(),
    month: isoMonth,
    title: z.string(),
    words: z.string(),
    contact: z.string(),
    publishedOn: isoDate,
    period: periodSchema,
    rows: z.array(rowSchema),
    corrects: z.object({ version: z.int(), reason: z.string() }).nullable(),
    demo: z.boolean(),
  })
  .openapi('FrozenNotice') satisfies z.ZodType<FrozenNotice>

export const choiceSchema = rowSchema.extend({ state: z.enum(REPORT_STATES), approved: z.boolean(), waits: z.boolean() }).openapi('NoticeChoice')

export const draftSchema = z
  .object({
    title: text(NOTICE_LIMITS.title),
    words: text(NOTICE_LIMITS.words),
    contact: text(NOTICE_LIMITS.contact),
    month: isoMonth,
    days: z.int().min(PERIOD_DAYS.least).max(PERIOD_DAYS.most),
    figures: z.array(z.object({ measure: z.string().regex(/^\d{1,9}\.\d{1,4}$/), town: z.string().regex(/^\w{6,12}$/) })).max(NOTICE_LIMITS.figures),
  })
  .openapi('NoticeDraft') satisfies z.ZodType<NoticeDraft>

export const noticeSummarySchema = z
  .object({
    id: z.int(),
    version: z.int(),
    title: z.string(),
    district: z.string(),
    year: z.int(),
    month: isoMonth,
    publishedOn: isoDate,
    period: periodSchema,
    phase: z.enum(NOTICE_PHASES),
    rows: z.int(),
    demo: z.boolean(),
  })
  .openapi('NoticeSummary')

const versionSchema = z.object({ version: z.int(), at: z.iso.datetime(), sha256: z.string(), publishedOn: isoDate, reason: z.string().nullable() })

export const publicNoticeSchema = z
  .object({
    notice: frozenNoticeSchema,
    publishedAt: z.iso.datetime(),
    sha256: z.string(),
    holds: z.boolean().openapi({ description: 'whether the hash, computed anew over the stored text, is still the one that was published' }),
    phase: z.enum(NOTICE_PHASES),
    newest: z.int().openapi({ description: 'the version that counts now; an older one stays readable' }),
    versions: z.array(versionSchema),
    objections: z.array(z.object({ no: z.int(), at: z.iso.datetime(), words: z.string(), answer: z.string(), answeredAt: z.iso.datetime().nullable() })),
  })
  .openapi('PublicNotice')

export const objectionSchema = z
  .object({
    id: z.int(),
    notice: z.int(),
    noticeVersion: z.int(),
    at: z.iso.datetime(),
    name: z.string(),
    contact: z.string(),
    words: z.string(),
    state: z.enum(OBJECTION_STATES),
    answer: z.string(),
    answeredBy: z.string().nullable(),
    answeredAt: z.iso.datetime().nullable(),
    version: z.int(),
  })
  .openapi('Objection')

export const givenObjectionSchema = z.object({
  version: z.int().min(1).openapi({ description: 'the version of the notice that it is about' }),
  words: text(OBJECTION_LIMITS.words, OBJECTION_LIMITS.shortest),
  name: text(OBJECTION_LIMITS.name).default(''),
  contact: text(OBJECTION_LIMITS.contact).default(''),
})

export const decidedObjectionSchema = z.object({
  version: z.int(),
  state: z.enum(['shown', 'kept']),
  answer: text(OBJECTION_LIMITS.answer, 1),
})

const differenceSchema = z.object({ task: z.int(), measure: z.string(), town: z.string(), before: z.number().nullable(), after: z.number().nullable() })

export const workingNoticeSchema = z
  .object({
    id: z.int(),
    year: z.int(),
    version: z.int(),
    draft: draftSchema,
    madeBy: z.string(),
    madeAt: z.iso.datetime(),
    changedAt: z.iso.datetime(),
    published: z.int().nullable(),
    openObjections: z.int(),
  })
  .openapi('WorkingNotice')

export const previewSchema = z
  .object({
    notice: frozenNoticeSchema,
    sha256: z.string(),
    faults: z.array(z.enum(Object.keys(NOTICE_FAULTS) as [NoticeFault, ...NoticeFault[]])),
    differences: z.array(differenceSchema),
  })
  .openapi('NoticePreview')

export const reasonSchema = text(1000)
