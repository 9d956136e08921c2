/** What comes of reported held against drawn, in a sentence: on the screens, in files and behind a light's reason. */
import { formatShare } from '../number/format.ts'
import { formatMonth, formatValue, type Lang } from '../number/in-words.ts'
import { NOTES, VERDICTS, type Explanation, type Reconciliation } from './reconciliation.ts'

const shown = (value: number, unit: string, lang: Lang) => formatValue(Math.round(value * 1e6) / 1e6, unit, lang)

/** One explanation: 2 个要素跨镇…. */
export function explanationText({ note, n = 0, of = 0, month }: Explanation, unit: string, lang: Lang): string {
  const params: Record<string, string> = { n: String(n), of: String(of), value: shown(n, unit, lang), month: month ? formatMonth(month, lang) : '' }
  return NOTES[note][lang === 'en' ? 'en' : 'zh'].replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? '')
}

/** The numbers alone: 上报 3.2 公里，图上 2.6 公里，差 0.6 公里（18.8%）. */
export function figuresText({ reported, drawn, difference, share, unit, verdict, scope }: Reconciliation, lang: Lang): string {
  const value = (given: number) => shown(given, unit, lang)
  const en = lang === 'en'
  if (scope === 'part') return en ? `drawn ${value(drawn)}; the list does not split the measure by town` : `图上 ${value(drawn)}；清单没有把任务量分到街镇`
  if (reported === null) return en ? `no approved report; drawn ${value(drawn)}` : `尚无审定的上报值，图上 ${value(drawn)}`
  if (verdict === 'not-drawn') return en ? `reported ${value(reported)}, nothing drawn` : `上报 ${value(reported)}，图上没有要素`
  const both = en ? `reported ${value(reported)}, drawn ${value(drawn)}` : `上报 ${value(reported)}，图上 ${value(drawn)}`
  if (!difference) return en ? `${both}, the same` : `${both}，完全一致`
  const size = `${value(Math.abs(difference))}`
  return en ? `${both}, ${size} (${formatShare(share ?? 0)}) apart` : `${both}，差 ${size}（${formatShare(share ?? 0)}）`
}

/** The whole sentence, with what explains it. */
export function reconciliationText(row: Reconciliation, lang: Lang): string {
  const parts = [figuresText(row, lang), ...row.explanations.map((one) => explanationText(one, row.unit, lang))]
  return parts.join(lang === 'en' ? '; ' : '；')
}

/** As a second sentence behind the reason of a light. */
export function flagText(row: Reconciliation, lang: Lang): string {
  const { zh, en } = VERDICTS[row.verdict]
  return lang === 'en' ? `Map: ${en.toLowerCase()}, ${figuresText(row, lang)}.` : `账图不符（${zh}）：${figuresText(row, lang)}。`
}
