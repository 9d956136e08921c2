/**
 * The way of a report: draft → submitted → (endorsed by the town) → approved → published, or returned with a reason. Pure: from a report,
 * a person and a month to what may be done next, by whom and why not. The server obeys it, the screens show it.
 */
import { can, refusalOf, type Action, type Refusal } from '../right/right.ts'
import type { Person } from '../right/role.ts'
import type { ReportState } from './report.ts'

/** Who looks at a report before it counts, in this order: data of the plan. The department always does. */
export const REVIEW_LEVELS = ['town', 'department'] as const
export type ReviewLevel = (typeof REVIEW_LEVELS)[number]

/** What can be done to a report. Every one makes a new version; nothing is ever overwritten. */
export const REPORT_ACTS = {
  save: { zh: '保存', en: 'save', action: 'report.write' },
  submit: { zh: '报送', en: 'submit', action: 'report.write' },
  withdraw: { zh: '撤回', en: 'withdraw', action: 'report.write' },
  correct: { zh: '更正', en: 'correct', action: 'report.write' },
  endorse: { zh: '街镇审核通过', en: 'approve for the town', action: 'report.endorse' },
  approve: { zh: '审核通过', en: 'approve', action: 'report.review' },
  return: { zh: '退回', en: 'return', action: 'report.review' },
  publish: { zh: '公示', en: 'publish', action: 'notice.publish' },
} as const satisfies Record<string, { zh: string; en: string; action: Action }>
export type ReportAct = keyof typeof REPORT_ACTS

/** Acts that must say why. */
export const ACTS_WITH_REASON: readonly ReportAct[] = ['return', 'correct']

/** A report as far as its way goes; `state` null: nothing was ever entered. */
export interface FlowReport {
  state: ReportState | null
  /** Account that last changed the value. */
  enteredBy: string | null
  /** There is an approved value, whatever came after it. */
  hasApproved: boolean
}

export interface FlowPlace {
  town: string
  /** Lead departments of the task. */
  departments: readonly string[]
  levels: readonly ReviewLevel[]
  /** Reporting for the month has opened and the month is not closed. */
  month: 'unopened' | 'open' | 'closed'
}

export const FLOW_REFUSALS = {
  state: { zh: '当前状态下不能这样做', en: 'not possible in this state' },
  'own-entry': { zh: '本人填报的数值须由他人审核', en: 'what you entered yourself must be approved by somebody else' },
  unopened: { zh: '本月尚未开放填报', en: 'the month is not open for reporting yet' },
  closed: { zh: '本月已关账，只能说明原因后更正，或请区办重开', en: 'the month is closed: correct with a reason, or ask the office to reopen it' },
} as const
export type FlowRefusal = Refusal | keyof typeof FLOW_REFUSALS

/** From which states an act is possible. */
const FROM: Record<ReportAct, readonly (ReportState | null)[]> = {
  save: [null, 'draft', 'returned'],
  submit: ['draft', 'returned'],
  withdraw: ['submitted'],
  correct: ['approved', 'published'],
  endorse: ['submitted'],
  approve: ['submitted', 'endorsed'],
  return: ['submitted', 'endorsed'],
  publish: ['approved'],
}

/**
 * Why an act is not possible for this person, or null when it is. The state is looked at after the right, so that nobody learns more about
 * a report than they may.
 */
export function refusalOfAct(act: ReportAct, report: FlowReport, place: FlowPlace, person: Person | null): FlowRefusal | null {
  const refusal = refusalOfPerson(act, report, place, person)
  if (refusal) return refusal
  if (!FROM[act].includes(report.state)) return 'state'
  if (act === 'endorse' && !needsTown(place)) return 'state'
  // Two levels: the department waits for the town, save where the town has nobody between (the district's own figures).
  if (act === 'approve' && report.state === 'submitted' && needsTown(place)) return 'state'
  if ((act === 'endorse' || act === 'approve') && person && report.enteredBy === person.account) return 'own-entry'
  if (act === 'save' || act === 'submit' || act === 'withdraw') {
    if (place.month === 'unopened') return 'unopened'
    // A correction that was returned after the month's end goes on; a figure that was never there needs the month reopened.
    if (place.month === 'closed' && !report.hasApproved) return 'closed'
  }
  return null
}

/** What this person may do next, in the order of the table. */
export function nextActs(report: FlowReport, place: FlowPlace, person: Person | null): ReportAct[] {
  return (Object.keys(REPORT_ACTS) as ReportAct[]).filter((act) => refusalOfAct(act, report, place, person) === null)
}

/** The state after an act. A returned report stays returned while it is being mended, so that what was asked stays in sight. */
export function stateAfter(act: ReportAct, before: ReportState | null): ReportState {
  switch (act) {
    case 'save':
      return before === 'returned' ? 'returned' : 'draft'
    case 'submit':
    case 'correct':
      return 'submitted'
    case 'withdraw':
      return 'draft'
    case 'endorse':
      return 'endorsed'
    case 'approve':
      return 'approved'
    case 'return':
      return 'returned'
    case 'publish':
      return 'published'
  }
}

/** The town's own approver stands between where the plan has that level; what departments report has no town. */
export function needsTown(place: Pick<FlowPlace, 'town' | 'levels'>): boolean {
  return place.levels.includes('town') && place.town.length > 6
}

function refusalOfPerson(act: ReportAct, report: FlowReport, place: FlowPlace, person: Person | null): Refusal | null {
  const target = { town: place.town, departments: place.departments }
  // While it waits for the town, the town's approver may send it back too.
  if (act === 'return' && report.state === 'submitted' && needsTown(place)) return refusalOf(person, 'report.endorse', target)
  if (act === 'return' && can(person, 'report.review', target)) return null
  return refusalOf(person, REPORT_ACTS[act].action, target)
}
