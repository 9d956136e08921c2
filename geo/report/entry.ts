/**
 * Numbers as people type and paste them into a sheet: `12,300`, `１２３００`, `85%`, `1.23万`, `1.23 万亩` into a cell of 亩. Pure; the screen and
 * the Excel door read alike, so that a number never depends on which way it came.
 */
import { times } from '../number/decimal.ts'
import { UNITS, convert } from '../unit/unit.ts'

const SCALES: Record<string, number> = { 百: 100, 千: 1000, 万: 10_000, 亿: 100_000_000 }

/** The number in the measure's unit; null: nothing was entered; NaN: something that is no number, or of another kind of unit. */
export function numberEntered(text: string, unit: string): number | null {
  const plain = text
    .normalize('NFKC')
    .replace(/[\s\u3000]/g, '')
    .replace(/−|–/g, '-')
  if (plain === '' || plain === '-' || plain === '—') return null
  const match = /^([+-]?)(\d{1,3}(?:,\d{3})+|\d+)?(?:\.(\d*))?(.*)$/.exec(plain)
  if (!match) return Number.NaN
  const [, sign, whole, places, rest] = match
  if (whole === undefined && !places) return Number.NaN
  const number = Number(`${sign === '-' ? '-' : ''}${(whole ?? '0').replaceAll(',', '')}.${places || '0'}`)
  return inUnit(number, rest!, unit)
}

function inUnit(number: number, written: string, unit: string): number {
  if (written === '' || written === unit) return number
  // A stage is a percentage without a unit of its own.
  if (written === '%' && unit === '') return number
  const scale = SCALES[written]
  if (scale !== undefined) return convert(times(number, scale), baseOf(unit), unit) ?? Number.NaN
  if (!UNITS.has(written) || unit === '') return Number.NaN
  return convert(number, written, unit) ?? Number.NaN
}

/** `1.23万` says 12,300 of the plain unit, whatever the measure's own scale is. */
function baseOf(unit: string): string {
  const base = unit.replace(/^(百万|百|千|万|亿)/, '')
  return UNITS.has(base) ? base : unit
}
