/** The schedule curve as lines and points in a picture. Pure. */
import { isStanding } from '../../geo/light/judge.ts'
import { scheduleOf } from '../../geo/light/schedule.ts'
import { dayNumber } from '../../geo/month/day.ts'
import { monthEnd } from '../../geo/month/month.ts'
import type { Measure } from '../../geo/plan/plan.ts'
import type { Point } from '../../geo/report/report.ts'

export interface CurvePoint {
  x: number
  y: number
  month: string
  share: number
  value: number
  state: 'approved' | 'claimed'
  demo: boolean
}

export interface Curve {
  /** The expected share through the year, as an SVG path. */
  expected: string
  /** Approved values up to the date, and after it. */
  approved: string
  later: string
  points: CurvePoint[]
  steps: { x: number; y: number; share: number; milestone: string | null; day: number }[]
  /** Where the date stands. */
  today: number
  /** Share at the top; 1 unless somebody has done more. */
  top: number
  yOf: (share: number) => number
}

export interface CurveFrame {
  width: number
  height: number
  left: number
  right: number
  top: number
  bottom: number
}

/** Draws one measure in one unit; null without a target to compare with. */
export function curveOf(
  from: {
    measure: Measure
    target: number | null
    deadline: string | null
    plan: { startsOn: string; endsOn: string }
    points: readonly Point[]
    asOf: string
  },
  frame: CurveFrame,
): Curve | null {
  const target = from.measure.kind === 'stage' ? 100 : from.target
  if (!target) return null
  const start = dayNumber(from.plan.startsOn)
  const end = dayNumber(from.plan.endsOn)
  const today = dayNumber(from.asOf)
  const standing = isStanding(from.measure)
  const schedule = scheduleOf(from.measure, from.deadline, from.plan)

  const reported = from.points.flatMap((point) => {
    const state = STATES[point.state]
    if (point.value === null || !state) return []
    return {
      point,
      state,
      share: point.value / target,
      day: Math.min(dayNumber(monthEnd(point.month)), end),
      value: point.value,
    }
  })
  const top = Math.max(1, ...reported.map(({ share }) => Math.min(share, 1.6)))
  const xOf = (day: number) => frame.left + ((day - start) / (end - start)) * (frame.width - frame.left - frame.right)
  const yOf = (share: number) =>
    frame.height - frame.bottom - (Math.min(share, top) / top) * (frame.height - frame.top - frame.bottom)
  const line = (places: { day: number; share: number }[]) =>
    places.map(({ day, share }, i) => `${i ? 'L' : 'M'}${xOf(day).toFixed(1)} ${yOf(share).toFixed(1)}`).join('')

  const approved = reported.filter(({ state }) => state === 'approved')
  const before = approved.filter(({ day }) => day <= today)
  const after = approved.filter(({ day }) => day > today)
  // What adds up begins at nothing; a level has no value before its first report.
  const origin = standing || from.measure.kind === 'rate' ? [] : [{ day: start, share: 0 }]
  return {
    expected: standing
      ? line([
          { day: start, share: 1 },
          { day: end, share: 1 },
        ])
      : line([{ day: start, share: 0 }, ...schedule.steps, { day: end, share: 1 }]),
    approved: line([...origin, ...before]),
    later: line(after.length && before.length ? [before.at(-1)!, ...after] : after),
    points: reported.map(({ point, state, share, day, value }) => ({
      x: xOf(day),
      y: yOf(share),
      month: point.month,
      share,
      value,
      state,
      demo: point.demo,
    })),
    steps: standing ? [] : schedule.steps.map((step) => ({ ...step, x: xOf(step.day), y: yOf(step.share) })),
    today: xOf(today),
    top,
    yOf,
  }
}

const STATES = {
  approved: 'approved',
  published: 'approved',
  submitted: 'claimed',
  endorsed: 'claimed',
  draft: null,
  returned: null,
} as const
