/**
 * A sheet: one unit's month with everything that it has to report, and what whoever asks may do with each cell. Only the tasks that they may
 * read are in it: of the district's own figures a department gets those that it leads.
 */
import { countsBetween, ledgerWords, type FindingDays, type LedgerCounts } from '../../geo/finding/counts.ts'
import type { Attachment } from '../../geo/attachment/attachment.ts'
import { monthEnd, monthState, type Month, type MonthState } from '../../geo/month/month.ts'
import type { Task } from '../../geo/plan/plan.ts'
import { nextActs, refusalOfAct, type FlowRefusal, type ReportAct, type ReviewLevel } from '../../geo/report/flow.ts'
import type { Answer } from '../../geo/report/check.ts'
import type { ReportState } from '../../geo/report/report.ts'
import { can } from '../../geo/right/right.ts'
import type { Person } from '../../geo/right/role.ts'
import { dueIn, subjectOf, type Due } from '../../geo/submission/submission.ts'
import { namesOfAccounts } from '../account/queries.ts'
import { attachmentsOf } from '../attachment/queries.ts'
import type { Queryable } from '../database/connect.ts'
import { findingDays } from '../finding/queries.ts'
import { tasksOf, type PlanRow } from '../plan/queries.ts'
import { submissionsOf, type SubmissionRow } from '../submission/queries.ts'
import { lastReportsBefore, monthsOfPlan, reportsOfSheet, returnsOfSheet, statesOfMonth, type LastReport, type ReportRow } from './queries.ts'
import { flowOf, placeOf } from './store.ts'

/** What every cell of a sheet has, a number or not. */
interface Cell {
  version: number
  /** Null: nothing was ever entered. */
  state: ReportState | null
  words: string
  /** Why it came back, or was corrected. */
  reason: string | null
  enteredBy: string | null
  enteredByName: string | null
  changedAt: string | null
  submittedAt: string | null
  approvedAt: string | null
  demo: boolean
  /** What whoever asks may do with it now; and why not, if they may not write. */
  may: ReportAct[]
  whyNot: FlowRefusal | null
  attachments: Attachment[]
}

export interface SheetRow extends Cell {
  task: number
  measure: string
  target: number | null
  value: number | null
  approvedValue: number | null
  answers: Answer[]
  /** What was handed in last before this month. */
  last: LastReport | null
  /** Who sent it back and when, while it is returned. */
  returned: { by: string; at: string } | null
}

export interface SheetDue extends Cell, Due {
  done: boolean | null
  /** Of a search for findings, what the ledger says of the period so far; null for all others. */
  ledger: (LedgerCounts & { words: string }) | null
}

export interface Sheet {
  year: number
  town: string
  month: Month & { state: MonthState }
  levels: ReviewLevel[]
  rows: SheetRow[]
  due: SheetDue[]
}

