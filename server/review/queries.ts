import type { AttachmentType } from '../../geo/attachment/attachment.ts'
import type { Direction, MeasureKind } from '../../geo/plan/plan.ts'
import type { Answer } from '../../geo/report/check.ts'
import type { ReportAct, ReviewLevel } from '../../geo/report/flow.ts'
import type { ReportState } from '../../geo/report/report.ts'
import type { ReviewSettings } from '../../geo/review/review.ts'
import type { Queryable, Tx } from '../database/connect.ts'
import type { ReportKey } from '../report/queries.ts'
import { reminderRuleOf } from '../rule/queries.ts'

/** The reports that somebody may see: all, or those of towns and those of tasks that departments lead. */
export interface Scope {
  everywhere: boolean
  towns: string[]
  departments: string[]
}

export interface ReviewFilter {
  states: readonly ReportState[]
  task?: number | undefined
  town?: string | undefined
  month?: string | undefined
  /** One report alone. */
  measure?: string | undefined
  limit: number
}

/** A photo or file on the report, as far as a list shows it. */
export interface Evidence {
  id: number
  name: string
  type: AttachmentType
  size: number
  takenAt: string | null
  /** Longitude, latitude. */
  place: [number, number] | null
  demo: boolean
}

/** Somebody by account, and how people call them. */
export interface Who {
  account: string
  name: string
}

/** A report with all that a reviewer looks at, as it is stored. */
export interface ReviewRow extends ReportKey {
  id: number
  task: number
  leads: string[]
  kind: MeasureKind
  unit: string
  direction: Direction
  target: number | null
  version: number
  state: ReportState
  value: number | null
  words: string
  answers: Answer[]
  enteredBy: Who
  changedAt: string
  submittedAt: string | null
  approvedAt: string | null
  approvedValue: number | null
  approvedVersion: number | null
  demo: boolean
  attachments: Evidence[]
  /** The newest earlier month with a value that was handed in. */
  last: { month: string; value: number } | null
  /** What a reviewer decided last: the version that the town answers with this one. */
  decided: {
    version: number
    act: ReportAct
    at: string
    by: Who
    reason: string | null
    value: number | null
    words: string
    answers: Answer[]
    /** What hung on it then, also what was taken away since. */
    attachments: { id: number; name: string }[]
  } | null
  /** The correction that is under way. */
  correction: { at: string; by: Who; reason: string | null } | null
}

type Stored = Omit<ReviewRow, 'id' | 'target' | 'value' | 'approvedValue' | 'last' | 'decided'> & {
  id: string
  target: string | null
  value: string | null
  approvedValue: string | null
  last: { month: string; value: string } | null
  decided: (Omit<NonNullable<ReviewRow['decided']>, 'value'> & { value: string | null }) | null
}

