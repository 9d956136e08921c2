/** The question that the map's colours answer, and each unit's answer. Pure. */
import type { LightColour } from '../light/light.ts'
import { countLights, type LightCounts } from '../light/task-light.ts'
import { completionIn, completionOfAll, type Completion } from '../quota/completion.ts'
import type { Measure, Task } from '../plan/plan.ts'
import type { MonthLights } from '../light/month-lights.ts'
import type { Series } from '../report/report.ts'
import { BEHIND_CLASSES, classOf, COMPLETION_CLASSES, LIGHT_AREAS, NO_DATA, NO_QUOTA } from './scales.ts'

/** What of a plan the question needs. */
export interface AskedPlan {
  district: { code: string }
  progress: { series: readonly Series[] }
  task: (no: number | null) => Task | undefined
  measure: (id: string | null) => Measure | undefined
  series: (measure: string, town: string) => Series | undefined
}

/** What the map's colours say. */
export const BY = ['lights', 'completion'] as const
export type By = (typeof BY)[number]

export type Question =
  /** How many tasks are behind? */
  | { kind: 'behind' }
  /** Which light has a task, or one measure of it? */
  | { kind: 'light'; task: Task; measure: Measure | null }
  /** How much of a measure is done? */
  | { kind: 'completion'; task: Task; measure: Measure }

/** The question that a view asks; completion is asked of one measure, the task's first if none is chosen. */
export function questionOf(plan: Pick<AskedPlan, 'task'>, view: { task: number | null; measure: string | null; by: By }): Question {
  const task = plan.task(view.task)
  if (!task) return { kind: 'behind' }
  const measure = task.measures.find(({ id }) => id === view.measure) ?? null
  if (view.by === 'lights') return { kind: 'light', task, measure }
  const asked = measure ?? task.measures[0]
  return asked ? { kind: 'completion', task, measure: asked } : { kind: 'light', task, measure }
}

/** Hatched: a quota but nothing approved. Blank: no quota. */
export const TEXTURES = ['plain', 'hatched', 'blank'] as const
export type Texture = (typeof TEXTURES)[number]

export interface Answer {
  /** Town code. */
  unit: string
  colour: string
  texture: Texture
  /** The light to draw beside the number; null where the question is none of lights. */
  light: LightColour | null
  /** Share done of what the question is about, approved; null: no data. */
  share: number | null
  value: number | null
  target: number | null
  unitOfValue: string
  /** The unit's lights by colour: all its tasks, or for the district the lights of its units in the task. */
  counts: LightCounts | null
  demo: boolean
}

/** What a unit answers in a month. The district answers for its own quota if it has one, else by counting its units' lights. */
export function answerOf(question: Question, plan: AskedPlan, month: MonthLights, unit: string): Answer {
  const blank: Answer = {
    unit,
    colour: NO_QUOTA,
    texture: 'blank',
    light: null,
    share: null,
    value: null,
    target: null,
    unitOfValue: '',
    counts: null,
    demo: false,
  }
  const whole = unit === plan.district.code
  if (question.kind === 'behind') {
    const lights = whole ? month.taskLights : month.ofTown(unit)
    if (lights.length === 0) return blank
    const counts = countLights(lights)
    // Nobody has reported anything: that nothing is behind would be saying too much.
    if (lights.every((light) => light.lights.every(({ done }) => done === null)))
      return { ...blank, colour: NO_DATA, texture: 'hatched', counts }
    const colour = whole ? NO_QUOTA : classOf(BEHIND_CLASSES, counts.red).colour
    return { ...blank, colour, texture: 'plain', counts, demo: lights.some(({ demo }) => demo) }
  }
  if (question.kind === 'completion') return completionAnswer(blank, question.measure, plan, month, whole)
  return lightAnswer(blank, question, plan, month, whole)
}

function lightAnswer(
  blank: Answer,
  question: Question & { kind: 'light' },
  plan: AskedPlan,
  month: MonthLights,
  whole: boolean,
) {
  const { task, measure } = question
  const lights = measure
    ? measure.quotas.flatMap((quota) => month.light(measure.id, quota.town) ?? [])
    : month.ofTask(task.no)
  // The district's own quota is its light where it has the only one; among others it is one light of the task.
  const own = measure ? month.light(measure.id, blank.unit) : month.taskLight(task.no, blank.unit)?.because
  if (own && !(whole && lights.length > 1)) {
    const of = plan.measure(own.measure)
    return {
      ...blank,
      colour: LIGHT_AREAS[own.light],
      texture: 'plain' as const,
      light: own.light,
      share: own.done,
      value: own.value,
      target: own.target,
      unitOfValue: of?.unit ?? '',
      demo: own.demo,
    }
  }
  if (!whole || lights.length === 0) return blank
  const summed = measure ?? task.measures.find((candidate) => candidate.quotas.length > 1)
  return {
    ...blank,
    ...(summed ? figures(summed, completionOfAll(summed, plan.progress.series, month.asOf)) : {}),
    texture: 'plain' as const,
    counts: countLights(lights),
    demo: lights.some(({ demo }) => demo),
  }
}

function completionAnswer(blank: Answer, measure: Measure, plan: AskedPlan, month: MonthLights, whole: boolean): Answer {
  const { series } = plan.progress
  const own = measure.quotas.some(({ town }) => town === blank.unit)
  if (!own && !whole) return blank
  const completion = own
    ? completionIn(measure, blank.unit, series, month.asOf)
    : completionOfAll(measure, series, month.asOf)
  const demo = measure.quotas.some(
    ({ town }) => (whole || town === blank.unit) && plan.series(measure.id, town)?.points.some((point) => point.demo),
  )
  const answer = { ...blank, ...figures(measure, completion), demo }
  if (completion.share === null) return { ...answer, colour: NO_DATA, texture: 'hatched' }
  return { ...answer, colour: classOf(COMPLETION_CLASSES, completion.share).colour, texture: 'plain' }
}

function figures(
  measure: Measure,
  { share, value, target }: Completion,
): Pick<Answer, 'share' | 'value' | 'target' | 'unitOfValue'> {
  return { share, value, target, unitOfValue: measure.kind === 'stage' ? '%' : measure.unit }
}
