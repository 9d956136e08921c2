/**
 * Numbers as people read them, in the one place where it is done: thousands in groups of three, decimals only where they say something.
 * The same in Chinese and English. By hand, because Intl costs some milliseconds a map's change and lights say hundreds of numbers.
 */

/** More decimals than the documents use (万亩 has four) are the machine's, not the town's. */
export const MAX_DECIMALS = 4

/** How many decimals a number is written with, at most {@link MAX_DECIMALS}: 0.4168 → 4, 591.5 → 1, 3950 → 0. */
export function decimalsOf(value: number): number {
  const shown = Math.round(value * 10 ** MAX_DECIMALS) / 10 ** MAX_DECIMALS
  for (let decimals = 0; decimals < MAX_DECIMALS; decimals++) {
    const scaled = shown * 10 ** decimals
    if (Math.abs(scaled - Math.round(scaled)) < 1e-6) return decimals
  }
  return MAX_DECIMALS
}

/** `124000` → `124,000`, `591.49` → `591.49`. Without `decimals`, as many as the number has, at most four. */
export function formatNumber(value: number, decimals: number = decimalsOf(value)): string {
  const text = value.toFixed(decimals)
  const unsigned = text.startsWith('-') ? text.slice(1) : text
  const sign = text.startsWith('-') && Number(unsigned) !== 0 ? '−' : ''
  const point = unsigned.indexOf('.')
  const whole = point < 0 ? unsigned : unsigned.slice(0, point)
  return sign + groupThousands(whole) + (point < 0 ? '' : unsigned.slice(point))
}

/** A share (0…1) as a percentage with one decimal: `0.6231` → `62.3%`. */
export function formatShare(share: number): string {
  return formatPoints(share * 100) + '%'
}

/** Percentage points with one decimal: `22.7`. */
export function formatPoints(points: number): string {
  return formatNumber(points, 1)
}

function groupThousands(digits: string): string {
  let grouped = digits.slice(-3)
  for (let end = digits.length - 3; end > 0; end -= 3) grouped = `${digits.slice(Math.max(0, end - 3), end)},${grouped}`
  return grouped
}