/** Reports with all that a reviewer looks at: what waits longest first, decided ones newest first. */
export async function reviewsOf(sql: Queryable, planId: number, scope: Scope, filter: ReviewFilter): Promise<ReviewRow[]> {
  // Decimals travel as text within json, so that none passes through a float on the database's side.
  const rows = await sql<Stored[]>`
    select r.id, r.measure_id as measure, r.town, r.month, t.no as task, t.leads, m.kind, m.unit, m.direction, q.target, r.version, r.state, r.value, r.words,
           r.answers, json_build_object('account', r.entered_by, 'name', coalesce(e.person, r.entered_by)) as entered_by, r.changed_at, r.submitted_at,
           r.approved_at, r.approved_value, r.approved_version, r.demo, coalesce(evidence.json, '[]') as attachments, last.json as last, decided.json as decided, correction.json as correction
    from report r
    join measure m on m.plan_id = r.plan_id and m.id = r.measure_id
    join task t on t.plan_id = m.plan_id and t.no = m.task_no
    join quota q on q.plan_id = r.plan_id and q.measure_id = r.measure_id and q.town = r.town
    left join account e on e.name = r.entered_by
    left join lateral (
      select json_build_object('month', p.month, 'value', coalesce(p.approved_value, p.value)::text) as json from report p
      where p.plan_id = r.plan_id and p.measure_id = r.measure_id and p.town = r.town and p.month < r.month
        and (p.approved_version is not null or p.state in ('submitted', 'endorsed')) and coalesce(p.approved_value, p.value) is not null
      order by p.month desc limit 1
    ) as last on true
    left join lateral (
      select v.version, json_build_object(
        'version', v.version, 'act', v.act, 'at', v.at, 'by', json_build_object('account', v.by, 'name', coalesce(a.person, v.by)), 'reason', v.reason,
        'value', v.value::text, 'words', v.words, 'answers', v.answers, 'attachments', (
          select coalesce(json_agg(json_build_object('id', f.id, 'name', f.name) order by f.id), '[]')
          from attachment f
          where f.plan_id = r.plan_id and f.month = r.month and f.town = r.town and f.subject = r.measure_id
            and f.added_at <= v.at and (f.removed_at is null or f.removed_at > v.at))) as json
      from report_version v left join account a on a.name = v.by
      where v.report_id = r.id and v.act in ('return', 'approve', 'publish') order by v.version desc limit 1
    ) as decided on true
    left join lateral (
      select json_build_object('at', v.at, 'by', json_build_object('account', v.by, 'name', coalesce(a.person, v.by)), 'reason', v.reason) as json
      from report_version v left join account a on a.name = v.by
      where v.report_id = r.id and v.act = 'correct' and v.version > r.approved_version order by v.version desc limit 1
    ) as correction on true
    left join lateral (
      select json_agg(json_build_object(
        'id', f.id, 'name', f.name, 'type', f.type, 'size', f.size, 'takenAt', f.taken_at, 'demo', f.demo,
        'place', case when f.place is not null then json_build_array(ST_X(f.place), ST_Y(f.place)) end) order by f.id) as json
      from attachment f
      where f.plan_id = r.plan_id and f.month = r.month and f.town = r.town and f.subject = r.measure_id and f.removed_at is null
    ) as evidence on true
    where r.plan_id = ${planId} and r.state = any (${[...filter.states]}::text[])
      and (${scope.everywhere}::boolean or r.town = any (${scope.towns}::text[]) or t.leads && ${scope.departments}::text[])
      and (${filter.task ?? null}::int is null or t.no = ${filter.task ?? null})
      and (${filter.town ?? null}::text is null or r.town = ${filter.town ?? null})
      and (${filter.month ?? null}::text is null or r.month = ${filter.month ?? null})
      and (${filter.measure ?? null}::text is null or r.measure_id = ${filter.measure ?? null})
    order by case when r.state in ('approved', 'published') then r.changed_at end desc,
             case r.state when 'endorsed' then r.changed_at else r.submitted_at end, t.no, m.ordinal, r.town, r.month
    limit ${filter.limit}`
  return rows.map(({ id, last, decided, ...row }) => ({
    ...row,
    id: Number(id),
    target: numberOf(row.target),
    value: numberOf(row.value),
    approvedValue: numberOf(row.approvedValue),
    last: last && { month: last.month, value: Number(last.value) },
    decided: decided && { ...decided, at: instant(decided.at), value: numberOf(decided.value) },
    correction: row.correction && { ...row.correction, at: instant(row.correction.at) },
  }))
}

/** How many reports are in each of some states, for what somebody may see. */
export async function countsByState(sql: Queryable, planId: number, scope: Scope): Promise<Map<ReportState, number>> {
  const rows = await sql<{ state: ReportState; n: number }[]>`
    select r.state, count(*)::int as n
    from report r join measure m on m.plan_id = r.plan_id and m.id = r.measure_id join task t on t.plan_id = m.plan_id and t.no = m.task_no
    where r.plan_id = ${planId} and r.state in ('submitted', 'endorsed', 'returned')
      and (${scope.everywhere}::boolean or r.town = any (${scope.towns}::text[]) or t.leads && ${scope.departments}::text[])
    group by r.state`
  return new Map(rows.map(({ state, n }) => [state, n]))
}

export async function reviewSettingsOf(sql: Queryable, planId: number): Promise<ReviewSettings> {
  const [row] = await sql<{ levels: ReviewLevel[]; version: number }[]>`select review_levels as levels, review_version as version from plan where id = ${planId}`
  const { reviewDays } = await reminderRuleOf(sql, planId)
  return { levels: row!.levels, days: reviewDays, version: row!.version }
}

/** Changes a plan's levels of review unless somebody else did so since `version`; false: somebody did. */
export async function updateReviewLevels(tx: Tx, planId: number, to: Pick<ReviewSettings, 'levels' | 'version'>): Promise<boolean> {
  const rows = await tx`
    update plan set review_levels = ${to.levels}::text[], review_version = review_version + 1
    where id = ${planId} and review_version = ${to.version} returning id`
  return rows.length === 1
}

function numberOf(text: string | null): number | null {
  return text == null ? null : Number(text)
}

/** Within json the database writes an instant with its own offset. */
function instant(text: string): string {
  return new Date(text).toISOString()
}
