/** What differs between before and after, field by field, for a line that reads at a glance. Pure. */

export interface Change {
  /** Path of the field; '' where the value itself changed. */
  field: string
  /** Null: was not there, or is not any more. */
  before: string | null
  after: string | null
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

export function changesOf(before: unknown, after: unknown): Change[] {
  if (!isRecord(before) && !isRecord(after)) return same(before, after) ? [] : [{ field: '', before: textOf(before), after: textOf(after) }]
  const [old, now] = [isRecord(before) ? before : {}, isRecord(after) ? after : {}]
  return [...new Set([...Object.keys(old), ...Object.keys(now)])]
    .filter((field) => !same(old[field], now[field]))
    .map((field) => ({ field, before: textOf(old[field]), after: textOf(now[field]) }))
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null)
}

function textOf(value: unknown): string | null {
  if (value == null || value === '') return null
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
