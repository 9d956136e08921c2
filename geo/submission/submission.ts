/**
 * Submissions: what is reported besides numbers, in the same sheet and on the same way (draft → submitted → approved or returned): a text or
 * file a month or quarter, whether an inspection was made, whether findings were looked for, whether a milestone was reached. Which task asks
 * for which is data of the plan (its mechanisms); this is the rule that turns them into what is due from whom in a month.
 */
import { isDistrict } from '../right/right.ts'
import { dayNumber } from '../month/day.ts'
import { monthEnd, monthOf } from '../month/month.ts'
import type { FieldSpan, Task, TaskMechanism } from '../plan/plan.ts'
import type { ReportState } from '../report/report.ts'

/** `words`: a text or a file is asked for; `done`: yes or no, and words where it is no. */
export const SUBMISSION_KINDS = {
  submission: { zh: '按期报送', en: 'periodic submission', asks: 'words' },
  inspection: { zh: '巡检', en: 'inspection', asks: 'done' },
  finding: { zh: '问题排查', en: 'search for findings', asks: 'done' },
  milestone: { zh: '节点', en: 'milestone', asks: 'done' },
} as const satisfies Record<string, { zh: string; en: string; asks: 'words' | 'done' }>
export type SubmissionKind = keyof typeof SUBMISSION_KINDS

/** Which submission of a plan: what a unit owes to a task for the period that ends with a month. */
export interface SubmissionKey {
  task: number
  kind: SubmissionKind
  /** '' but for milestones: the measure and the milestone's place in it, `13.1/2`. */
  item: string
  town: string
  month: string
}

/** How a submission stands, as far as closing and reminders look at it: no words. An approved one stays approved while its correction waits. */
export interface SubmissionPoint extends SubmissionKey {
  state: ReportState
}

/** What is due; `from` is the period's first month, `month` its last one. */
export interface Due extends SubmissionKey {
  from: string
  /** For a milestone its name, its day and the share asked for. */
  milestone: { name: string; due: string; share: number } | null
  /** The words of the document that ask for it. */
  source: FieldSpan | null
}

type Period = NonNullable<TaskMechanism['period']>

/** Where the document says "regularly" and not how often: findings are looked for every month, the rest once a quarter. */
const UNSTATED: Record<'submission' | 'inspection' | 'finding', Period> = {
  submission: { every: 1, unit: 'quarter' },
  inspection: { every: 1, unit: 'quarter' },
  finding: { every: 1, unit: 'month' },
}

/** How long the periods of a mechanism are, in months of the plan's year: a cycle of years asks once a year how far it is. */
export function monthsOfPeriod(kind: keyof typeof UNSTATED, period: Period | null): number {
  const { every, unit } = period ?? UNSTATED[kind]
  return unit === 'year' ? 12 : Math.min(12, Math.max(1, Math.round(unit === 'quarter' ? every * 3 : every)))
}

/** The units that owe a task its submissions: the towns that it has a measure for; the district (its lead department) where there are none. */
export function unitsOf(task: Pick<Task, 'measures'>): string[] {
  const units = [...new Set(task.measures.flatMap((measure) => measure.quotas.map((quota) => quota.town)))]
  const towns = units.filter((unit) => !isDistrict(unit))
  return towns.length ? towns : units
}

/**
 * All that a task's mechanisms ask for in a month, of every unit: periods that end with the month, milestones that fall due in it. After the
 * month of the deadline nothing more is asked for.
 */
export function dueIn(task: Pick<Task, 'no' | 'deadline' | 'mechanisms' | 'measures'>, month: string): Due[] {
  const due: Due[] = []
  const over = task.deadline !== null && month > monthOf(task.deadline)
  if (!over) {
    for (const { mechanism: kind, period, source } of task.mechanisms) {
      if (kind !== 'submission' && kind !== 'inspection' && kind !== 'finding') continue
      const length = monthsOfPeriod(kind, period)
      const number = Number(month.slice(5))
      // The last period of a year, or of a task, may be a short one.
      const ends = number % length === 0 || number === 12 || (task.deadline !== null && month === monthOf(task.deadline))
      if (!ends) continue
      const from = `${month.slice(0, 4)}-${String(number - ((number - 1) % length)).padStart(2, '0')}`
      for (const town of unitsOf(task)) due.push({ task: task.no, kind, item: '', town, month, from, milestone: null, source })
    }
  }
  for (const measure of task.measures) {
    measure.milestones.forEach(({ name, due: day, share, source }, i) => {
      if (monthOf(day) !== month) return
      for (const { town } of measure.quotas) {
        due.push({ task: task.no, kind: 'milestone', item: `${measure.id}/${i + 1}`, town, month, from: month, milestone: { name, due: day, share }, source })
      }
    })
  }
  return due
}

/** What still has to be said before a submission can be handed in. */
export const SUBMISSION_GAPS = ['words', 'done', 'why-not'] as const
export type SubmissionGap = (typeof SUBMISSION_GAPS)[number]

/** `attachments`: how many there are; a file says as much as words. */
export function gapsOf(kind: SubmissionKind, { done, words, attachments }: { done: boolean | null; words: string; attachments: number }): SubmissionGap[] {
  const said = words.trim() !== '' || attachments > 0
  if (SUBMISSION_KINDS[kind].asks === 'words') return said ? [] : ['words']
  if (done === null) return ['done']
  return done || words.trim() !== '' ? [] : ['why-not']
}

/** Days until the end of what is asked for, counted from a day; negative when it has passed. */
export function daysLeft(due: Pick<Due, 'month' | 'milestone'>, today: string): number {
  return dayNumber(due.milestone?.due ?? monthEnd(due.month)) - dayNumber(today)
}

/** As text, for keys of lists and addresses: `17/finding`, `13/milestone/13.1/2`. */
export function subjectOf({ task, kind, item }: Pick<SubmissionKey, 'task' | 'kind' | 'item'>): string {
  return [task, kind, ...(item ? [item] : [])].join('/')
}

/** The other way round; null for anything else. */
export function submissionOf(subject: string): Pick<SubmissionKey, 'task' | 'kind' | 'item'> | null {
  const match = /^(\d{1,9})\/(submission|inspection|finding|milestone)(?:\/(\d{1,9}\.\d{1,4}\/\d{1,4}))?$/.exec(subject)
  if (!match) return null
  const [, task, kind, item = ''] = match
  if ((kind === 'milestone') !== (item !== '')) return null
  return { task: Number(task), kind: kind as SubmissionKind, item }
}
