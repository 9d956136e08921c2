/** How a row of the sheet is named and how its numbers are written: the same in all its parts. */
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import type { ReportCheck } from '../../geo/report/check.ts'
import { formatDay, formatMonthShort, formatNumber, formatPercent, formatValue, unitWord } from '../number/format.ts'
import { useView } from '../view/use-view.ts'
import type { Entry, SheetCell } from './sheet-cells.ts'

export function useLineWords(cell: () => SheetCell) {
  const { t } = useI18n()
  const { view } = useView()
  const unit = computed(() => {
    const { kind, measure } = cell()
    return kind === 'number' ? (measure.kind === 'stage' ? '%' : unitWord(measure.unit, view.value.lang)) : ''
  })
  const number = (value: number | null | undefined) => (value == null ? '—' : unit.value === '%' ? `${formatNumber(value)}%` : formatNumber(value))
  const name = computed(() => {
    const { kind, measure, row } = cell()
    if (kind === 'number') return measure.name
    const [from, to] = [formatMonthShort(row.from, view.value.lang), formatMonthShort(row.month, view.value.lang)]
    return t(`sheet.dueWords.${row.kind}`, {
      period: from === to ? to : `${from}–${to}`,
      name: row.milestone?.name ?? '',
      date: row.milestone ? formatDay(row.milestone.due, view.value.lang) : '',
      share: formatPercent(row.milestone?.share ?? 0),
    })
  })
  /** What an entry says, for whoever only reads it. */
  const said = ({ text }: Entry) => (text === '' ? t('sheet.nothing') : cell().kind === 'due' ? t(`sheet.${text === 'yes' ? 'yes' : 'no'}`) : text)
  /** What is odd, with the numbers that it is odd against. */
  function oddWords(check: ReportCheck): string {
    const { kind, measure, row } = cell()
    return kind === 'number' ? t(`sheet.check.${check}`, { target: formatValue(row.target, measure.unit, view.value.lang), last: number(row.last?.value ?? null) }) : ''
  }
  return { unit, number, name, said, oddWords }
}
