import type { Category, Measure, Problem, Task, TaskList, TaskMechanism } from '../../geo/plan/plan.ts'
import { FIRST_LIGHT_RULE } from '../../geo/light/rule.ts'
import type { ReviewLevel } from '../../geo/report/flow.ts'
import { monthsWithDates } from '../../geo/month/month.ts'
import type { Settled } from '../../geo/task-list/draft.ts'
import type { Queryable, Tx } from '../database/connect.ts'

/** A stored plan, without its tasks. */
export interface PlanRow {
  id: number
  year: number
  districtCode: string
  district: string
  title: string
  startsOn: string
  endsOn: string
  taskListId: number
  revision: number
  reviewLevels: ReviewLevel[]
}

export async function plans(sql: Queryable) {
  return sql<{ year: number; district: string; title: string; tasks: number; measures: number; reports: number; source: string; sha256: string; storedAt: string }[]>`
    select p.year, p.district, p.title, l.name as source, l.sha256, p.stored_at,
           (select count(*)::int from task t where t.plan_id = p.id) as tasks,
           (select count(*)::int from measure m where m.plan_id = p.id) as measures,
           (select count(*)::int from report r where r.plan_id = p.id) as reports
    from plan p join task_list l on l.id = p.task_list_id
    order by p.year desc`
}

export async function planOf(sql: Queryable, year: number): Promise<PlanRow | null> {
  const [row] = await sql<PlanRow[]>`
    select id, year, district_code, district, title, starts_on, ends_on, task_list_id, revision, review_levels from plan where year = ${year}`
  return row ?? null
}

export async function planById(sql: Queryable, id: number): Promise<PlanRow | null> {
  const [row] = await sql<PlanRow[]>`
    select id, year, district_code, district, title, starts_on, ends_on, task_list_id, revision, review_levels from plan where id = ${id}`
  return row ?? null
}

/** The newest plan before a year: what next year's list is compared with. */
export async function planBefore(sql: Queryable, year: number): Promise<PlanRow | null> {
  const [row] = await sql<PlanRow[]>`
    select id, year, district_code, district, title, starts_on, ends_on, task_list_id, revision, review_levels
    from plan where year <= ${year} order by year desc limit 1`
  return row ?? null
}

/** All tasks of a plan in the list's order, whole; one round trip. */
export async function tasksOf(sql: Queryable, planId: number): Promise<Task[]> {
  // Decimals travel as text within json, so that none passes through a float on the database's side.
  const rows = await sql<{ task: Task & { measures: StoredMeasure[] } }[]>`
    select json_build_object(
      'no', t.no, 'municipalNo', t.municipal_no, 'category', json_build_object('no', c.no, 'name', c.name),
      'name', t.name, 'requirement', t.requirement, 'leads', t.leads, 'partners', t.partners,
      'deadline', t.deadline, 'deadlineText', t.deadline_text, 'townText', t.town_text, 'towns', t.towns,
      'mechanisms', t.mechanisms,
      'measures', coalesce((
        select json_agg(json_build_object(
          'id', m.id, 'name', m.name, 'unit', m.unit, 'kind', m.kind, 'direction', m.direction, 'allocation', m.allocation,
          'target', m.target::text, 'targetText', m.target_text, 'targetSource', m.target_source,
          'milestones', coalesce((
            select json_agg(json_build_object('name', s.name, 'due', s.due, 'share', s.share::text, 'source', s.source) order by s.ordinal)
            from milestone s where s.plan_id = m.plan_id and s.measure_id = m.id), '[]'),
          'quotas', coalesce((
            select json_agg(json_build_object('town', q.town, 'target', q.target::text, 'source', q.source,
                                              'requirementSource', q.requirement_source, 'townSource', q.town_source) order by q.ordinal)
            from quota q where q.plan_id = m.plan_id and q.measure_id = m.id), '[]')
        ) order by m.ordinal)
        from measure m where m.plan_id = t.plan_id and m.task_no = t.no), '[]'),
      'place', t.place) as task
    from task t join category c on c.plan_id = t.plan_id and c.no = t.category_no
    where t.plan_id = ${planId}
    order by t.no`
  return rows.map(({ task }) => ({ ...task, measures: task.measures.map(measureFromStored) }))
}

