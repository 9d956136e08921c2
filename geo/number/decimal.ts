/**
 * Exact decimals. Quotas are written with up to four places (0.4168 万亩) and must add up exactly: binary floating point says that
 * 812 + 343 + 2157 + 2748.21 … is 16393.940000000002 and would report a difference that the document does not have.
 */

/** `digits / 10^scale`. */
export interface Decimal {
  digits: bigint
  scale: number
}

/** Longer numbers than this are no amounts but damage (a broken cell, a phone number): a double holds 15 digits exactly. */
const MAX_DIGITS = 15

/** A plain decimal ("16393.94", "0.4168") as it stands, or null if it is none or has more than 15 digits. */
export function decimal(text: string): Decimal | null {
  const match = /^(-?)(\d{1,40})(?:\.(\d{1,40}))?$/.exec(text)
  if (!match) return null
  const places = (match[3] ?? '').replace(/0+$/, '')
  const digits = (match[2] as string).replace(/^0+(?=\d)/, '') + places
  if (digits.length > MAX_DIGITS) return null
  return { digits: BigInt((match[1] as string) + digits), scale: places.length }
}

/** The decimal that a double was written as (its shortest text); null for what is not finite or has more than 15 digits. */
export function decimalOf(value: number): Decimal | null {
  if (!Number.isFinite(value)) return null
  const text = String(value)
  return decimal(text.includes('e') ? value.toFixed(12) : text)
}

const raise = (value: Decimal, scale: number): bigint => value.digits * 10n ** BigInt(scale - value.scale)

export function add(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale)
  return { digits: raise(a, scale) + raise(b, scale), scale }
}

export function multiply(a: Decimal, b: Decimal): Decimal {
  return { digits: a.digits * b.digits, scale: a.scale + b.scale }
}

/** The nearest double; for what came out of `decimal` its shortest text is the same number. */
export function toNumber(value: Decimal): number {
  const negative = value.digits < 0n
  const digits = (negative ? -value.digits : value.digits).toString().padStart(value.scale + 1, '0')
  const cut = digits.length - value.scale
  const number = Number(value.scale === 0 ? digits : `${digits.slice(0, cut)}.${digits.slice(cut)}`)
  return negative && number !== 0 ? -number : number
}

/** The sum without floating noise: `sum([0.1, 0.2])` is 0.3. Values that are no exact decimals are added as doubles. */
export function sum(values: readonly number[]): number {
  let total: Decimal = { digits: 0n, scale: 0 }
  let rest = 0
  for (const value of values) {
    const exact = decimalOf(value)
    if (exact) total = add(total, exact)
    else rest += value
  }
  return rest === 0 ? toNumber(total) : toNumber(total) + rest
}

/** The product without floating noise: `times(12.4, 10000)` is 124000, `times(1.1, 3)` is 3.3. */
export function times(a: number, b: number): number {
  const [x, y] = [decimalOf(a), decimalOf(b)]
  return x && y ? toNumber(multiply(x, y)) : a * b
}
