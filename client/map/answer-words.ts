/** A unit's answer in words and numbers, short for the map and in one line for the pointer. */
import { formatNumber, formatPercent, formatValue } from '../number/format.ts'
import type { Lang } from '../view/view.ts'
import type { Answer, Question } from '../../geo/map/question.ts'

type Translate = (key: string, params?: Record<string, string | number>) => string

/** The key number on the map: tasks behind, or the share done; a dash stands for no data, nothing for no quota. */
export function keyNumber(question: Question, answer: Answer): string {
  if (answer.texture === 'blank') return ''
  if (answer.texture === 'hatched') return '—'
  if (question.kind === 'behind') return answer.counts ? formatNumber(answer.counts.red) : ''
  return answer.share === null ? '—' : formatPercent(answer.share)
}

/** The rest of the line after the unit's name. */
export function answerLine(question: Question, answer: Answer, t: Translate, lang: Lang): string {
  if (answer.texture === 'blank') return t('map.noQuota')
  const parts: string[] = []
  if (question.kind === 'behind' && answer.texture === 'hatched') parts.push(t('map.noData'))
  if (question.kind === 'behind' && answer.counts) {
    parts.push(`${t('light.red')} ${answer.counts.red}`, `${t('light.yellow')} ${answer.counts.yellow}`)
    parts.push(`${t('light.green')} ${answer.counts.green}`)
  }
  if (answer.light) parts.push(t(`light.${answer.light}`))
  if (question.kind !== 'behind') {
    if (answer.share === null) parts.push(t('map.noData'))
    else parts.push(formatPercent(answer.share))
    if (answer.value !== null && answer.target !== null && answer.unitOfValue)
      parts.push(`${formatNumber(answer.value)} / ${formatValue(answer.target, answer.unitOfValue, lang)}`)
  }
  if (answer.demo) parts.push(t('ui.demo'))
  return parts.join(' · ')
}