type Decimals<T> = { [K in keyof T]: K extends 'target' | 'share' ? string | null : T[K] }
type StoredMeasure = Omit<Decimals<Measure>, 'milestones' | 'quotas'> & {
  milestones: Decimals<Measure['milestones'][number]>[]
  quotas: Decimals<Measure['quotas'][number]>[]
}

function measureFromStored(stored: StoredMeasure): Measure {
  return {
    ...stored,
    target: decimal(stored.target),
    milestones: stored.milestones.map((m) => ({ ...m, share: Number(m.share) })),
    quotas: stored.quotas.map((q) => ({ ...q, target: decimal(q.target) })),
  }
}

function decimal(text: string | null): number | null {
  return text == null ? null : Number(text)
}

export async function problemsOf(sql: Queryable, planId: number): Promise<(Problem & { key: string; settled: Settled })[]> {
  const rows = await sql<{ key: string; settled: Settled; record: Problem }[]>`
    select key, settled, record from problem where plan_id = ${planId} order by ordinal`
  return rows.map(({ key, settled, record }) => ({ ...record, key, settled }))
}

export interface NewPlan {
  year: number
  districtCode: string
  district: string
  title: string
  taskListId: number
  categories: Category[]
  tasks: Task[]
  problems: { key: string; problem: Problem; settled: Settled }[]
}

/** Stores a plan whole, with its months and the first version of the light rules; part of the caller's transaction. */
export async function insertPlan(tx: Tx, plan: NewPlan): Promise<number> {
  const startsOn = `${plan.year}-01-01`
  const endsOn = `${plan.year}-12-31`
  const [row] = await tx<{ id: number }[]>`
    insert into plan (year, district_code, district, title, starts_on, ends_on, task_list_id)
    values (${plan.year}, ${plan.districtCode}, ${plan.district}, ${plan.title}, ${startsOn}, ${endsOn}, ${plan.taskListId})
    returning id`
  const planId = row!.id
  await tx`insert into light_rule ${tx({ planId, validFrom: startsOn, ...FIRST_LIGHT_RULE })}`
  await tx`insert into month ${tx(monthsWithDates(plan.year).map(({ id, opensOn, dueOn, closesOn }) => ({ planId, id, opensOn, dueOn, closesOn })))}`
  await insertAll(tx, 'category', plan.categories.map((c) => ({ planId, no: c.no, name: c.name })))
  await insertAll(
    tx,
    'task',
    plan.tasks.map((t) => ({
      planId,
      no: t.no,
      municipalNo: t.municipalNo,
      categoryNo: t.category.no,
      name: t.name,
      requirement: t.requirement,
      leads: t.leads,
      partners: t.partners,
      deadline: t.deadline,
      deadlineText: t.deadlineText,
      townText: t.townText,
      towns: t.towns,
      mechanisms: tx.json(t.mechanisms as never),
      place: tx.json(t.place as never),
    })),
  )
  const measures = plan.tasks.flatMap((t) => t.measures.map((m, ordinal) => ({ m, taskNo: t.no, ordinal })))
  await insertAll(
    tx,
    'measure',
    measures.map(({ m, taskNo, ordinal }) => ({
      planId,
      id: m.id,
      taskNo,
      ordinal,
      name: m.name,
      unit: m.unit,
      kind: m.kind,
      direction: m.direction,
      allocation: m.allocation,
      target: m.target,
      targetText: m.targetText,
      targetSource: jsonOrNull(tx, m.targetSource),
    })),
  )
  await insertAll(
    tx,
    'milestone',
    measures.flatMap(({ m }) =>
      m.milestones.map((s, ordinal) => ({
        planId,
        measureId: m.id,
        ordinal,
        name: s.name,
        due: s.due,
        share: s.share,
        source: jsonOrNull(tx, s.source),
      })),
    ),
  )
  await insertAll(
    tx,
    'quota',
    measures.flatMap(({ m }) =>
      m.quotas.map((q, ordinal) => ({
        planId,
        measureId: m.id,
        town: q.town,
        ordinal,
        target: q.target,
        source: jsonOrNull(tx, q.source),
        requirementSource: jsonOrNull(tx, q.requirementSource),
        townSource: jsonOrNull(tx, q.townSource),
      })),
    ),
  )
  await insertAll(
    tx,
    'problem',
    plan.problems.map(({ key, problem, settled }, ordinal) => ({ planId, key, ordinal, record: tx.json(problem as never), settled })),
  )
  return planId
}

