import type { Progress } from '../report/report.ts'

/** The month that a year is looked at in at first: the last one that anything was approved for; if nothing was, today's, or the year's first. */
export function newestMonth({ series, months }: Pick<Progress, 'series' | 'months'>, today: string): string {
  const approved = series.flatMap(({ points }) => points.filter((point) => point.approvedAt !== null).map((point) => point.month))
  const here = today.slice(0, 7)
  return approved.reduce((a, b) => (a > b ? a : b), '') || (months.some(({ id }) => id === here) ? here : (months[0]?.id ?? here))
}
