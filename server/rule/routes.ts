import { createHash } from 'node:crypto'
import { z } from '@hono/zod-openapi'
import { backTest, type BackTestMonth } from '../../geo/light/back-test.ts'
import { LIGHTS } from '../../geo/light/light.ts'
import { faultOfRule } from '../../geo/light/rule.ts'
import { monthEnd } from '../../geo/month/month.ts'
import { FIRST_RECONCILIATION_RULE, isFaultyTolerance, MOST_TOLERANCE } from '../../geo/reconciliation/rule.ts'
import { faultOfReminderRule, FIRST_REMINDER_RULE, REMINDER_LIMITS } from '../../geo/reminder/rule.ts'
import { audit } from '../audit/queries.ts'
import { instantOf, todayOf } from '../clock.ts'
import type { Queryable } from '../database/connect.ts'
import { recordLights } from '../light/record.ts'
import { bumpRevision, tasksOf, type PlanRow } from '../plan/queries.ts'
import { isoDate, isoMonth } from '../plan/schemas.ts'
import { planOfPath, yearParam } from '../plan/routes.ts'
import { Problem } from '../problems.ts'
import { progressOf } from '../report/queries.ts'
import { begin, failures, json, route, router } from '../route.ts'
import { isStorable } from '../storable.ts'
import { insertLightRule, insertReconciliationRule, insertReminderRule, lightRules, reconciliationRules, reminderRules } from './queries.ts'

const reason = z.string().trim().min(1).max(1000).refine((text) => isStorable(text), 'holds a NUL or half a character')
const signed = { reason: z.string(), by: z.string(), at: z.iso.datetime() }
const lightRuleSchema = z.object({ version: z.int(), validFrom: isoDate, green: z.number(), yellow: z.number(), ...signed }).openapi('LightRuleVersion')

const number = (name: keyof typeof REMINDER_LIMITS) => z.int().min(REMINDER_LIMITS[name][0]).max(REMINDER_LIMITS[name][1])
const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time, e.g. 20:00')
const reminderFacts = {
  beforeDue: number('beforeDue'),
  overdueEvery: number('overdueEvery'),
  redMonths: number('redMonths'),
  orderDays: number('orderDays'),
  orderBefore: number('orderBefore'),
  reviewDays: number('reviewDays'),
  quietFrom: time,
  quietUntil: time,
}
const reminderRuleSchema = z.object({ version: z.int(), ...reminderFacts, ...signed }).openapi('ReminderRuleVersion')

const reconciliationFacts = { tolerance: z.number().openapi({ description: 'in percent of what is reported' }), joins: z.boolean().openapi({ description: 'whether a difference stands behind the reasons of lights' }) }
const reconciliationRuleSchema = z.object({ version: z.int(), ...reconciliationFacts, ...signed }).openapi('ReconciliationRuleVersion')

const countsSchema = z.object({ grey: z.int(), green: z.int(), yellow: z.int(), red: z.int() })
const backTestSchema = z
  .object({
    /** What the caller has seen, to be given back when saving. */
    seen: z.string(),
    months: z.array(
      z.object({
        month: isoMonth,
        before: countsSchema,
        after: countsSchema,
        changes: z.array(z.object({ task: z.int(), measure: z.string(), town: z.string(), before: z.enum(LIGHTS), after: z.enum(LIGHTS) })),
      }),
    ),
  })
  .openapi('BackTest')

const thresholds = { green: z.number(), yellow: z.number() }

/** @throws Problem rule-invalid */
function mustBeContiguous(rule: { green: number; yellow: number }): void {
  // The database keeps a yellow between the two; a rule without one is refused too.
  const fault = faultOfRule(rule) ?? (rule.green === rule.yellow ? 'not-contiguous' : null)
  if (fault) throw new Problem('rule-invalid', { why: '绿、黄、红三档须依次相接，且在 0–100 之间', whyEn: 'green, yellow and red must follow each other within 0–100', fault }, 'green')
}

