/** What a text on the screen is in a workbook: a number, a day, or just that text. Pure. */
import { UNITS } from '../../geo/unit/unit.ts'
import type { SheetCell } from '../../geo/workbook/sheet.ts'

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const two = (n: number | string) => String(n).padStart(2, '0')
/** Besides the document's own units: as they are called in English, and metres. */
const MORE_UNITS = new Set(['mu', '10⁴ mu', 'km', 'm', 'km²', 't', 'villages', 'households', 'items', 'times', 'people'])
/** As formatNumber, formatShare and formatValue write them: thousands in groups, a sign (− for less than nothing), a unit after a space. */
const NUMBER = /^([−+-]?)(\d{1,3}(?:,\d{3})+|0|[1-9]\d{0,3})(?:\.(\d{1,6}))?(?:(%)| ([^\d\s,.%]\S{0,7}))?$/

/** `mark`: 演示, where the cell bears it. Beside a number it stands where its unit does, so that the number stays one. */
export function cellOf(text: string, mark = ''): SheetCell {
  const number = numberOf(text)
  if (number && mark) return { ...number, number: { decimals: 0, ...number.number, unit: [number.number?.unit, mark].filter(Boolean).join(' ') } }
  if (mark) return { value: `${text} ${mark}`.trim() }
  return number ?? momentOf(text) ?? { value: text === '' ? null : text }
}

/** Numbers of five digits and more without groups are codes and stay as they are, like everything that begins with nought. */
function numberOf(text: string): SheetCell | null {
  const [whole, sign, digits, fraction = '', percent, unit] = NUMBER.exec(text) ?? []
  // What follows a number may as well be a name: 14.1 粮食 is no quantity.
  if (whole === undefined || (unit && !UNITS.has(unit) && !MORE_UNITS.has(unit))) return null
  const plain = Number(`${sign && sign !== '+' ? '-' : ''}${digits!.replaceAll(',', '')}${fraction ? `.${fraction}` : ''}`)
  // Exactly: 62.3 / 100 would come out with a tail.
  const value = percent ? Number((plain / 100).toFixed(fraction.length + 2)) : plain
  const isPlain = !percent && !unit && !digits!.includes(',') && !fraction
  return isPlain ? { value } : { value, number: { decimals: fraction.length, ...(percent ? { percent: true } : {}), ...(unit ? { unit } : {}) } }
}

/** Days with their year, and minutes; a day of which the screen does not say the year stays text. */
function momentOf(text: string): SheetCell | null {
  const [zh, y, m, d, h, min] = /^(\d{4})[年-](\d{1,2})[月-](\d{1,2})日?(?:[ T](\d{2}):(\d{2}))?$/.exec(text) ?? []
  if (zh !== undefined) return moment(y!, Number(m), d!, h, min)
  const [en, day, month, year, hour, minute] = /^(\d{1,2}) ([A-Z][a-z]{2}) (\d{4})(?: (\d{2}):(\d{2}))?$/.exec(text) ?? []
  const at = MONTHS.indexOf(month ?? '')
  return en === undefined || at < 0 ? null : moment(year!, at + 1, day!, hour, minute)
}

function moment(year: string, month: number, day: string, hour: string | undefined, minute: string | undefined): SheetCell | null {
  if (month < 1 || month > 12 || Number(day) < 1 || Number(day) > 31) return null
  const date = `${year}-${two(month)}-${two(day)}`
  return hour === undefined ? { value: date, time: 'day' } : { value: `${date}T${hour}:${minute}`, time: 'minute' }
}