/** PostgreSQL takes 65,535 parameters a statement; rows go in parts well below. */
const ROWS_A_STATEMENT = 500

async function insertAll(tx: Tx, table: string, rows: Record<string, unknown>[]): Promise<void> {
  for (let i = 0; i < rows.length; i += ROWS_A_STATEMENT) {
    await tx`insert into ${tx(table)} ${tx(rows.slice(i, i + ROWS_A_STATEMENT) as never)}`
  }
}

function jsonOrNull(tx: Tx, value: unknown) {
  return value == null ? null : tx.json(value as never)
}

/** Takes a plan out, with everything that hangs on it; part of the caller's transaction. */
export async function deletePlan(tx: Tx, planId: number): Promise<void> {
  // Reports hang on months as well as on quotas: they go first, or the months could not. The wall lets a demonstration's go, if the plan is named.
  await tx`select set_config('xiangtu.replaced_plan', ${String(planId)}, true)`
  await tx`delete from report where plan_id = ${planId}`
  await tx`delete from plan where id = ${planId}`
}

/** Real (not synthetic) reports of a plan: while there are any, the plan cannot be replaced as a whole. */
export async function realReports(sql: Queryable, planId: number): Promise<number> {
  const [row] = await sql<{ n: number }[]>`
    select ((select count(*) from report where plan_id = ${planId} and not demo)
          + (select count(*) from submission where plan_id = ${planId} and not demo)
          + (select count(*) from finding where plan_id = ${planId} and not demo))::int as n`
  return row?.n ?? 0
}

/** Synthetic reports of a plan. */
export async function demoReports(sql: Queryable, planId: number): Promise<number> {
  const [row] = await sql<{ n: number }[]>`select count(*)::int as n from report where plan_id = ${planId} and demo`
  return row?.n ?? 0
}

/** Every department that leads a task of any plan, the newest plan's first, in the order of the list. */
export async function leadDepartments(sql: Queryable): Promise<string[]> {
  const rows = await sql<{ lead: string }[]>`
    select l.lead from plan p join task t on t.plan_id = p.id cross join lateral unnest(t.leads) with ordinality as l (lead, i)
    group by l.lead order by max(p.year) desc, min(t.no * 1000 + l.i)`
  return rows.map(({ lead }) => lead)
}

/**
 * Gives a task other mechanisms, if it still has those of before (compared as values: the order of keys does not count).
 * @returns whether it had them
 */
export async function updateMechanisms(tx: Tx, planId: number, no: number, before: readonly TaskMechanism[], after: readonly TaskMechanism[]): Promise<boolean> {
  const rows = await tx`
    update task set mechanisms = ${tx.json(after as never)}
    where plan_id = ${planId} and no = ${no} and mechanisms = ${tx.json(before as never)} returning no`
  return rows.length > 0
}

export async function bumpRevision(tx: Tx, planId: number): Promise<void> {
  await tx`update plan set revision = revision + 1 where id = ${planId}`
}

/** The stored list behind a plan as a TaskList, for comparing with the next one. */
export async function asTaskList(sql: Queryable, plan: PlanRow): Promise<TaskList> {
  const tasks = await tasksOf(sql, plan.id)
  const problems = await problemsOf(sql, plan.id)
  const categories = await sql<Category[]>`select no, name from category where plan_id = ${plan.id} order by no`
  return { title: plan.title, year: plan.year, district: plan.district, categories: [...categories], tasks, problems }
}

