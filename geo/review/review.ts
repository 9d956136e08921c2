/**
 * Reviews (审核): what waits on whose desk and since when, and what a reviewer has to look at. Pure; the way itself is in geo/report/flow.
 */
import { dayOfInstant } from '../month/day.ts'
import { workdaysBetween, type Calendar } from '../month/workday.ts'
import type { Answer } from '../report/check.ts'
import { needsTown, type FlowPlace, type ReviewLevel } from '../report/flow.ts'
import type { ReportState } from '../report/report.ts'

/** What a reviewer's screen lists, and the states of the reports in it. */
export const REVIEW_LISTS = {
  waiting: ['submitted', 'endorsed'],
  returned: ['returned'],
  decided: ['approved', 'published'],
} as const satisfies Record<string, readonly ReportState[]>
export type ReviewList = keyof typeof REVIEW_LISTS

/** How a plan's reports are reviewed: by whom, in this order, and how many working days each may take (from the rules of reminders). */
export interface ReviewSettings {
  levels: ReviewLevel[]
  days: number
  version: number
}

/** Whose turn it is; null: nobody's, it does not wait. */
export function deskOf(state: ReportState, place: Pick<FlowPlace, 'town' | 'levels'>): ReviewLevel | null {
  if (state === 'submitted') return needsTown(place) ? 'town' : 'department'
  return state === 'endorsed' ? 'department' : null
}

/** Working days from an instant until a day, both by China's clock; the day itself does not count. */
export function daysWaited(calendar: Calendar, since: string, today: string): number {
  return workdaysBetween(calendar, dayOfInstant(since), today)
}

/** Has it waited longer than it may? On the last of the days it is still in time. */
export function waitsTooLong(days: number, limit: number): boolean {
  return days > limit
}

/** What a report says, as far as a reviewer compares it. */
export interface Said {
  value: number | null
  words: string
  answers: readonly Answer[]
  /** Photos and files on it. */
  attachments: readonly { id: number }[]
}

export const CHANGED_PARTS = ['value', 'words', 'answers', 'attachments'] as const
export type ChangedPart = (typeof CHANGED_PARTS)[number]

/** What is different from what the reviewer saw last: of a resubmission only that needs to be looked at again. */
export function changesSince(before: Said, now: Said): ChangedPart[] {
  const answers = (said: Said) => said.answers.map(({ check, reason }) => `${check} ${reason.trim()}`).sort().join('\n')
  const ids = (said: Said) => said.attachments.map(({ id }) => id).sort((a, b) => a - b).join()
  const same: Record<ChangedPart, boolean> = {
    value: before.value === now.value,
    words: before.words.trim() === now.words.trim(),
    answers: answers(before) === answers(now),
    attachments: ids(before) === ids(now),
  }
  return CHANGED_PARTS.filter((part) => !same[part])
}

/** Which photos and files came and went between two times. */
export function attachmentsChanged<F extends { id: number }>(before: readonly F[], now: readonly F[]): { added: F[]; removed: F[] } {
  const without = (all: readonly F[], others: readonly F[]) => all.filter(({ id }) => others.every((other) => other.id !== id))
  return { added: without(now, before), removed: without(before, now) }
}