/** The sheet of a unit's month as a person sees it; null where the plan has no such month. */
export async function sheetOf(sql: Queryable, plan: PlanRow, monthId: string, town: string, person: Person | null, today: string): Promise<Sheet | null> {
  const until = monthEnd(monthId) < today ? monthEnd(monthId) : today
  const [months, tasks, reports, last, returns, submissions, attachments, days] = await Promise.all([
    monthsOfPlan(sql, plan.id),
    tasksOf(sql, plan.id),
    reportsOfSheet(sql, plan.id, town, monthId),
    lastReportsBefore(sql, plan.id, town, monthId),
    returnsOfSheet(sql, plan.id, town, monthId),
    submissionsOf(sql, plan.id, { town, month: monthId, drafts: true }),
    attachmentsOf(sql, plan.id, { town, month: monthId }),
    // Rows are left out below by the right to the sheet; the ledger of one's own sheet is one's own.
    findingDays(sql, plan.id, { everywhere: true, towns: [], departments: [] }, { town }, today),
  ])
  const month = months.find(({ id }) => id === monthId)
  if (!month) return null
  const state = monthState(month, today)
  const names = await namesOfAccounts(sql, [...reports, ...submissions].map(({ enteredBy }) => enteredBy))
  const byMeasure = new Map(reports.map((report) => [report.measure, report]))
  const lastOf = new Map(last.map((report) => [report.measure, report]))
  const returnOf = new Map(returns.map(({ measure, by, at }) => [measure, { by, at }]))
  const bySubject = new Map(submissions.map((row) => [subjectOf(row), row]))

  const cellOf = (task: Task, subject: string, row: ReportRow | SubmissionRow | undefined): Cell => {
    const flow = flowOf(row ?? null)
    const place = placeOf(plan, task, { town }, month, today)
    return {
      version: row?.version ?? 0,
      state: row?.state ?? null,
      words: row?.words ?? '',
      reason: row?.reason ?? null,
      enteredBy: row?.enteredBy ?? null,
      enteredByName: row ? (names.get(row.enteredBy) ?? row.enteredBy) : null,
      changedAt: row?.changedAt ?? null,
      submittedAt: row?.submittedAt ?? null,
      approvedAt: row?.approvedAt ?? null,
      demo: row?.demo ?? false,
      may: nextActs(flow, place, person),
      whyNot: refusalOfAct('save', flow, place, person),
      attachments: attachments.filter((file) => file.subject === subject && file.task === task.no).map(withoutCell),
    }
  }

  const rows: SheetRow[] = []
  const due: SheetDue[] = []
  for (const task of tasks) {
    if (!can(person, 'report.read', { town, departments: task.leads })) continue
    for (const measure of task.measures) {
      const quota = measure.quotas.find((candidate) => candidate.town === town)
      if (!quota) continue
      const row = byMeasure.get(measure.id)
      rows.push({
        task: task.no,
        measure: measure.id,
        target: quota.target,
        value: row?.value ?? null,
        approvedValue: row?.approvedValue ?? null,
        answers: row?.answers ?? [],
        last: lastOf.get(measure.id) ?? null,
        returned: returnOf.get(measure.id) ?? null,
        ...cellOf(task, measure.id, row),
      })
    }
    for (const one of duesOf(task, town, monthId, submissions)) {
      const row = bySubject.get(subjectOf(one))
      due.push({ ...one, done: row?.done ?? null, ledger: one.kind === 'finding' ? ledgerOf(days, one, until) : null, ...cellOf(task, subjectOf(one), row) })
    }
  }
  return { year: plan.year, town, month: { ...month, state }, levels: plan.reviewLevels, rows, due }
}

function ledgerOf(days: readonly FindingDays[], { task, from }: Due, until: string): SheetDue['ledger'] {
  const counts = countsBetween(days.filter((one) => one.task === task), `${from}-01`, until)
  return { ...counts, words: ledgerWords(counts) }
}

/** What a task asks a unit for, and what was reported though it is no longer asked for. */
function duesOf(task: Task, town: string, month: string, submissions: readonly SubmissionRow[]): Due[] {
  const asked = dueIn(task, month).filter((one) => one.town === town)
  const known = new Set(asked.map(subjectOf))
  const more = submissions.filter((row) => row.task === task.no && !known.has(subjectOf(row)))
  return [...asked, ...more.map(({ kind, item }) => ({ task: task.no, kind, item, town, month, from: month, milestone: null, source: null }))]
}

function withoutCell({ id, subject, name, type, size, takenAt, place, addedBy, addedAt, demo }: Attachment): Attachment {
  return { id, subject, name, type, size, takenAt, place, addedBy, addedAt, demo }
}

/** How far a unit is with a month, for whoever may read it. */
export interface SheetSummary {
  town: string
  /** Cells to be handed in, numbers and submissions; of them begun, handed in (or further), sent back. */
  cells: number
  begun: number
  handedIn: number
  returned: number
}

/** All units' sheets of a month in numbers, the ones that a person may read. */
export async function sheetSummaries(sql: Queryable, plan: PlanRow, month: string, units: readonly string[], person: Person | null): Promise<SheetSummary[]> {
  const [tasks, submissions, reports] = await Promise.all([
    tasksOf(sql, plan.id),
    submissionsOf(sql, plan.id, { month, drafts: true }),
    statesOfMonth(sql, plan.id, month),
  ])
  const stateOf = new Map<string, ReportState>([
    ...reports.map((row): [string, ReportState] => [`${row.town} ${row.measure}`, row.state]),
    ...submissions.map((row): [string, ReportState] => [`${row.town} ${subjectOf(row)}`, row.state]),
  ])
  return units.flatMap((town) => {
    const cells = tasks
      .filter((task) => can(person, 'report.read', { town, departments: task.leads }))
      .flatMap((task) => [
        ...task.measures.filter(({ quotas }) => quotas.some((quota) => quota.town === town)).map(({ id }) => id),
        ...dueIn(task, month).filter((one) => one.town === town).map(subjectOf),
      ])
    if (cells.length === 0) return []
    const states = cells.map((cell) => stateOf.get(`${town} ${cell}`))
    const count = (...wanted: ReportState[]) => states.filter((state) => state !== undefined && wanted.includes(state)).length
    return [{ town, cells: cells.length, begun: count('draft'), handedIn: count('submitted', 'endorsed', 'approved', 'published'), returned: count('returned') }]
  })
}
