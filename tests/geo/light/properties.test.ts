import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LIGHTS } from '../../../geo/light/light.ts'
import { lightOf } from '../../../geo/light/lights.ts'
import { colourOfGap } from '../../../geo/light/judge.ts'
import { faultOfRule } from '../../../geo/light/rule.ts'
import { reasonText } from '../../../geo/light/reason.ts'
import { worst } from '../../../geo/light/task-light.ts'
import { dayNumber, isoDay } from '../../../geo/month/day.ts'
import { monthsOf } from '../../../geo/month/month.ts'
import { DIRECTIONS, MEASURE_KINDS } from '../../../geo/plan/plan.ts'
import { REPORT_STATES } from '../../../geo/report/report.ts'
import { input, measureOf, point, YEAR } from './fixture.ts'

const FIRST = dayNumber('2023-01-01')
const date = fc.integer({ min: FIRST, max: dayNumber('2024-02-29') }).map(isoDay)
const decimal = (max: number) => fc.integer({ min: 0, max: max * 100 }).map((n) => n / 100)
const milestone = fc.record({ name: fc.constant('节点'), due: date, share: decimal(1), source: fc.constant(null) })
const rule = fc.tuple(decimal(100), decimal(100)).map(([a, b]) => ({ green: Math.min(a, b), yellow: Math.max(a, b) }))
const rules = fc
  .array(fc.tuple(date, rule), { minLength: 1, maxLength: 3 })
  .map((dated) => dated.map(([validFrom, thresholds], i) => ({ version: i + 1, validFrom, ...thresholds })))
const target = fc.integer({ min: 1, max: 50_000 }).map((n) => n / 100)
const measure = fc
  .record({
    kind: fc.constantFrom(...MEASURE_KINDS),
    direction: fc.constantFrom(...DIRECTIONS),
    milestones: fc.array(milestone, { maxLength: 3 }),
  })
  .chain((part) => target.map((t) => measureOf(part, part.kind === 'stage' ? null : t)))
const points = fc
  .subarray(monthsOf(2023))
  .chain((months) =>
    fc.tuple(
      ...months.map((month) =>
        fc.tuple(decimal(500), fc.constantFrom(...REPORT_STATES)).map(([v, s]) => point(month, v, s)),
      ),
    ),
  )
const anyInput = fc
  .record({ asOf: date, points, measure, rules, deadline: fc.option(date) })
  .map(({ asOf, points, measure, rules, deadline }) =>
    input(asOf, points, measure, { task: { no: 1, deadline }, progress: { ...YEAR, rules } }),
  )
const trouble = (light: { light: (typeof LIGHTS)[number] }) => LIGHTS.indexOf(light.light)

describe('any light', () => {
  it('should never get worse when the value rises, nor better where less is better', () => {
    fc.assert(
      fc.property(
        anyInput,
        fc.constantFrom(...monthsOf(2023)),
        decimal(500),
        decimal(100),
        (given, month, value, more) => {
          const low = lightOf({ ...given, points: [point(month, value)] })
          const high = lightOf({ ...given, points: [point(month, value + more)] })
          const [worse, better] = given.measure.direction === 'atMost' ? [high, low] : [low, high]
          // Grey counts as no trouble at all, but only the schedule makes it: the same day, done or not, is never grey and red.
          expect(trouble(better)).toBeLessThanOrEqual(Math.max(trouble(worse), LIGHTS.indexOf('green')))
        },
      ),
      { numRuns: 500 },
    )
  })

  it('should have burnt in its colour on every day since, and in another on the day before', () => {
    fc.assert(
      fc.property(anyInput, (given) => {
        const light = lightOf(given)
        expect(light.since === null).toBe(light.light === 'grey')
        if (light.light === 'grey') return
        expect(light.since! <= given.asOf).toBe(true)
        for (let day = dayNumber(light.since!); day <= dayNumber(given.asOf); day++)
          expect(colourOn(given, day)).toBe(light.light)
        if (light.since! > YEAR.plan.startsOn)
          expect(colourOn(given, dayNumber(light.since!) - 1)).not.toBe(light.light)
      }),
      { numRuns: 60 },
    )
  })

  it('should carry the mark of having been red just when it was on some day and is not now', () => {
    fc.assert(
      fc.property(anyInput, (given) => {
        let red = false
        for (let day = FIRST; day < dayNumber(given.asOf); day++) red ||= colourOn(given, day) === 'red'
        const light = lightOf(given)
        expect(light.wasRed).toBe(red && light.light !== 'red')
      }),
      { numRuns: 60 },
    )
  })

  it('should turn green when what its reason asks for is added', () => {
    fc.assert(
      fc.property(anyInput, fc.constantFrom(...monthsOf(2023)), decimal(500), (given, month, value) => {
        const measure =
          given.measure.kind === 'count'
            ? measureOf({ ...given.measure }, Math.ceil(given.quota.target!))
            : given.measure
        const start = given.measure.kind === 'count' ? Math.floor(value) : value
        const at = (v: number) =>
          lightOf({ ...given, measure, quota: { ...given.quota, target: measure.target }, points: [point(month, v)] })
        const light = at(start)
        const need = light.reasonParams.need as number | undefined
        expect(need === undefined).toBe(light.light === 'green' || light.light === 'grey')
        if (need === undefined || light.value === null) return
        expect(need).toBeGreaterThan(0)
        const sign = light.reasonKey === 'above-limit' ? -1 : 1
        expect(at(Math.round((start + sign * need) * 1e4) / 1e4).light).toBe('green')
      }),
      { numRuns: 1000 },
    )
  })

  it('should say why in both languages, without holes', () => {
    fc.assert(
      fc.property(anyInput, (given) => {
        const light = lightOf(given)
        expect(reasonText(light, 'zh-CN')).toBe(light.reason)
        for (const language of ['zh-CN', 'en'] as const)
          expect(reasonText(light, language)).not.toMatch(/undefined|NaN|Infinity|null|\.\.|。。/)
      }),
      { numRuns: 500 },
    )
  })
})

describe('thresholds', () => {
  it('should leave no gap without exactly one colour, growing worse with the gap', () => {
    fc.assert(
      fc.property(
        rule,
        fc.double({ min: -200, max: 200, noNaN: true }),
        fc.double({ min: 0, max: 50, noNaN: true }),
        (thresholds, gap, more) => {
          expect(faultOfRule(thresholds)).toBeNull()
          const colours = [colourOfGap(gap, thresholds), colourOfGap(gap + more, thresholds)]
          expect(colours.every((colour) => colour !== 'grey')).toBe(true)
          expect(LIGHTS.indexOf(colours[0]!)).toBeLessThanOrEqual(LIGHTS.indexOf(colours[1]!))
          expect(colourOfGap(thresholds.green, thresholds)).toBe('green')
          expect(colourOfGap(thresholds.yellow, thresholds)).not.toBe('red')
        },
      ),
    )
  })
})

describe('the worst light', () => {
  it('should not depend on the order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...LIGHTS), { maxLength: 8 }),
        fc.infiniteStream(fc.nat()),
        (colours, random) => {
          const shuffled = colours.toSorted(() => (random.next().value! % 3) - 1)
          expect(worst(shuffled)).toBe(worst(colours))
        },
      ),
    )
  })
})

function colourOn(given: ReturnType<typeof input>, day: number) {
  return lightOf({ ...given, asOf: isoDay(day), history: false }).light
}
