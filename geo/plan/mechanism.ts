/**
 * Mechanisms as the office may edit them. What follows from the numbers (quota, milestones) stays with them; what the words ask for (submissions,
 * inspections, findings) can be added, taken away, given another period, or other words of the document. Pure.
 */
import type { Mechanism, Task, TaskMechanism } from './plan.ts'

/** Those that words ask for, so that a person may judge them anew. */
export const EDITABLE_MECHANISMS = ['submission', 'inspection', 'finding'] as const satisfies readonly Mechanism[]
export type EditableMechanism = (typeof EDITABLE_MECHANISMS)[number]

export const PERIOD_UNITS = ['month', 'quarter', 'year'] as const

/** Longer cycles than this are no cycles. */
export const LONGEST_PERIOD = 50

export const MECHANISM_FAULTS = {
  repeated: { zh: '同一种管理方式只能有一条', en: 'each mechanism once' },
  'numbers-changed': { zh: '任务量和节点随数字而定，不能在这里增减', en: 'quota and milestones follow the numbers and cannot be changed here' },
  'period-out-of-range': { zh: '周期应为 1 至 50 的整数', en: 'a period is a whole number from 1 to 50' },
  'words-outside': { zh: '所引的文字不在清单原文里', en: 'the words quoted are not in the document' },
} as const
export type MechanismFault = keyof typeof MECHANISM_FAULTS

/** What is wrong with a task's mechanisms as edited; null: nothing. */
export function faultOfMechanisms(task: Pick<Task, 'mechanisms' | 'name' | 'requirement' | 'leads' | 'townText' | 'deadlineText'>, edited: readonly TaskMechanism[]): MechanismFault | null {
  if (new Set(edited.map(({ mechanism }) => mechanism)).size !== edited.length) return 'repeated'
  const fixed = (list: readonly TaskMechanism[]) => JSON.stringify(list.filter(({ mechanism }) => !isEditable(mechanism)).map(sorted))
  if (fixed(task.mechanisms) !== fixed(edited)) return 'numbers-changed'
  for (const { mechanism, period, source } of edited) {
    if (!isEditable(mechanism)) continue
    if (period && (!Number.isInteger(period.every) || period.every < 1 || period.every > LONGEST_PERIOD)) return 'period-out-of-range'
    if (source && !(source.start >= 0 && source.start < source.end && source.end <= fieldOf(task, source.field).length)) return 'words-outside'
  }
  return null
}

export function isEditable(mechanism: Mechanism): mechanism is EditableMechanism {
  return (EDITABLE_MECHANISMS as readonly Mechanism[]).includes(mechanism)
}

/** The text of a cell of the task's row. */
export function fieldOf(task: Pick<Task, 'name' | 'requirement' | 'leads' | 'townText' | 'deadlineText'>, field: NonNullable<TaskMechanism['source']>['field']): string {
  if (field === 'leads') return task.leads.join('、')
  return field === 'deadline' ? task.deadlineText : task[field]
}

/** Where words stand in a task's row, in the cell where people look first; null where they do not. */
export function findWords(task: Pick<Task, 'name' | 'requirement' | 'leads' | 'townText' | 'deadlineText'>, words: string): TaskMechanism['source'] {
  const wanted = words.trim()
  if (wanted === '') return null
  for (const field of ['requirement', 'townText', 'name', 'deadline'] as const) {
    const start = fieldOf(task, field).indexOf(wanted)
    if (start >= 0) return { field, start, end: start + wanted.length }
  }
  return null
}

/** With its keys in one order, as the database may give them in another. */
function sorted({ mechanism, period, source }: TaskMechanism) {
  return [mechanism, period && [period.every, period.unit], source && [source.field, source.start, source.end]]
}
