import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { LIGHTS, REASON_KEYS } from '../../geo/light/light.ts'
import { lightsOf } from '../../geo/light/lights.ts'
import { agendaOf } from '../../geo/meeting/agenda.ts'
import { comingBack, DECISION_KINDS, OUTCOMES, type Outcome } from '../../geo/meeting/decision.ts'
import { readFrozen } from '../../geo/month/frozen.ts'
import { monthBefore, monthEnd, monthOf } from '../../geo/month/month.ts'
import { ORDER_STATES, type OrderState } from '../../geo/order/order.ts'
import { QINGPU } from '../../geo/town/qingpu.ts'
import { audit } from '../audit/queries.ts'
import { instantOf, todayOf } from '../clock.ts'
import { standingFreeze } from '../month/queries.ts'
import { issueOrder } from '../order/store.ts'
import { leadDepartments, tasksOf, type PlanRow } from '../plan/queries.ts'
import { planOfPath, yearParam } from '../plan/routes.ts'
import { isoDate, isoMonth } from '../plan/schemas.ts'
import { Problem } from '../problems.ts'
import { progressOf } from '../report/queries.ts'
import { begin, failures, json, route, router, wholeNumber, type App } from '../route.ts'
import { isStorable } from '../storable.ts'
import { decisionsUpTo, holdDecision, insertDecision, insertOutcome, meetingOf, setOrder, writeMeeting } from './queries.ts'

const meetingParam = yearParam.extend({ month: isoMonth })
const text = (most: number) => z.string().trim().max(most).refine((words) => isStorable(words), 'holds a NUL or half a character')
const body = <S extends z.ZodType>(schema: S) => ({ required: true, content: { 'application/json': { schema } } })

const notesSchema = z.object({ heldOn: isoDate.nullable(), place: text(100), chair: text(100), words: text(20_000) })

const decisionSchema = z
  .object({
    id: z.int(),
    month: isoMonth,
    kind: z.enum(DECISION_KINDS),
    task: z.int().nullable(),
    town: z.string().nullable(),
    department: z.string().nullable(),
    words: z.string(),
    dueOn: isoDate.nullable(),
    at: z.iso.datetime(),
    by: z.string(),
    order: z
      .object({ id: z.int(), no: z.int(), state: z.enum(Object.keys(ORDER_STATES) as [OrderState, ...OrderState[]]), dueOn: isoDate, answer: z.string().nullable() })
      .nullable()
      .openapi({ description: 'the supervision order that came of it, as it stands' }),
    outcomes: z.array(
      z.object({
        month: isoMonth,
        outcome: z.enum(Object.keys(OUTCOMES) as [Outcome, ...Outcome[]]),
        words: z.string(),
        by: z.string(),
        at: z.iso.datetime(),
      }),
    ),
  })
  .openapi('Decision')

const agendaSchema = z
  .object({
    task: z.int(),
    red: z.int(),
    yellow: z.int(),
    longRed: z.int(),
    worse: z.int(),
    late: z.int(),
    units: z.array(
      z.object({
        town: z.string(),
        light: z.enum(LIGHTS),
        measure: z.string(),
        reason: z.string(),
        reasonKey: z.enum(REASON_KEYS),
        reasonParams: z.record(z.string(), z.union([z.string(), z.number()])),
        gap: z.number().nullable(),
        since: isoDate.nullable(),
        days: z.int(),
        worse: z.boolean(),
        late: z.boolean(),
        demo: z.boolean(),
      }),
    ),
  })
  .openapi('AgendaItem')

const meetingSchema = z
  .object({
    month: isoMonth,
    asOf: isoDate,
    freeze: z
      .object({ version: z.int(), sha256: z.string() })
      .nullable()
      .openapi({ description: 'the freeze that the agenda is made from; null: the month is open and the agenda may still change' }),
    notes: notesSchema.extend({ version: z.int() }),
    agenda: z.array(agendaSchema),
    tasks: z.array(z.object({ no: z.int(), name: z.string(), leads: z.array(z.string()) })).openapi({ description: 'the names of the tasks on the agenda, as they were' }),
    decisions: z.array(decisionSchema).openapi({ description: 'what this meeting decided' }),
    comingBack: z.array(decisionSchema).openapi({ description: 'what earlier meetings decided and nobody has settled before this one' }),
    demo: z.boolean(),
  })
  .openapi('Meeting')

