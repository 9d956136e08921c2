/**
 * Reported held against drawn (账图核对): what a unit has reported of a measure against what the features show that a layer draws for it. Pure: the
 * reports come as the lights have them, the features as figures that the database has added up.
 */
import { claimOn, courseOf, valueOn } from '../light/course.ts'
import type { Figure, Layer, Service } from '../layer/layer.ts'
import { dayNumber } from '../month/day.ts'
import { monthEnd } from '../month/month.ts'
import { sum } from '../number/decimal.ts'
import type { Measure, Task } from '../plan/plan.ts'
import type { Point, Series } from '../report/report.ts'
import { isDistrict } from '../right/right.ts'
import { convert, M2_PER_MU, UNITS } from '../unit/unit.ts'
import type { ReconciliationRule } from './rule.ts'

/** What comes of holding one against the other. `sign`: told by more than a colour. */
export const VERDICTS = {
  agrees: { zh: '一致', en: 'Agrees', sign: '＝', flag: false },
  'more-reported': { zh: '账多图少', en: 'More reported', sign: '▲', flag: true },
  'more-drawn': { zh: '图多账少', en: 'More drawn', sign: '▼', flag: true },
  'not-drawn': { zh: '有账无图', en: 'Nothing drawn', sign: '■', flag: true },
  'not-reported': { zh: '有图无账', en: 'Nothing reported', sign: '○', flag: false },
  unsplit: { zh: '清单未分到街镇', en: 'Not split by the list', sign: '·', flag: false },
  nothing: { zh: '账图均无', en: 'Neither', sign: '–', flag: false },
} as const satisfies Record<string, { zh: string; en: string; sign: string; flag: boolean }>
export type Verdict = keyof typeof VERDICTS

/** Features of one unit that are drawn for a measure, added up. */
export interface Drawn {
  measure: string
  /** Whose they count for; null: they lie in no town and name no unit. */
  town: string | null
  /** In m², metres or pieces, by the layer's figure: of what counts. */
  amount: number
  features: number
  /** Of them: those that count by now, those without a shape, those in several towns, those partly in none, those that lie in another unit. */
  counted: number
  unlocated: number
  crossing: number
  outside: number
  elsewhere: number
  /** Others', that reach into this town. */
  into: number
  /** Metres of roads' ranges that do not count: covered twice by the road's own, past its end, drawn twice. */
  overlap: number
  beyond: number
  twice: number
  demo: boolean
}

export const NOTES = {
  crossing: { zh: '{n} 个要素跨镇，全部计入主要所在的街镇', en: '{n} features cross a town boundary and count where most of them lies' },
  into: { zh: '另有 {n} 个要素伸入本镇，计入邻镇', en: '{n} more reach into the town and count for its neighbours' },
  outside: { zh: '{n} 个要素部分在界外', en: '{n} features lie partly outside of the district' },
  elsewhere: { zh: '{n} 个要素不在本单位界内，按“计入单位”计', en: '{n} features lie elsewhere and are declared to count here' },
  unlocated: { zh: '{n} 个要素尚未定位', en: '{n} features have no place yet' },
  stage: { zh: '{of} 个要素中 {n} 个已到应计阶段', en: '{n} of {of} features have come so far that they count' },
  overlap: { zh: '桩号重叠 {n} 米，只计一次', en: '{n} m covered by several ranges count once' },
  beyond: { zh: '桩号超出路段终点 {n} 米，未计', en: '{n} m of ranges past the road’s end do not count' },
  twice: { zh: '与其他路段重复绘制 {n} 米，只计一次', en: '{n} m drawn twice count once' },
  earlier: { zh: '上报值为 {month} 所报', en: 'the value was reported for {month}' },
  claimed: { zh: '待审 {value}', en: '{value} await review' },
  silent: { zh: '{n} 个单位尚无审定值', en: '{n} units have no approved value yet' },
  unquoted: { zh: '清单没有给该单位任务量', en: 'the list gives this unit no quota' },
} as const satisfies Record<string, { zh: string; en: string }>
export type Note = keyof typeof NOTES

/** What explains a row: a note with its numbers. */
export interface Explanation {
  note: Note
  n?: number
  of?: number
  month?: string
}

