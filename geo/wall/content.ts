/**
 * What the wall says: the district at the month shown, by category, unit and month. From the same records and rules as every other screen, so
 * that the wall and the map never differ. Small: a screen that runs for weeks gets figures, not the year's reports. Pure.
 */
import type { Light } from '../light/light.ts'
import { lightsOf } from '../light/lights.ts'
import { monthLights, type MonthLights } from '../light/month-lights.ts'
import { countLights, type LightCounts, type TaskLight } from '../light/task-light.ts'
import { monthBefore, monthEnd } from '../month/month.ts'
import { newestMonth } from '../month/newest.ts'
import type { Task } from '../plan/plan.ts'
import type { Progress } from '../report/report.ts'
import type { Town } from '../town/town.ts'

export interface WallSources {
  plan: { year: number; title: string }
  district: { code: string; name: string; nameEn: string }
  /** Towns, subdistricts and the park, in the district's order. */
  towns: readonly Town[]
  tasks: readonly Task[]
  progress: Progress
}

/** Counts of the month shown, and of the one before; null: there is none. */
export interface Counted {
  counts: LightCounts
  before: LightCounts | null
}

/** Why a unit is in trouble: the light that makes a task's. */
export interface WallReason extends Pick<Light, 'task' | 'light' | 'reasonKey' | 'reasonParams' | 'since' | 'wasRed' | 'late' | 'demo'> {
  name: string
}

export interface WallContent {
  year: number
  title: string
  district: { code: string; name: string; nameEn: string }
  /** The month shown, and its last day. */
  month: string
  asOf: string
  /** Nobody has reported anything yet. */
  empty: boolean
  demo: boolean
  tasks: number
  all: Counted
  /** In the district's order; the district's own tasks last, where it has some. `blank`: nothing was ever approved there. */
  units: (Town & Counted & { blank: boolean; reasons: WallReason[] })[]
  categories: (Counted & { no: number; name: string; tasks: number })[]
  /** The tasks that most units are behind in. */
  behind: { no: number; name: string; counts: LightCounts }[]
  /** Up to the month shown; `units`: how many tasks are red in each, in the order of `units`. */
  months: { id: string; counts: LightCounts; units: number[] }[]
}

/** As many as anybody reads from across a room. */
const MOST_REASONS = 2
const MOST_TASKS = 5

export function wallContent({ plan, district, towns, tasks, progress }: WallSources, today: string): WallContent {
  const month = newestMonth(progress, today)
  const shown = progress.months.map(({ id }) => id).filter((id) => id <= month)
  const lights = new Map(shown.map((id) => [id, monthLights(id, lightsOf(tasks, progress, monthEnd(id)))]))
  const now = lights.get(month) ?? monthLights(month, [])
  const last = lights.get(monthBefore(month)) ?? null
  const counted = (of: (lights: MonthLights) => readonly TaskLight[]): Counted => ({ counts: countLights(of(now)), before: last && countLights(of(last)) })
  const own: Town = { ...district, shortName: district.name, kind: 'district' }
  const units = [...towns, ...(now.ofTown(district.code).length > 0 ? [own] : [])]
  const byNo = new Map(tasks.map((task) => [task.no, task]))
  const categories = new Map(tasks.map(({ category }) => [category.no, category]))
  return {
    year: plan.year,
    title: plan.title,
    district,
    month,
    asOf: now.asOf,
    empty: progress.series.every(({ points }) => points.length === 0),
    demo: progress.series.some(({ points }) => points.some(({ demo }) => demo)),
    tasks: tasks.length,
    all: counted((of) => of.taskLights),
    units: units.map((unit) => ({
      ...unit,
      ...counted((of) => of.ofTown(unit.code)),
      blank: now.ofTown(unit.code).every((light) => light.lights.every(({ done }) => done === null)),
      reasons: reasonsOf(now.ofTown(unit.code), (no) => byNo.get(no)?.name ?? ''),
    })),
    categories: [...categories.values()].map(({ no, name }) => {
      const its = new Set(tasks.filter(({ category }) => category.no === no).map((task) => task.no))
      return { no, name, tasks: its.size, ...counted((of) => of.taskLights.filter(({ task }) => its.has(task))) }
    }),
    behind: tasks
      .map(({ no, name }) => ({ no, name, counts: countLights(now.ofTask(no)) }))
      .filter(({ counts }) => counts.red > 0)
      .sort((a, b) => byTrouble(a.counts, b.counts))
      .slice(0, MOST_TASKS),
    months: [...lights.values()].map((of) => ({
      id: of.month,
      counts: of.counts,
      units: units.map(({ code }) => of.ofTown(code).filter(({ light }) => light === 'red').length),
    })),
  }
}

/** The most trouble first. */
export function byTrouble(a: LightCounts, b: LightCounts): number {
  return b.red - a.red || b.yellow - a.yellow
}

/** The red ones that have burnt longest, then the yellow ones. */
function reasonsOf(lights: readonly TaskLight[], nameOf: (task: number) => string): WallReason[] {
  const rank = ({ light }: TaskLight) => (light === 'red' ? 0 : 1)
  return lights
    .filter(({ light }) => light === 'red' || light === 'yellow')
    .sort((a, b) => rank(a) - rank(b) || (a.because.since ?? '').localeCompare(b.because.since ?? '') || (b.because.gap ?? 0) - (a.because.gap ?? 0))
    .slice(0, MOST_REASONS)
    .map(({ task, because: { light, reasonKey, reasonParams, since, wasRed, late, demo } }) => ({ task, name: nameOf(task), light, reasonKey, reasonParams, since, wasRed, late, demo }))
}