/** An order's title, as its list has room for. */
const TITLE_LONGEST = 80

/** A month's lights for its meeting: as frozen, or as they are while it is open. */
async function lightsFor(c: Context<App>, plan: PlanRow, month: string) {
  const { sql } = c.var
  const [row, before] = await Promise.all([standingFreeze(sql, plan.id, month), standingFreeze(sql, plan.id, monthBefore(month))])
  const frozen = row && readFrozen(row.content)
  const frozenBefore = before && readFrozen(before.content)
  // What is frozen needs nothing else to be read.
  const [tasks, progress] = frozen && frozenBefore ? [[], null] : await Promise.all([tasksOf(sql, plan.id), progressOf(sql, plan)])
  return {
    freeze: row && { version: row.version, sha256: row.sha256 },
    lights: frozen?.lights ?? lightsOf(tasks, progress!, monthEnd(month)),
    before: frozenBefore?.lights ?? lightsOf(tasks, progress!, monthEnd(monthBefore(month)), { history: false }),
    tasks: (frozen?.tasks ?? tasks).map(({ no, name, leads }) => ({ no, name, leads })),
  }
}

/** @throws Problem not-found */
async function meeting(c: Context<App>, plan: PlanRow, month: string) {
  mustBeOfPlan(plan, month)
  const [{ freeze, lights, before, tasks }, notes, decisions] = await Promise.all([
    lightsFor(c, plan, month),
    meetingOf(c.var.sql, plan.id, month),
    decisionsUpTo(c.var.sql, plan.id, month),
  ])
  const agenda = agendaOf(lights, before, monthEnd(month))
  return {
    month,
    asOf: monthEnd(month),
    freeze,
    notes: notes ?? { version: 0, heldOn: null, place: '', chair: '', words: '' },
    agenda,
    tasks,
    decisions: decisions.filter((decision) => decision.month === month),
    comingBack: comingBack(decisions, month),
    demo: lights.some(({ demo }) => demo),
  }
}

/** @throws Problem not-found for a month of another year */
function mustBeOfPlan(plan: PlanRow, month: string): void {
  if (month < monthOf(plan.startsOn) || month > monthOf(plan.endsOn)) throw new Problem('not-found', { what: `meeting/${month}` }, 'month')
}