/** `total`: all units together, where each reports by itself; `part`: a town's part of what only the district reports. */
export const ROW_SCOPES = ['unit', 'total', 'part'] as const
export type RowScope = (typeof ROW_SCOPES)[number]

export interface Reconciliation {
  task: number
  measure: string
  layer: string
  unit: string
  /** A town, the park, or the district. */
  town: string
  scope: RowScope
  /** The approved value that holds at the month's end, in the measure's unit, and the month it is of; null: none. */
  reported: number | null
  reportedFor: string | null
  /** What waits for review. */
  claimed: number | null
  drawn: number
  features: number
  /** reported − drawn, and as a share of what is reported (of what is drawn, where nothing is); null where there is nothing to hold against. */
  difference: number | null
  share: number | null
  verdict: Verdict
  /** More than the tolerance. */
  flagged: boolean
  explanations: Explanation[]
  demo: boolean
}

/** What a layer shows, in the unit of a measure; null where the two do not compare. Areas to a hundredth of a 亩, lengths to a metre. */
export function amountInUnit(figure: Figure, amount: number, unit: string): number | null {
  if (figure === 'area') return convert(Math.round((amount / M2_PER_MU) * 100) / 100, '亩', unit)
  if (figure === 'length') return convert(Math.round(amount) / 1000, '公里', unit)
  const counter = UNITS.get(unit)
  return counter && counter.dimension !== 'things' && counter.dimension !== 'persons' ? null : counter ? amount / counter.factor : amount
}

export interface ReconciliationInput {
  tasks: readonly Pick<Task, 'no' | 'measures'>[]
  series: readonly Series[]
  layers: readonly Pick<Layer, 'id' | 'figure' | 'serves'>[]
  drawn: readonly Drawn[]
  year: number
  /** ISO month: reports count as they stand at its end. */
  month: string
  /** Code of the district. */
  district: string
  rule: Pick<ReconciliationRule, 'tolerance'>
}

/** Every measure that a layer draws, unit by unit, in the list's order; the district's total first. */
export function reconcile(input: ReconciliationInput): Reconciliation[] {
  const served = new Map(input.layers.flatMap((layer) => layer.serves.filter(({ year }) => year === input.year).map((service) => [service.measure, { layer, service }])))
  return input.tasks.flatMap((task) =>
    task.measures.flatMap((measure) => {
      const found = served.get(measure.id)
      return found && amountInUnit(found.layer.figure, 0, measure.unit) !== null ? rowsOf(input, task.no, measure, found.layer, found.service) : []
    }),
  )
}

type Input = Pick<ReconciliationInput, 'series' | 'drawn' | 'month' | 'district' | 'rule'>

function rowsOf(input: Input, task: number, measure: Measure, layer: Pick<Layer, 'id' | 'figure'>, service: Service): Reconciliation[] {
  const { district, month } = input
  const drawn = input.drawn.filter((one) => one.measure === measure.id)
  const quotas = measure.quotas.map(({ town }) => town)
  const whole = quotas.every(isDistrict)
  const units = [...new Set([...quotas.filter((town) => !isDistrict(town)), ...drawn.flatMap(({ town }) => town ?? [])])]
  const says = (town: string) => saidOf(input.series.find((one) => one.measure === measure.id && one.town === town)?.points ?? [], month)
  const row = (town: string, scope: RowScope, said: Said, figures: readonly Drawn[], more: Explanation[] = []): Reconciliation => {
    const total = added(figures)
    const amount = amountInUnit(layer.figure, total.amount, measure.unit)!
    const notes = [...more, ...explanationsOf(total, said, service, scope, month)]
    const base = { task, measure: measure.id, layer: layer.id, unit: measure.unit, town, scope, drawn: amount, features: total.features, demo: total.demo || said.demo, explanations: notes }
    return { ...base, reported: said.value, reportedFor: said.month, claimed: said.claimed, ...verdictOf(said.value, amount, total.features, scope, input.rule.tolerance) }
  }
  const own = (town: string) => drawn.filter((one) => one.town === town)
  if (whole) return [row(district, 'unit', says(district), drawn), ...units.map((town) => row(town, 'part', NOTHING_SAID, own(town)))]
  const rows = units.map((town) => row(town, 'unit', says(town), own(town), quotas.includes(town) ? [] : [{ note: 'unquoted' }]))
  const said = quotas.map(says)
  const silent = said.filter(({ value }) => value === null).length
  const known = said.flatMap(({ value }) => value ?? [])
  const claims = said.some(({ claimed }) => claimed !== null) ? sum(said.map(({ claimed, value }) => claimed ?? value ?? 0)) : null
  const all: Said = { value: known.length ? sum(known) : null, month: null, claimed: claims, demo: said.some(({ demo }) => demo) }
  return [row(district, 'total', all, drawn, silent ? [{ note: 'silent', n: silent }] : []), ...rows]
}

