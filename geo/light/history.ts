/**
 * The history of a light: its colours day by day as runs, for "since when" and "was red". Exact to the day and still cheap: while neither
 * the value nor the thresholds change, waiting only makes a light worse (the expected share never falls), so the last day of a colour
 * inside such a stretch is found by halving, with the same judgement that lights the map.
 */

import { LIGHTS } from './light.ts'
import type { LightColour, LightRule } from './light.ts'
import { valueOn } from './course.ts'
import type { Course } from './course.ts'
import { judge } from './judge.ts'
import type { Duty } from './judge.ts'

/** Days of one colour without a break. */
export interface Run {
  light: LightColour
  /** Number of the run's first day. */
  from: number
}

/** Thresholds and the day from which they hold; in order, the first from before any day asked for. */
export interface DatedRule {
  day: number
  rule: LightRule
}

/** The thresholds of a day. */
export function ruleOn(rules: readonly DatedRule[], day: number): LightRule {
  for (let i = rules.length - 1; i > 0; i--) if (rules[i]!.day <= day) return rules[i]!.rule
  return rules[0]!.rule
}

/** The runs of a light from the plan's first day through the day `until`; neighbours differ in colour. Empty when the plan starts later. */
export function runsOf(duty: Duty, course: Course, rules: readonly DatedRule[], until: number): Run[] {
  const runs: Run[] = []
  const starts = stretchStarts(duty, course, rules, until)
  starts.forEach((start, i) => {
    const end = (starts[i + 1] ?? until + 1) - 1
    const value = valueOn(course, start)
    const rule = ruleOn(rules, start)
    const colourOn = (day: number) => judge(duty, value, day, rule).light
    for (let day = start; day <= end;) {
      const light = colourOn(day)
      if (runs.at(-1)?.light !== light) runs.push({ light, from: day })
      day = lastDayOfColour(colourOn, light, day, end) + 1
    }
  })
  return runs
}

/** First days of the stretches in which value and thresholds stay as they are. */
function stretchStarts(duty: Duty, course: Course, rules: readonly DatedRule[], until: number): number[] {
  const first = duty.schedule.startsOn
  const starts = first <= until ? [first] : []
  for (const { day } of course.approved) if (day > first && day <= until) starts.push(day)
  for (const { day } of rules) if (day > first && day <= until && !starts.includes(day)) starts.push(day)
  return starts.sort((a, b) => a - b)
}

function lastDayOfColour(
  colourOn: (day: number) => LightColour,
  light: LightColour,
  from: number,
  end: number,
): number {
  const trouble = LIGHTS.indexOf(light)
  const isStill = (day: number) => LIGHTS.indexOf(colourOn(day)) <= trouble
  if (isStill(end)) return end
  let still = from
  let over = end
  while (over - still > 1) {
    const middle = (still + over) >> 1
    if (isStill(middle)) still = middle
    else over = middle
  }
  return still
}