export const meetingRoutes = router()
  .openapi(
    route('plan.read', {
      method: 'get',
      path: '/api/plans/{year}/meetings/{month}',
      summary: 'A month’s meeting: its agenda in the order of trouble, what it decided, and what comes back from earlier ones',
      request: { params: meetingParam },
      responses: { 200: json(meetingSchema, 'the meeting'), ...failures(401, 403, 404) },
    }),
    async (c) => {
      const { year, month } = c.req.valid('param')
      return c.json(await meeting(c, await planOfPath(c, year), month), 200)
    },
  )
  .openapi(
    route('meeting.edit', {
      method: 'put',
      path: '/api/plans/{year}/meetings/{month}',
      summary: 'Notes when and where the meeting was held, who took the chair and what was said',
      request: { params: meetingParam, body: body(notesSchema.extend({ version: z.int().min(0) })) },
      responses: { 200: json(meetingSchema, 'the meeting'), ...failures(400, 401, 403, 404, 409) },
    }),
    async (c) => {
      const { year, month } = c.req.valid('param')
      const plan = await planOfPath(c, year)
      mustBeOfPlan(plan, month)
      const given = c.req.valid('json')
      await begin(c, async (tx) => {
        const before = await meetingOf(tx, plan.id, month)
        if (!(await writeMeeting(tx, plan.id, month, given))) throw new Problem('version-conflict', { current: before?.version ?? 0, given: given.version }, '/version')
        await audit(tx, c.var.actor, { action: 'meeting.note', subject: `meeting/${month}`, before, after: { ...given, version: given.version + 1 } })
      })
      return c.json(await meeting(c, plan, month), 200)
    },
  )
  .openapi(
    route('meeting.edit', {
      method: 'post',
      path: '/api/plans/{year}/meetings/{month}/decisions',
      summary: 'Records a decision; one of the kind “order” needs an owner and a due date',
      request: {
        params: meetingParam,
        body: body(
          z
            .object({
              kind: z.enum(DECISION_KINDS),
              task: z.int().min(1).nullable(),
              town: z.string().max(12).nullable(),
              department: z.string().max(100).nullable(),
              words: text(2000).min(1),
              dueOn: isoDate.nullable(),
            })
            .refine(({ town, department }) => town === null || department === null, { message: 'one owner: a town or a department', path: ['department'] })
            .refine(({ kind, town, department }) => kind === 'note' || town !== null || department !== null, { message: 'an order needs an owner', path: ['town'] })
            .refine(({ kind, dueOn }) => kind === 'note' || dueOn !== null, { message: 'an order needs a due date', path: ['dueOn'] }),
        ),
      },
      responses: { 201: json(meetingSchema, 'the meeting'), ...failures(400, 401, 403, 404) },
    }),
    async (c) => {
      const { year, month } = c.req.valid('param')
      const plan = await planOfPath(c, year)
      mustBeOfPlan(plan, month)
      const given = c.req.valid('json')
      const tasks = await tasksOf(c.var.sql, plan.id)
      if (given.task !== null && !tasks.some(({ no }) => no === given.task)) throw new Problem('not-found', { what: `task/${given.task}` }, '/task')
      if (given.town !== null && !QINGPU.towns.some(({ code }) => code === given.town)) throw new Problem('not-found', { what: `town/${given.town}` }, '/town')
      if (given.department !== null && !(await leadDepartments(c.var.sql)).includes(given.department)) {
        throw new Problem('not-found', { what: `department/${given.department}` }, '/department')
      }
      const [now, today] = [instantOf(c.var.clock), todayOf(c.var.clock)]
      await begin(c, async (tx) => {
        const id = await insertDecision(tx, plan.id, { ...given, month, at: now, by: c.var.actor.name })
        const owner = given.town !== null ? { town: given.town } : given.department !== null ? { department: given.department } : null
        if (given.kind === 'order' && owner && given.dueOn) {
          const task = tasks.find(({ no }) => no === given.task)
          const title = [`${month} 月度会议决定`, task ? `任务 ${task.no} ${task.name}` : ''].filter(Boolean).join('：').slice(0, TITLE_LONGEST)
          const sourceKey = `meeting/${month}/${id}`
          const { order } = await issueOrder(tx, c.var.actor, plan, { source: 'meeting', sourceKey, owner, task: given.task, month, title, demand: given.words, dueOn: given.dueOn }, now, today)
          await setOrder(tx, id, order.id)
        }
        await audit(tx, c.var.actor, { action: 'meeting.decide', subject: `meeting/${month}`, before: null, after: { id, ...given } })
      })
      return c.json(await meeting(c, plan, month), 201)
    },
  )
  .openapi(
    route('meeting.edit', {
      method: 'post',
      path: '/api/plans/{year}/meetings/{month}/decisions/{id}/outcome',
      summary: 'Says what a meeting found about an earlier one’s decision: done, going on, or no longer followed',
      request: {
        params: meetingParam.extend({ id: wholeNumber(1) }),
        body: body(z.object({ outcome: z.enum(Object.keys(OUTCOMES) as [Outcome, ...Outcome[]]), words: text(2000) })),
      },
      responses: { 200: json(meetingSchema, 'the meeting'), ...failures(400, 401, 403, 404, 409) },
    }),
    async (c) => {
      const { year, month, id } = c.req.valid('param')
      const plan = await planOfPath(c, year)
      mustBeOfPlan(plan, month)
      const given = c.req.valid('json')
      await begin(c, async (tx) => {
        if (!(await holdDecision(tx, plan.id, id))) throw new Problem('not-found', { what: `decision/${id}` }, 'id')
        if (!comingBack(await decisionsUpTo(tx, plan.id, month), month).some((decision) => decision.id === id)) throw new Problem('decision-settled', { id, month })
        await insertOutcome(tx, id, { ...given, month, at: instantOf(c.var.clock), by: c.var.actor.name })
        await audit(tx, c.var.actor, { action: 'meeting.find', subject: `meeting/${month}`, before: null, after: { decision: id, ...given } })
      })
      return c.json(await meeting(c, plan, month), 200)
    },
  )
