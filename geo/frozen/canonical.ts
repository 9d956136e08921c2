/**
 * One text for one record: what is frozen is hashed over it, so that anybody can compute the same hash again. As RFC 8785 has it: keys in
 * the order of their UTF-16 units, numbers and strings as JavaScript writes them, no spaces.
 */

/**
 * The canonical JSON of a record. Members that are undefined are left out, as JSON does.
 * @throws RangeError for a number that JSON cannot hold
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new RangeError(`not a number that JSON holds: ${value}`)
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  members.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`
}
