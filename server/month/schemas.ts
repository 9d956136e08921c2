import { z } from '@hono/zod-openapi'
import { LIGHTS, REASON_KEYS } from '../../geo/light/light.ts'
import { MONTH_ACTS, MONTH_REFUSALS, type MonthAct, type MonthRefusal } from '../../geo/month/closing.ts'
import type { FrozenMonth } from '../../geo/month/frozen.ts'
import { MONTH_STATES } from '../../geo/month/month.ts'
import { CELL_STANDINGS } from '../../geo/month/standing.ts'
import { REPORT_STATES } from '../../geo/report/report.ts'
import { SUBMISSION_KINDS, type SubmissionKind } from '../../geo/submission/submission.ts'
import { isoDate, isoMonth } from '../plan/schemas.ts'

const countsSchema = z
  .object({ expected: z.int(), approved: z.int(), waiting: z.int(), returned: z.int(), missing: z.int() })
  .openapi('StandingCounts')

const unitStandingSchema = countsSchema
  .extend({ 
    town: z.string(),
    open: z.array(
      z.object({
        task: z.int(),
        subject: z.string().openapi({ description: 'a measure (14.1), or a submission of the task (17/finding)' }),
        town: z.string(),
        standing: z.enum(CELL_STANDINGS),
      }),
    ),
  })
  .openapi('UnitStanding')

const freezeRowSchema = z.object({ month: isoMonth, version: z.int(), at: z.iso.datetime(), by: z.string(), sha256: z.string() }).openapi('MonthFreeze')

const refusal = z.enum(Object.keys(MONTH_REFUSALS) as [MonthRefusal, ...MonthRefusal[]]).nullable()

export const monthSchema = z
  .object({
    id: isoMonth,
    opensOn: isoDate,
    dueOn: isoDate,
    closesOn: isoDate,
    closedOn: isoDate.nullable(),
    version: z.int(),
    state: z.enum(MONTH_STATES),
    counts: countsSchema,
    freeze: z.union([freezeRowSchema, z.null()]).openapi({ description: 'the newest freeze; null: never closed' }),
    refusals: z.object({ close: refusal, reopen: refusal }).openapi({ description: 'why the month cannot be closed or reopened; null: it can' }),
  })
  .openapi('MonthOverview')

export const monthDetailSchema = monthSchema
  .extend({
    units: z.array(unitStandingSchema),
    acts: z.array(
      z.object({
        act: z.enum(Object.keys(MONTH_ACTS) as [MonthAct, ...MonthAct[]]),
        at: z.iso.datetime(),
        by: z.string(),
        reason: z.string(),
        detail: z.record(z.string(), z.unknown()),
      }),
    ),
    freezes: z.array(freezeRowSchema),
  })
  .openapi('MonthDetail')

const lightSchema = z.object({
  task: z.int(),
  measure: z.string(),
  town: z.string(),
  light: z.enum(LIGHTS),
  expected: z.number(),
  done: z.number().nullable(),
  claimed: z.number().nullable(),
  value: z.number().nullable(),
  target: z.number().nullable(),
  gap: z.number().nullable(),
  reasonKey: z.enum(REASON_KEYS),
  reasonParams: z.record(z.string(), z.union([z.string(), z.number()])),
  reason: z.string(),
  since: isoDate.nullable(),
  wasRed: z.boolean(),
  late: z.boolean(),
  demo: z.boolean(),
})

/** Rules may get more members with the years; what a freeze holds is shown as it is. */
const ruleSchema = z.looseObject({ version: z.int(), validFrom: isoDate, green: z.number(), yellow: z.number() })

export const frozenMonthSchema = z
  .object({
    kind: z.literal('xiangtu.month'),
    format: z.union([z.literal(1), z.literal(2)]).openapi({ description: '1: frozen before submissions were' }),
    plan: z.object({ year: z.int(), district: z.string(), districtCode: z.string(), title: z.string(), startsOn: isoDate, endsOn: isoDate, listSha256: z.string() }),
    month: z.object({ id: isoMonth, opensOn: isoDate, dueOn: isoDate, closesOn: isoDate, closedOn: isoDate }),
    asOf: isoDate,
    rule: ruleSchema,
    rules: z.array(ruleSchema),
    boundaries: z.object({ id: z.int(), kind: z.string(), sha256: z.string(), source: z.string() }).nullable(),
    units: z.array(z.object({ code: z.string(), name: z.string(), nameEn: z.string() })),
    tasks: z.array(
      z.object({
        no: z.int(),
        name: z.string(),
        category: z.object({ no: z.int(), name: z.string() }),
        leads: z.array(z.string()),
        deadline: isoDate.nullable(),
        measures: z.array(z.object({ id: z.string(), name: z.string(), unit: z.string(), kind: z.string(), direction: z.string() })),
      }),
    ),
    values: z.array(
      z.object({
        measure: z.string(),
        town: z.string(),
        month: isoMonth,
        value: z.number().nullable(),
        state: z.enum(REPORT_STATES),
        submittedAt: z.string().nullable(),
        approvedAt: z.string().nullable(),
        demo: z.boolean(),
      }),
    ),
    submissions: z.array(
      z.object({
        task: z.int(),
        kind: z.enum(Object.keys(SUBMISSION_KINDS) as [SubmissionKind, ...SubmissionKind[]]),
        item: z.string(),
        town: z.string(),
        month: isoMonth,
        state: z.enum(REPORT_STATES),
        done: z.boolean().nullable(),
        words: z.string(),
        submittedAt: z.string().nullable(),
        approvedAt: z.string().nullable(),
        demo: z.boolean(),
      }),
    ),
    lights: z.array(lightSchema),
    standings: z.array(unitStandingSchema),
    demo: z.boolean(),
  })
  .openapi('FrozenMonth') satisfies z.ZodType<FrozenMonth>

const lightThenSchema = z.object({ light: z.enum(LIGHTS), value: z.number().nullable() })

export const freezeSchema = freezeRowSchema
  .extend({
    holds: z.boolean().openapi({ description: 'whether the hash, computed anew over the stored text, is still the one that was written down' }),
    content: frozenMonthSchema,
    since: z
      .array(z.object({ task: z.int(), measure: z.string(), town: z.string(), then: lightThenSchema, now: lightThenSchema }))
      .openapi({ description: 'values and lights of the month that are others today' }),
  })
  .openapi('FrozenMonthAnswer')
