/** No correction and no field of a form has a reason to be nested deeper. */
const DEEPEST = 12

/** Characters that PostgreSQL cannot hold in text or jsonb: NUL, and halves of a surrogate pair. */
const UNSTORABLE = /\0|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

/** Whether the database can hold a value as it came from outside: its characters, and how deep it is nested. */
export function isStorable(value: unknown, depth = DEEPEST): boolean {
  if (typeof value === 'string') return value.search(UNSTORABLE) < 0
  if (typeof value !== 'object' || value === null) return true
  if (depth === 0) return false
  return Object.entries(value).every(([key, inner]) => isStorable(key, 0) && isStorable(inner, depth - 1))
}

/** The text with U+FFFD in place of what cannot be stored: as long as before, so that spans stay right. */
export function storableText(text: string): string {
  return text.replace(UNSTORABLE, '\ufffd')
}