/** New thresholds begin after the months that are closed: what was shown at their meetings stays true. @throws Problem rule-invalid */
async function mustBeginLater(sql: Queryable, plan: PlanRow, validFrom: string): Promise<void> {
  const { months } = await progressOf(sql, plan, null, [])
  const closed = months.filter(({ closedOn }) => closedOn !== null).at(-1)
  if (validFrom < plan.startsOn || validFrom > plan.endsOn || (closed && validFrom <= monthEnd(closed.id))) {
    const after = closed ? monthEnd(closed.id) : plan.startsOn
    throw new Problem('rule-invalid', { why: `生效日须在已关账月份之后（${after}）且在本年度内`, whyEn: `it must begin after the closed months (${after}) and within the year` }, 'validFrom')
  }
}

async function test(sql: Queryable, plan: PlanRow, proposed: { green: number; yellow: number }, today: string): Promise<{ seen: string; months: BackTestMonth[] }> {
  const months = backTest(await tasksOf(sql, plan.id), await progressOf(sql, plan), proposed, today)
  const seen = createHash('sha256').update(JSON.stringify([proposed.green, proposed.yellow, months])).digest('base64url').slice(0, 22)
  return { seen, months }
}

export const ruleRoutes = router()
  .openapi(
    route('reader', {
      method: 'get',
      path: '/api/plans/{year}/rules/lights',
      summary: 'All versions of the thresholds, the newest first, with who set them and why',
      request: { params: yearParam },
      responses: { 200: json(z.array(lightRuleSchema), 'versions'), ...failures(404) },
    }),
    async (c) => c.json(await lightRules(c.var.sql, (await planOfPath(c, c.req.valid('param').year)).id), 200),
  )
  .openapi(
    route('rule.edit', {
      method: 'post',
      path: '/api/plans/{year}/rules/lights/back-test',
      summary: 'Which lights of the months past would differ if these thresholds had held',
      request: { params: yearParam, body: { required: true, content: { 'application/json': { schema: z.object(thresholds) } } } },
      responses: { 200: json(backTestSchema, 'month by month'), ...failures(400, 401, 403, 404, 422) },
    }),
    async (c) => {
      const plan = await planOfPath(c, c.req.valid('param').year)
      const proposed = c.req.valid('json')
      mustBeContiguous(proposed)
      return c.json(await test(c.var.sql, plan, proposed, todayOf(c.var.clock)), 200)
    },
  )
  .openapi(
    route('rule.edit', {
      method: 'post',
      path: '/api/plans/{year}/rules/lights',
      summary: 'Saves a new version of the thresholds, with a reason and what the back-test showed',
      request: {
        params: yearParam,
        body: { required: true, content: { 'application/json': { schema: z.object({ ...thresholds, validFrom: isoDate, reason, seen: z.string().max(100) }) } } },
      },
      responses: { 201: json(lightRuleSchema, 'the version'), ...failures(400, 401, 403, 404, 409, 422) },
    }),
    async (c) => {
      const plan = await planOfPath(c, c.req.valid('param').year)
      const { seen, ...given } = c.req.valid('json')
      mustBeContiguous(given)
      const when = { now: instantOf(c.var.clock), today: todayOf(c.var.clock) }
      const saved = await begin(c, async (tx) => {
        // Holds the plan: nothing is approved between the back-test and the new rule.
        await bumpRevision(tx, plan.id)
        await mustBeginLater(tx, plan, given.validFrom)
        if ((await test(tx, plan, given, when.today)).seen !== seen) throw new Problem('back-test-old', {}, 'seen')
        const before = (await lightRules(tx, plan.id))[0] ?? null
        const rule = { ...given, version: (before?.version ?? 0) + 1, by: c.var.actor.name, at: when.now }
        await insertLightRule(tx, plan.id, rule)
        await audit(tx, c.var.actor, { action: 'rule.lights', subject: `plan/${plan.year}`, before, after: rule })
        await recordLights(tx, plan, when, 'rule')
        return rule
      })
      return c.json(saved, 201)
    },
  )
  .openapi(
    route('reader', {
      method: 'get',
      path: '/api/plans/{year}/rules/reminders',
      summary: 'All versions of the rule of reminders, the newest first; version 0 is what an installation begins with',
      request: { params: yearParam },
      responses: { 200: json(z.array(reminderRuleSchema), 'versions'), ...failures(404) },
    }),
    async (c) => {
      const plan = await planOfPath(c, c.req.valid('param').year)
      const first = { ...FIRST_REMINDER_RULE, reason: '', by: 'first start', at: '2023-01-01T00:00:00.000Z' }
      return c.json([...(await reminderRules(c.var.sql, plan.id)), first], 200)
    },
  )
  .openapi(
    route('rule.edit', {
      method: 'post',
      path: '/api/plans/{year}/rules/reminders',
      summary: 'Saves a new version of the rule of reminders; needs the version that it was made on',
      request: { params: yearParam, body: { required: true, content: { 'application/json': { schema: z.object({ ...reminderFacts, version: z.int().min(0), reason }) } } } },
      responses: { 201: json(reminderRuleSchema, 'the version'), ...failures(400, 401, 403, 404, 409, 422) },
    }),
    async (c) => {
      const plan = await planOfPath(c, c.req.valid('param').year)
      const given = c.req.valid('json')
      const fault = faultOfReminderRule(given)
      if (fault) throw new Problem('rule-invalid', { why: fault, whyEn: fault }, fault)
      const saved = await begin(c, async (tx) => {
        await bumpRevision(tx, plan.id)
        const before = (await reminderRules(tx, plan.id))[0] ?? null
        if ((before?.version ?? 0) !== given.version) throw new Problem('version-conflict', { current: before?.version ?? 0, given: given.version }, 'version')
        const rule = { ...given, version: given.version + 1, by: c.var.actor.name, at: instantOf(c.var.clock) }
        await insertReminderRule(tx, plan.id, rule)
        await audit(tx, c.var.actor, { action: 'rule.reminders', subject: `plan/${plan.year}`, before, after: rule })
        return rule
      })
      return c.json(saved, 201)
    },
  )
  .openapi(
    route('reader', {
      method: 'get',
      path: '/api/plans/{year}/rules/reconciliation',
      summary: 'All versions of how far reports may be from the map, the newest first; version 0 is what an installation begins with',
      request: { params: yearParam },
      responses: { 200: json(z.array(reconciliationRuleSchema), 'versions'), ...failures(404) },
    }),
    async (c) => {
      const plan = await planOfPath(c, c.req.valid('param').year)
      const first = { ...FIRST_RECONCILIATION_RULE, reason: '', by: 'first start', at: '2023-01-01T00:00:00.000Z' }
      return c.json([...(await reconciliationRules(c.var.sql, plan.id)), first], 200)
    },
  )
  .openapi(
    route('rule.edit', {
      method: 'post',
      path: '/api/plans/{year}/rules/reconciliation',
      summary: 'Saves a new version of how far reports may be from the map; needs the version that it was made on',
      request: { params: yearParam, body: { required: true, content: { 'application/json': { schema: z.object({ ...reconciliationFacts, version: z.int().min(0), reason }) } } } },
      responses: { 201: json(reconciliationRuleSchema, 'the version'), ...failures(400, 401, 403, 404, 409, 422) },
    }),
    async (c) => {
      const plan = await planOfPath(c, c.req.valid('param').year)
      const given = c.req.valid('json')
      if (isFaultyTolerance(given.tolerance)) throw new Problem('rule-invalid', { why: `允差须在 0–${MOST_TOLERANCE}% 之间`, whyEn: `the tolerance must lie within 0–${MOST_TOLERANCE} %` }, 'tolerance')
      const saved = await begin(c, async (tx) => {
        await bumpRevision(tx, plan.id)
        const before = (await reconciliationRules(tx, plan.id))[0] ?? null
        if ((before?.version ?? 0) !== given.version) throw new Problem('version-conflict', { current: before?.version ?? 0, given: given.version }, 'version')
        const rule = { ...given, version: given.version + 1, by: c.var.actor.name, at: instantOf(c.var.clock) }
        await insertReconciliationRule(tx, plan.id, rule)
        await audit(tx, c.var.actor, { action: 'rule.reconciliation', subject: `plan/${plan.year}`, before, after: rule })
        return rule
      })
      return c.json(saved, 201)
    },
  )
