import { LIGHTS, type LightColour } from '../../geo/light/light.ts'
import { BY, type By } from '../../geo/map/question.ts'
import { LANGS, type Lang } from '../../geo/number/in-words.ts'

/** What a person has chosen to see. All of it stands in the URL, so that a link opens the same view. */
export interface View {
  /** The plan's year; null: the newest plan with reports. */
  plan: number | null
  /** ISO month; null: the newest month with reports. */
  month: string | null
  /** The past day (ISO) whose knowledge is shown; null: now. */
  at: string | null
  task: number | null
  /** Measure id (`14.1`); belongs to a task and goes with it. */
  measure: string | null
  /** Code of a town, of the park or of the district. */
  town: string | null
  /** What the map's colours say. */
  by: By
  /** The task list's filters. */
  light: LightColour | null
  department: string | null
  /** Deadline, as an ISO month. */
  due: string | null
  q: string
  lang: Lang
}

export { BY, type By }
export { LANGS, type Lang }

export const DEFAULT_VIEW: View = {
  plan: null,
  month: null,
  at: null,
  task: null,
  measure: null,
  town: null,
  by: 'lights',
  light: null,
  department: null,
  due: null,
  q: '',
  lang: 'zh-CN',
}

/** A URL's query, as vue-router gives it. */
export type Query = Record<string, unknown>

/** The view that a query stands for; what is missing or makes no sense is the default. */
export function parseView(query: Query): View {
  const text = (name: string) =>
    typeof query[name] === 'string' && query[name] !== '' ? (query[name] as string) : null
  const matching = (name: string, form: RegExp) => {
    const value = text(name)
    return value && form.test(value) ? value : null
  }
  const oneOf = <T extends string>(name: string, list: readonly T[]): T | null =>
    list.find((candidate) => candidate === text(name)) ?? null
  const measure = matching('measure', /^\d{1,4}\.\d{1,3}$/)
  const task = matching('task', /^\d{1,4}$/) ?? measure?.split('.')[0] ?? null
  return {
    plan: Number(matching('plan', /^\d{4}$/)) || null,
    month: matching('month', /^\d{4}-(0[1-9]|1[0-2])$/),
    at: matching('at', /^[12]\d{3}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/),
    task: task === null ? null : Number(task),
    measure: measure !== null && measure.startsWith(`${task}.`) ? measure : null,
    town: matching('town', /^[0-9A-Za-z]{6,12}$/),
    by: oneOf('by', BY) ?? DEFAULT_VIEW.by,
    light: oneOf('light', LIGHTS),
    department: text('department'),
    due: matching('due', /^\d{4}-(0[1-9]|1[0-2])$/),
    q: text('q') ?? '',
    lang: oneOf('lang', LANGS) ?? DEFAULT_VIEW.lang,
  }
}

/** The query of a view, defaults left out; a measure names its task already. */
export function viewQuery(view: View): Record<string, string> {
  const query: Record<string, string> = {}
  for (const [name, value] of Object.entries(view)) {
    if (value === null || value === DEFAULT_VIEW[name as keyof View]) continue
    if (name === 'task' && view.measure) continue
    query[name] = String(value)
  }
  return query
}

/** The view after a change. Another task takes its measure away, unless the change names one. */
export function changeView(view: View, change: Partial<View>): View {
  const next = { ...view, ...change }
  if ('task' in change && change.task !== view.task && !change.measure) next.measure = null
  if (change.measure) next.task = Number(change.measure.split('.')[0])
  return next
}
