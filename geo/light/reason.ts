/**
 * Why a light is as it is, in one sentence or two with the numbers: what was expected, what is done, the gap, what it takes to be green,
 * since when. The words of both languages are made from the same parameters.
 */

import type { Light, LightRule } from './light.ts'
import type { Duty, Judgement } from './judge.ts'
import { EN } from './reason-en.ts'
import { ZH } from './reason-zh.ts'
import type { ReasonParams, ReasonWords } from './reason-words.ts'
import { isoDay } from '../month/day.ts'
import { decimalsOf } from '../number/format.ts'
import { unitInEnglish } from '../unit/english.ts'

export const REASON_LANGUAGES = ['zh-CN', 'en'] as const
export type ReasonLanguage = (typeof REASON_LANGUAGES)[number]

const WORDS: Record<ReasonLanguage, ReasonWords> = { 'zh-CN': ZH, en: EN }

/** A {@link Light}'s parameters from its judgement. */
export function reasonParamsOf(from: {
  duty: Duty
  judgement: Judgement
  value: number | null
  rule: LightRule
  unit: string
  year: number
}): Record<string, string | number> {
  const { duty, judgement, value } = from
  const params: ReasonParams = {
    kind: duty.kind,
    unit: from.unit,
    year: from.year,
    expected: judgement.expected,
    green: from.rule.green,
  }
  if (judgement.done !== null) params.done = judgement.done
  if (judgement.gap !== null) params.gap = judgement.gap
  if (value !== null) params.value = value
  if (duty.target !== null) params.target = duty.target
  if (judgement.missed) {
    params.missedOn = isoDay(judgement.missed.day)
    params.missedShare = judgement.missed.share
    if (judgement.missed.milestone !== null) params.milestone = judgement.missed.milestone
  }
  const need = needOf(duty, judgement, value, from.rule)
  if (need !== null) params.need = need
  return { ...params }
}

/**
 * What it takes to be green on this day, in the measure's unit, rounded up to the decimals that its numbers have (counts: to whole
 * things), so that adding it really makes the light green; for a limit what is too much. Null where it is green or grey already.
 */
export function needOf(
  duty: Duty,
  judgement: Judgement,
  value: number | null,
  rule: Pick<LightRule, 'green'>,
): number | null {
  if (duty.target === null || judgement.light === 'green' || judgement.light === 'grey') return null
  const have = value ?? 0
  const decimals = duty.kind === 'count' ? 0 : Math.max(decimalsOf(duty.target), decimalsOf(have))
  if (judgement.reasonKey === 'above-limit') return roundUp(have - duty.target, decimals)
  if (judgement.reasonKey === 'below-keep') return roundUp(duty.target - have, decimals)
  const share = Math.max(judgement.missed?.share ?? 0, judgement.expected - rule.green / 100)
  const level = duty.kind === 'stage' ? Math.max(decimals, 1) : decimals
  return roundUp(Math.min(share, 1) * duty.target - have, level)
}

/** The reason in words. The light must be one that {@link reasonParamsOf} gave its parameters. */
export function reasonText(
  light: Pick<Light, 'light' | 'reasonKey' | 'reasonParams' | 'since'>,
  language: ReasonLanguage,
): string {
  const words = WORDS[language]
  const written = light.reasonParams as unknown as ReasonParams
  const params = language === 'en' ? { ...written, unit: unitInEnglish(written.unit) } : written
  const since = light.since === null ? '' : words.since(light.light, words.day(light.since, params.year))
  return words.reasons[light.reasonKey](params) + since
}

function roundUp(amount: number, decimals: number): number {
  const scale = 10 ** decimals
  return Math.ceil(amount * scale - 1e-6) / scale
}
