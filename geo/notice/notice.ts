/**
 * 公示: approved figures that the office puts before the public for a time, with a way to object. What is published is one record that needs
 * nothing else to be shown, stored as canonical JSON with its hash; a correction is another version beside it. Pure.
 */
import { dayNumber, isoDay } from '../month/day.ts'

/** One figure as the public reads it. */
export interface NoticeRow {
  task: number
  taskName: string
  measure: string
  measureName: string
  unit: string
  kind: string
  /** Whether the target is to be reached or not to be exceeded. */
  direction: string
  town: string
  townName: string
  townNameEn: string
  target: number | null
  value: number
  /** value / target; null where there is no target, and where staying below it is what is wanted. */
  share: number | null
  /** The version of the report with which the figure was approved. */
  reportVersion: number
  demo: boolean
}

export interface FrozenNotice {
  kind: 'xiangtu.notice'
  format: 1
  notice: number
  version: number
  district: string
  planTitle: string
  year: number
  month: string
  title: string
  /** What stands above the table. */
  words: string
  /** Whom one can turn to besides this page. */
  contact: string
  publishedOn: string
  /** First and last day on which anybody may object. */
  period: { from: string; until: string }
  rows: NoticeRow[]
  /** Which version this one corrects, and why; null for the first. */
  corrects: { version: number; reason: string } | null
  demo: boolean
}

/** What can be chosen: one figure of the notice's month. */
export interface NoticeFigure {
  measure: string
  town: string
}

/** The office's working copy. */
export interface NoticeDraft {
  title: string
  words: string
  contact: string
  month: string
  /** Length of the period in days, the day of publishing included. */
  days: number
  figures: NoticeFigure[]
}

export const PERIOD_DAYS = { least: 1, most: 60, usual: 7 } as const
export const NOTICE_LIMITS = { title: 100, words: 5000, contact: 200, figures: 2000 } as const
export const OBJECTION_LIMITS = { shortest: 5, words: 2000, name: 50, contact: 100, answer: 2000 } as const
/** How many objections one address, and everybody together, may hand in. */
export const OBJECTION_RATES = { anHour: 5, aDayForAll: 500 } as const

/** The period that begins on the day of publishing. */
export function periodOf(publishedOn: string, days: number): { from: string; until: string } {
  return { from: publishedOn, until: isoDay(dayNumber(publishedOn) + days - 1) }
}

export const NOTICE_PHASES = ['open', 'over'] as const
export type NoticePhase = (typeof NOTICE_PHASES)[number]

/** Whether the public may still object. */
export function phaseOf(period: { until: string }, today: string): NoticePhase {
  return today <= period.until ? 'open' : 'over'
}

/** Why a notice cannot be published as it is; each names what to mend. */
export const NOTICE_FAULTS = {
  'title-missing': { zh: '请写标题', en: 'write a title' },
  'contact-missing': { zh: '请写联系方式', en: 'say whom the public can turn to' },
  'figures-missing': { zh: '请选择要公示的数值', en: 'choose the figures to publish' },
  'figure-not-approved': { zh: '有数值没有审核通过', en: 'a figure is not approved' },
  'figure-waits': { zh: '有数值正在更正，请等审核后再公示', en: 'a figure is being corrected; wait for its approval' },
  'reason-missing': { zh: '更正公示须说明原因', en: 'a correction needs a reason' },
  'nothing-changed': { zh: '与已公示的内容相同', en: 'it is the same as what is published' },
} as const
export type NoticeFault = keyof typeof NOTICE_FAULTS

/** A figure chosen, with how its report stands. */
export interface FigureStanding extends NoticeFigure {
  /** There is an approved value. */
  approved: boolean
  /** A correction of it is under way. */
  waits: boolean
}

export function faultsOfNotice(
  draft: NoticeDraft,
  figures: readonly FigureStanding[],
  corrected: { before: FrozenNotice; after: FrozenNotice; reason: string } | null,
): NoticeFault[] {
  const faults: NoticeFault[] = []
  if (!draft.title.trim()) faults.push('title-missing')
  if (!draft.contact.trim()) faults.push('contact-missing')
  if (figures.length === 0) faults.push('figures-missing')
  if (figures.some(({ approved }) => !approved)) faults.push('figure-not-approved')
  if (figures.some(({ waits }) => waits)) faults.push('figure-waits')
  if (corrected) {
    if (!corrected.reason.trim()) faults.push('reason-missing')
    if (!isChanged(corrected.before, corrected.after)) faults.push('nothing-changed')
  }
  return faults
}

export interface RowDifference {
  task: number
  measure: string
  town: string
  /** Null: the row is not in that version. */
  before: number | null
  after: number | null
}

/** Which rows two versions of a notice differ in. */
export function rowDifferences(before: readonly NoticeRow[], after: readonly NoticeRow[]): RowDifference[] {
  const keyOf = (row: NoticeRow) => `${row.measure}|${row.town}`
  const old = new Map(before.map((row) => [keyOf(row), row]))
  const changed = after.flatMap((row) => {
    const was = old.get(keyOf(row))
    old.delete(keyOf(row))
    if (was && was.value === row.value && was.target === row.target) return []
    return [{ task: row.task, measure: row.measure, town: row.town, before: was?.value ?? null, after: row.value }]
  })
  return [...changed, ...[...old.values()].map((row) => ({ task: row.task, measure: row.measure, town: row.town, before: row.value, after: null }))]
}

function isChanged(before: FrozenNotice, after: FrozenNotice): boolean {
  if (before.title !== after.title || before.words !== after.words || before.contact !== after.contact || before.month !== after.month) return true
  return rowDifferences(before.rows, after.rows).length > 0
}

/** What became of an objection: it came in, the office shows it with its answer, or keeps it to itself. */
export const OBJECTION_STATES = ['received', 'shown', 'kept'] as const
export type ObjectionState = (typeof OBJECTION_STATES)[number]
