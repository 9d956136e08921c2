/** The daily work of a plan that runs: red lights that became orders, and everybody's reminders. May run in several processes, and again at any time. */
import { monthState } from '../../geo/month/month.ts'
import { workdayFrom } from '../../geo/month/workday.ts'
import type { Light } from '../../geo/light/light.ts'
import { lightsOf } from '../../geo/light/lights.ts'
import { cellKey, redsForOrders, type StandingRed } from '../../geo/light/record.ts'
import { reasonText } from '../../geo/light/reason.ts'
import { dayNumber, isoDay } from '../../geo/month/day.ts'
import { findingReminders } from '../../geo/finding/reminders.ts'
import { missingOf, missingSubmissions, type MissingCell } from '../../geo/reminder/missing.ts'
import { isRunning, remindersOf } from '../../geo/reminder/reminders.ts'
import { isDistrict } from '../../geo/right/right.ts'
import { unitNames } from '../../geo/town/names.ts'
import { bySystem } from '../audit/queries.ts'
import { calendar } from '../calendar/queries.ts'
import { hungFindings } from '../finding/queries.ts'
import { instantOf, todayOf, type Clock } from '../clock.ts'
import type { Sql, Tx } from '../database/connect.ts'
import { newReds, standingReds } from '../light/queries.ts'
import { tell } from '../message/tell.ts'
import { ordersOf } from '../order/queries.ts'
import { issueOrder } from '../order/store.ts'
import { planOf, plans, tasksOf, type PlanRow } from '../plan/queries.ts'
import { progressOf } from '../report/queries.ts'
import { reminderRuleOf } from '../rule/queries.ts'
import { submissionPoints } from '../submission/queries.ts'
import { waitingReviews } from './queries.ts'

/** A light that turned red is told of for so many days: one that turned while the server was off is told late, but not next month. */
const NEWS_DAYS = 3

/** Findings due later than this are nobody's reminder yet, however many holidays lie between. */
const DUE_SOON_DAYS = 40

const BY_RULE = bySystem('escalation')

/** Plans that run on the clock's day. */
async function running(sql: Sql, today: string): Promise<PlanRow[]> {
  const all = await Promise.all((await plans(sql)).map(({ year }) => planOf(sql, year)))
  return all.filter((plan): plan is PlanRow => plan !== null && isRunning(plan, today))
}

/** Issues an order for each task and unit whose light has been red for as long as the rule says. @returns how many were issued */
export async function issueRuleOrders(sql: Sql, clock: Clock): Promise<number> {
  const [now, today] = [instantOf(clock), todayOf(clock)]
  let issued = 0
  for (const plan of await running(sql, today)) {
    const [rule, tasks, days, progress, reds, orders] = await Promise.all([
      reminderRuleOf(sql, plan.id),
      tasksOf(sql, plan.id),
      calendar(sql),
      progressOf(sql, plan, today),
      standingReds(sql, plan.id),
      ordersOf(sql, plan.id, { source: 'rule' }),
    ])
    // One at a time: what is being put right under an order is not ordered again.
    const underWay = new Set(orders.filter(({ state }) => state === 'issued' || state === 'answered').map(({ task, town }) => `${task}|${town}`))
    const dueOn = workdayFrom(days, today, rule.orderDays)
    const lights = new Map(lightsOf(tasks, progress, today, { history: false }).map((light) => [cellKey(light), light]))
    for (const red of redsForOrders(reds, rule.redMonths, today)) {
      const task = tasks.find(({ no }) => no === red.task)
      if (!task || underWay.has(`${red.task}|${red.town}`)) continue
      const made = await sql.begin((tx) => issueForRed(tx, plan, task, red, lights.get(cellKey(red)) ?? null, { now, today, dueOn, months: rule.redMonths }))
      if (made) issued++
    }
  }
  return issued
}

async function issueForRed(
  tx: Tx,
  plan: PlanRow,
  task: { no: number; name: string; leads: readonly string[] },
  red: StandingRed,
  /** As it is now: the figures of the day on which it turned red are old by now. */
  light: Light | null,
  when: { now: string; today: string; dueOn: string; months: number },
): Promise<boolean> {
  const reason = reasonText({ ...(light ?? red), light: 'red', since: null }, 'zh-CN')
  const owner = isDistrict(red.town) ? { department: task.leads[0]! } : { town: red.town }
  if ('department' in owner && !owner.department) return false
  const { created } = await issueOrder(
    tx,
    { ...BY_RULE, demo: red.demo },
    plan,
    {
      source: 'rule',
      sourceKey: `red/${red.task}/${red.town}/${red.since}`,
      owner,
      task: red.task,
      measure: red.measure,
      town: red.town,
      month: when.today.slice(0, 7),
      title: `任务 ${task.no}“${task.name}”连续红灯`,
      demand: `自 ${red.since} 起亮红灯，已满规定的 ${when.months} 个月。${reason}请说明原因，报送整改措施和完成时限。`,
      dueOn: when.dueOn,
    },
    when.now,
    when.today,
  )
  return created
}

/** Tells everybody what the day has for them. @returns how many people were told something new */
export async function remind(sql: Sql, clock: Clock): Promise<number> {
  const [now, today] = [instantOf(clock), todayOf(clock)]
  let told = 0
  for (const plan of await running(sql, today)) {
    const [rule, tasks, days, progress, reds, orders, waiting, submissions, hung] = await Promise.all([
      reminderRuleOf(sql, plan.id),
      tasksOf(sql, plan.id),
      calendar(sql),
      progressOf(sql, plan),
      newReds(sql, plan.id, isoDay(dayNumber(today) - NEWS_DAYS)),
      ordersOf(sql, plan.id, { openOnly: true }),
      waitingReviews(sql, plan.id),
      submissionPoints(sql, plan.id),
      hungFindings(sql, plan.id, today, isoDay(dayNumber(today) + DUE_SOON_DAYS)),
    ])
    // Values are cumulative: a report for the newest month makes up for those before it. Submissions are each about their own period.
    const open = progress.months.filter((month) => monthState(month, today) === 'open')
    const newest = open.at(-1)
    const numbers = newest ? missingOf(tasks, progress, newest.id, today) : []
    const missing = new Map<string, MissingCell[]>(open.map((month) => [month.id, [...(month === newest ? numbers : []), ...missingSubmissions(tasks, submissions, month.id)]]))
    const reminders = remindersOf({ year: plan.year, today, calendar: days, rule, months: progress.months, missing, tasks, reds, orders, waiting, unitName: unitNames })
    const ofLedger = findingReminders({ year: plan.year, today, calendar: days, rule, tasks, hung, unitName: unitNames })
    told += (await sql.begin((tx) => tell(tx, [...reminders, ...ofLedger], now))).length
  }
  return told
}
