/** What approving a report would do to its light: the same judgement as the map's, with the value as if it were approved. */
import { lightOf } from '../light/lights.ts'
import type { Light } from '../light/light.ts'
import { monthEnd } from '../month/month.ts'
import type { Measure, Task } from '../plan/plan.ts'
import type { Point, Progress } from '../report/report.ts'

export interface Claim {
  town: string
  month: string
  value: number | null
  submittedAt: string | null
}

/** The light at the end of the report's month, as it is and as it would be; null where the unit has no quota. */
export function lightsAround(task: Pick<Task, 'no' | 'deadline'>, measure: Measure, claim: Claim, progress: Progress): { now: Light; then: Light } | null {
  const quota = measure.quotas.find(({ town }) => town === claim.town)
  if (!quota) return null
  const points = progress.series.find((series) => series.measure === measure.id && series.town === claim.town)?.points ?? []
  const at = (list: readonly Point[]) => lightOf({ task, measure, quota, points: list, progress, asOf: monthEnd(claim.month) })
  return { now: at(points), then: at(withApproved(points, claim)) }
}

function withApproved(points: readonly Point[], { month, value, submittedAt }: Claim): Point[] {
  const own = points.filter((point) => point.month === month)
  const approved: Point = {
    month,
    value,
    state: 'approved',
    submittedAt: own.at(-1)?.submittedAt ?? submittedAt,
    approvedAt: own.find((point) => point.approvedAt)?.approvedAt ?? submittedAt ?? `${monthEnd(month)}T12:00:00+08:00`,
    demo: own.at(-1)?.demo ?? false,
  }
  return [...points.filter((point) => point.month < month), approved, ...points.filter((point) => point.month > month)]
}
