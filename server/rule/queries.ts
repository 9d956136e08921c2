import type { LightRule } from '../../geo/light/light.ts'
import { FIRST_RECONCILIATION_RULE, type ReconciliationRule } from '../../geo/reconciliation/rule.ts'
import { FIRST_REMINDER_RULE, type ReminderRule } from '../../geo/reminder/rule.ts'
import type { Queryable, Tx } from '../database/connect.ts'

/** Who set a version of a rule, when and why. */
export interface Signed {
  reason: string
  by: string
  at: string
}

/** All versions of a plan's thresholds, the newest first. */
export async function lightRules(sql: Queryable, planId: number): Promise<(LightRule & Signed)[]> {
  const rows = await sql<({ version: number; validFrom: string; green: string; yellow: string } & Signed)[]>`
    select version, valid_from, green, yellow, reason, by, at from light_rule where plan_id = ${planId} order by version desc`
  return rows.map((row) => ({ ...row, green: Number(row.green), yellow: Number(row.yellow) }))
}

export async function insertLightRule(tx: Tx, planId: number, rule: LightRule & Signed): Promise<void> {
  await tx`insert into light_rule ${tx({ planId, ...rule })}`
}

type StoredReminderRule = ReminderRule & Signed

/** All versions of a plan's rule of reminders, the newest first; none: the first one holds. */
export async function reminderRules(sql: Queryable, planId: number): Promise<StoredReminderRule[]> {
  return [
    ...(await sql<StoredReminderRule[]>`
      select version, before_due, overdue_every, red_months, order_days, order_before, review_days, quiet_from, quiet_until, reason, by, at
      from reminder_rule where plan_id = ${planId} order by version desc`),
  ]
}

/** The rule that holds for a plan. */
export async function reminderRuleOf(sql: Queryable, planId: number): Promise<ReminderRule> {
  return (await reminderRules(sql, planId))[0] ?? FIRST_REMINDER_RULE
}

/** The rule that holds for what concerns no plan alone (quiet hours): that of the newest plan that has begun. */
export async function reminderRuleNow(sql: Queryable, today: string): Promise<ReminderRule> {
  const [plan] = await sql<{ id: number }[]>`select id from plan where starts_on <= ${today} order by year desc limit 1`
  return plan ? reminderRuleOf(sql, plan.id) : FIRST_REMINDER_RULE
}

export async function insertReminderRule(tx: Tx, planId: number, rule: StoredReminderRule): Promise<void> {
  await tx`insert into reminder_rule ${tx({ planId, ...rule })}`
}

type StoredReconciliationRule = ReconciliationRule & Signed

/** All versions of how far reports may be from the map, the newest first; none: the first one holds. */
export async function reconciliationRules(sql: Queryable, planId: number): Promise<StoredReconciliationRule[]> {
  const rows = await sql<(Omit<StoredReconciliationRule, 'tolerance'> & { tolerance: string })[]>`
    select version, tolerance, joins, reason, by, at from reconciliation_rule where plan_id = ${planId} order by version desc`
  return rows.map((row) => ({ ...row, tolerance: Number(row.tolerance) }))
}

export async function reconciliationRuleOf(sql: Queryable, planId: number): Promise<ReconciliationRule> {
  return (await reconciliationRules(sql, planId))[0] ?? FIRST_RECONCILIATION_RULE
}

export async function insertReconciliationRule(tx: Tx, planId: number, rule: StoredReconciliationRule): Promise<void> {
  await tx`insert into reconciliation_rule ${tx({ planId, ...rule })}`
}