interface Said {
  value: number | null
  month: string | null
  claimed: number | null
  demo: boolean
}
const NOTHING_SAID: Said = { value: null, month: null, claimed: null, demo: false }

/** What a unit has said by a month's end: as the lights take it. */
function saidOf(points: readonly Point[], month: string): Said {
  const day = dayNumber(monthEnd(month))
  const course = courseOf(points, null)
  const value = valueOn(course, day)
  const claimed = claimOn(course, day)
  const from = points.filter((point) => point.month <= month && point.value !== null && (point.state === 'approved' || point.state === 'published')).at(-1)
  return { value, month: value === null ? null : (from?.month ?? null), claimed: claimed === value ? null : claimed, demo: points.some((point) => point.demo && point.month <= month) }
}

function added(figures: readonly Drawn[]): Omit<Drawn, 'measure' | 'town'> {
  const of = (key: Exclude<keyof Drawn, 'measure' | 'town' | 'demo'>) => figures.reduce((total, one) => total + one[key], 0)
  return {
    amount: of('amount'),
    features: of('features'),
    counted: of('counted'),
    unlocated: of('unlocated'),
    crossing: of('crossing'),
    outside: of('outside'),
    elsewhere: of('elsewhere'),
    into: of('into'),
    overlap: of('overlap'),
    beyond: of('beyond'),
    twice: of('twice'),
    demo: figures.some(({ demo }) => demo),
  }
}

function explanationsOf(total: ReturnType<typeof added>, said: Said, service: Service, scope: RowScope, month: string): Explanation[] {
  const isTown = scope !== 'total'
  const notes: Explanation[] = []
  const put = (note: Note, n: number) => n > 0 && notes.push({ note, n })
  if (said.claimed !== null) notes.push({ note: 'claimed', n: said.claimed })
  if (said.month !== null && said.month < month) notes.push({ note: 'earlier', month: said.month })
  if (service.reached && total.features > 0) notes.push({ note: 'stage', n: total.counted, of: total.features })
  put('crossing', total.crossing)
  if (isTown) put('into', total.into)
  put('outside', total.outside)
  if (isTown) put('elsewhere', total.elsewhere)
  put('unlocated', total.unlocated)
  for (const note of ['overlap', 'beyond', 'twice'] as const) put(note, Math.round(total[note]))
  return notes
}

type Held = Pick<Reconciliation, 'difference' | 'share' | 'verdict' | 'flagged'>

/** One number against the other. Within the tolerance they agree; a piece more or less is always a difference where pieces are few. */
export function verdictOf(reported: number | null, drawn: number, features: number, scope: RowScope, tolerance: number): Held {
  const none = (verdict: Verdict): Held => ({ difference: null, share: null, verdict, flagged: false })
  if (scope === 'part') return none(features > 0 ? 'unsplit' : 'nothing')
  if (reported === null) return none(features > 0 ? 'not-reported' : 'nothing')
  const difference = sum([reported, -drawn])
  const base = reported === 0 ? drawn : reported
  const share = difference === 0 ? 0 : Math.round((Math.abs(difference) / Math.abs(base)) * 1e9) / 1e9
  const verdict = share * 100 <= tolerance + 1e-6 ? 'agrees' : features === 0 ? 'not-drawn' : difference > 0 ? 'more-reported' : 'more-drawn'
  return { difference, share, verdict, flagged: VERDICTS[verdict].flag }
}
