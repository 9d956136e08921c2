/**
 * What a month's meeting talks about: the tasks in the order of their trouble, each with the units where it is and for how long. Pure: from
 * the lights of the month and of the one before.
 */
import type { Light, LightColour } from '../light/light.ts'
import { taskLights } from '../light/task-light.ts'
import { dayNumber } from '../month/day.ts'

/** One unit on the agenda: the light that speaks for the task there. */
export interface AgendaUnit {
  town: string
  light: LightColour
  measure: string
  reason: string
  reasonKey: Light['reasonKey']
  reasonParams: Light['reasonParams']
  gap: number | null
  since: string | null
  /** Days since the present colour began, the month's last day included. */
  days: number
  /** It was better a month ago. */
  worse: boolean
  late: boolean
  demo: boolean
}

export interface AgendaItem {
  task: number
  red: number
  yellow: number
  /** Red for two months or more: what supervision orders are for. */
  longRed: number
  /** Became worse since last month. */
  worse: number
  late: number
  /** Units in trouble, the worst first. */
  units: AgendaUnit[]
}

/** Red for as many days is two months red. */
const LONG_RED_DAYS = 60
const TROUBLE: Record<LightColour, number> = { grey: 0, green: 1, yellow: 2, red: 3 }

/**
 * The tasks with a red or yellow light anywhere, most trouble first: more red units, then more that have long been red, then more yellow ones,
 * then the larger gaps together. Tasks that are in order are not on it.
 */
export function agendaOf(lights: readonly Light[], before: readonly Light[], asOf: string): AgendaItem[] {
  const last = taskLights(before)
  const items: (AgendaItem & { gaps: number })[] = []
  for (const [task, byTown] of taskLights(lights)) {
    const units = [...byTown.values()]
      .filter(({ light }) => light === 'red' || light === 'yellow')
      .map(({ town, light, because, late, demo }): AgendaUnit => {
        const was = last.get(task)?.get(town)?.light ?? 'grey'
        return {
          town,
          light,
          measure: because.measure,
          reason: because.reason,
          reasonKey: because.reasonKey,
          reasonParams: because.reasonParams,
          gap: because.gap,
          since: because.since,
          days: because.since === null ? 0 : dayNumber(asOf) - dayNumber(because.since) + 1,
          worse: TROUBLE[light] > TROUBLE[was],
          late,
          demo,
        }
      })
      .sort((a, b) => TROUBLE[b.light] - TROUBLE[a.light] || b.days - a.days || (b.gap ?? 0) - (a.gap ?? 0))
    if (units.length === 0) continue
    const count = (which: (unit: AgendaUnit) => boolean) => units.filter(which).length
    items.push({
      task,
      red: count(({ light }) => light === 'red'),
      yellow: count(({ light }) => light === 'yellow'),
      longRed: count(isLongRed),
      worse: count(({ worse }) => worse),
      late: count(({ late }) => late),
      units,
      gaps: units.reduce((sum, { gap }) => sum + Math.max(0, gap ?? 0), 0),
    })
  }
  items.sort((a, b) => b.red - a.red || b.longRed - a.longRed || b.yellow - a.yellow || b.gaps - a.gaps || a.task - b.task)
  return items.map(({ gaps: _, ...item }) => item)
}

export function isLongRed({ light, days }: Pick<AgendaUnit, 'light' | 'days'>): boolean {
  return light === 'red' && days >= LONG_RED_DAYS
}
