/** Reasons in Chinese. */

import type { LightColour } from './light.ts'
import { isPercent, named, ofTarget, points, shown, withUnit } from './reason-words.ts'
import type { ReasonParams, ReasonWords, Sentence } from './reason-words.ts'
import { formatNumber, formatPoints } from '../number/format.ts'

const COLOURS_ZH: Record<LightColour, string> = { grey: '未到期', green: '绿灯', yellow: '黄灯', red: '红灯' }

const doneZh: Sentence = (p) => {
  if (p.value === undefined) return '尚无已审核的上报'
  if (p.kind === 'stage') return `已完成 ${shown(p.done)}`
  if (p.kind === 'rate')
    return `已达到 ${shown(p.done)}（现为 ${withUnit(p.value, p.unit)}，目标 ${withUnit(p.target ?? 0, p.unit)}）`
  return `已完成 ${shown(p.done)}（${ofTarget(p)}）`
}
const expectedZh: Sentence = (p) =>
  p.kind === 'rate' ? `应达到目标的 ${shown(p.expected)}` : `应完成 ${shown(p.expected)}`
const needZh: Sentence = (p) => {
  if (p.need === undefined) return ''
  if (p.kind === 'stage') return `；再推进 ${formatPoints(p.need)} 个百分点可转绿`
  if (p.kind === 'rate')
    return `；再提高 ${isPercent(p) ? `${formatNumber(p.need)} 个百分点` : withUnit(p.need, p.unit)}可转绿`
  return `；再完成 ${withUnit(p.need, p.unit)}可转绿`
}
const behindZh: Sentence = (p) => `落后 ${points(p.gap)} 个百分点${needZh(p)}。`

export const ZH: ReasonWords = {
  day: (date, planYear) => {
    const [year, month, day] = date.split('-').map(Number) as [number, number, number]
    return `${year === planYear ? '' : `${year} 年 `}${month} 月 ${day} 日`
  },
  since: (light, day) => `自 ${day}起亮${COLOURS_ZH[light]}。`,
  reasons: {
    done: (p) => {
      if (p.kind === 'stage') return '已完成。'
      if (p.kind === 'rate')
        return `已达标：现为 ${withUnit(p.value ?? 0, p.unit)}，目标 ${withUnit(p.target ?? 0, p.unit)}。`
      return `${(p.done ?? 0) > 1 ? '已超额完成' : '已完成'}：${ofTarget(p)}（${shown(p.done)}）。`
    },
    'on-schedule': (p) => `${expectedZh(p)}，${doneZh(p)}，${paceZh(p)}。`,
    behind: (p) => `${expectedZh(p)}，${doneZh(p)}，${behindZh(p)}`,
    'deadline-passed': (p) => `${ZH.day(p.missedOn!, p.year)}到期，${doneZh(p)}，${behindZh(p)}`,
    'milestone-passed': (p) =>
      `${ZH.day(p.missedOn!, p.year)}节点${named(p.milestone)}应完成 ${shown(p.missedShare)}，未达到；现应完成 ${shown(p.expected)}，${doneZh(p)}，${behindZh(p)}`,
    'below-keep': (p) =>
      `现为 ${withUnit(p.value ?? 0, p.unit)}，低于应保有的 ${withUnit(p.target ?? 0, p.unit)}；补足 ${withUnit(p.need ?? 0, p.unit)}可转绿。`,
    'above-limit': (p) =>
      `现为 ${withUnit(p.value ?? 0, p.unit)}，超过上限 ${withUnit(p.target ?? 0, p.unit)}；降低 ${isPercent(p) ? `${formatNumber(p.need ?? 0)} 个百分点` : withUnit(p.need ?? 0, p.unit)}可转绿。`,
    'keep-held': (p) => `现为 ${withUnit(p.value ?? 0, p.unit)}，不低于应保有的 ${withUnit(p.target ?? 0, p.unit)}。`,
    'within-limit': (p) => `现为 ${withUnit(p.value ?? 0, p.unit)}，未超过上限 ${withUnit(p.target ?? 0, p.unit)}。`,
    'not-due': () => '尚未到期，目前没有进度要求。',
    'no-quota': () => '没有任务量。',
    'no-report': (p) =>
      `${p.missedOn ? `${ZH.day(p.missedOn, p.year)}${p.milestone ? `节点${named(p.milestone)}已过` : '到期'}，` : ''}${expectedZh(p)}，尚无已审核的上报，按未完成计，落后 ${points(p.gap)} 个百分点${needZh(p)}。`,
  },
}

function paceZh(p: ReasonParams): string {
  const gap = p.gap ?? 0
  if (Math.abs(gap) < 0.05) return '进度相符'
  return gap < 0
    ? `超前 ${points(gap)} 个百分点`
    : `落后 ${points(gap)} 个百分点，在 ${formatNumber(p.green)} 个百分点以内`
}
