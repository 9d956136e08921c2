/** What stands on one side of the divider, as it stands in the URL. Pure. */

/** Of the planning map: a day (null: now), and one layer or all that are seen. */
export interface Side {
  at: string | null
  layer: string | null
}

/** `2023-06-30`, `now.roads`; null where it makes no sense. */
export function sideOf(text: unknown): Side | null {
  const [, at, layer] = /^(now|[12]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))(?:\.([a-z-]{1,40}))?$/.exec(typeof text === 'string' ? text : '') ?? []
  return at ? { at: at === 'now' ? null : at, layer: layer ?? null } : null
}

export const sideText = ({ at, layer }: Side): string => `${at ?? 'now'}${layer ? `.${layer}` : ''}`

/** Of the district's map: a month. */
export const monthOfSide = (text: unknown): string | null => (typeof text === 'string' && /^\d{4}-(0[1-9]|1[0-2])$/.test(text) ? text : null)
