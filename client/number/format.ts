/** Numbers, units and dates as the screens write them, in both languages. The rules are geo's: pages on paper write the same. */
import { formatNumber, formatPoints, formatShare } from '../../geo/number/format.ts'
import { formatDate, formatDay, formatMonth, formatMonthShort, formatPercent, formatValue, unitWord } from '../../geo/number/in-words.ts'
import type { Lang } from '../view/view.ts'

export { formatDate, formatDay, formatMonth, formatMonthShort, formatNumber, formatPercent, formatPoints, formatShare, formatValue, unitWord }

/** An instant on the reader's clock, to the minute: 2023年9月30日 14:05. */
export function formatInstant(instant: string | Date, lang: Lang): string {
  const at = new Date(instant)
  const pad = (n: number) => String(n).padStart(2, '0')
  const day = `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`
  return `${formatDate(day, lang)} ${pad(at.getHours())}:${pad(at.getMinutes())}`
}
