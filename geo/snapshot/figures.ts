/**
 * What a page says, before anything is drawn: each unit's answer, counts, the table, what is behind and why. From the same records and rules
 * as the screens, so that a page and a screen never differ.
 */
import type { MultiPolygon, Polygon } from 'geojson'
import type { Light, LightColour } from '../light/light.ts'
import { LIGHTS } from '../light/light.ts'
import { lightsOf } from '../light/lights.ts'
import { monthLights, type MonthLights } from '../light/month-lights.ts'
import { reasonText } from '../light/reason.ts'
import { countLights, type LightCounts, type TaskLight } from '../light/task-light.ts'
import { answerOf, questionOf, type Answer, type AskedPlan, type Question } from '../map/question.ts'
import { BEHIND_CLASSES, COMPLETION_CLASSES, LIGHT_AREAS } from '../map/scales.ts'
import { monthBefore, monthEnd } from '../month/month.ts'
import { formatNumber } from '../number/format.ts'
import { formatDate, formatMonth, formatMonthShort, formatPercent, formatValue, unitWord } from '../number/in-words.ts'
import type { Task } from '../plan/plan.ts'
import type { Progress } from '../report/report.ts'
import type { BoundaryKind, Town } from '../town/town.ts'
import { layerLegend } from './layer-items.ts'
import { className, drawableOf, type PageLayer } from './layers.ts'
import type { SnapshotView } from './request.ts'
import { M2_PER_MU } from '../unit/unit.ts'
import { PAGE_WORDS } from './words.ts'

/** A town's shape, WGS84. */
export interface TownShape {
  code: string
  geometry: Polygon | MultiPolygon
  labelPoint: [number, number] | null
}

/** Everything that pages are made from. */
export interface PageSources {
  plan: { year: number; title: string }
  district: { code: string; name: string; nameEn: string }
  /** Towns, subdistricts and the park, in the district's order. */
  towns: readonly Town[]
  shapes: readonly TownShape[]
  boundary: { kind: BoundaryKind; source: string; credit: string } | null
  tasks: readonly Task[]
  progress: Progress
  /** The layers that are asked for, by the town that a page shows alone; by '' as the whole district shows them. */
  layers?: ReadonlyMap<string, readonly PageLayer[]>
}

export interface UnitFigure {
  code: string
  name: string
  /** For the map: without 镇. */
  shortName: string
  answer: Answer
  /** How dark in black and white, 0…4. */
  shade: number
  /** The number on the map. */
  key: string
}

export interface LegendEntry {
  text: string
  light: LightColour | null
  colour: string
  shade: number
  texture: Answer['texture']
  /** Of a layer: how its features are drawn. */
  mark?: 'area' | 'outline' | 'line' | 'disc' | 'square' | 'diamond'
}

export interface Cell {
  text: string
  light?: LightColour
}
export interface FigureTable {
  /** `gives`: where there is too little room, whole columns are left out before the others are cut, the lowest first. */
  columns: { title: string; anchor: 'start' | 'end'; /** Of the width that is left. */ grow: number; gives?: number }[]
  rows: { cells: Cell[]; /** The district's row, or the unit that the page is about. */ strong: boolean }[]
}

export interface Trouble {
  light: LightColour
  title: string
  text: string
}

/** Counts of lights in columns: by unit, or month by month. */
export interface FigureChart {
  title: string
  categories: string[]
  red: number[]
  yellow: number[]
}

export interface Figures {
  view: SnapshotView
  asOf: string
  title: string
  subtitle: string
  date: string
  question: Question['kind']
  units: UnitFigure[]
  district: UnitFigure
  /** The town that the page is about. */
  focus: string | null
  legendTitle: string
  legend: LegendEntry[]
  summaryTitle: string
  counts: LightCounts
  /** A month earlier; null: there is none. */
  before: LightCounts | null
  table: FigureTable
  chart: FigureChart
  troubles: Trouble[]
  sources: string[]
  demo: boolean
  schematic: boolean
  shapes: readonly TownShape[]
  /** Shown on the map in place of the tasks' colours. */
  layers: readonly PageLayer[]
  layered: boolean
  /** The lights that the page is made of: what is frozen with it. */
  lights: Light[]
}

/** Answers for one date, shared by all pages of an atlas. */
export interface PageBasis {
  sources: PageSources
  plan: AskedPlan
  now: MonthLights
  before: MonthLights | null
  /** The year's months up to this one, oldest first. */
  course: () => MonthLights[]
}

export function basisOf(sources: PageSources, month: string): PageBasis {
  const { tasks, progress, district } = sources
  const tasksByNo = new Map(tasks.map((task) => [task.no, task]))
  const measures = new Map(tasks.flatMap((task) => task.measures.map((measure) => [measure.id, measure] as const)))
  const series = new Map(progress.series.map((one) => [`${one.measure}|${one.town}`, one]))
  const known = new Map<string, MonthLights>()
  const at = (id: string) => {
    const found = known.get(id) ?? monthLights(id, lightsOf(tasks, progress, monthEnd(id)))
    known.set(id, found)
    return found
  }
  const last = monthBefore(month)
  return {
    sources,
    plan: {
      district,
      progress,
      task: (no) => (no === null ? undefined : tasksByNo.get(no)),
      measure: (id) => (id === null ? undefined : measures.get(id)),
      series: (measure, town) => series.get(`${measure}|${town}`),
    },
    now: at(month),
    before: progress.months.some(({ id }) => id === last) ? at(last) : null,
    course: () => progress.months.flatMap(({ id }) => (id <= month ? [at(id)] : [])),
  }
}

/** The figures of a page. The view's task, measure and town must be the plan's own ({@link faultOfView}). */
export function figuresOf({ sources, plan, now, before, course }: PageBasis, view: SnapshotView): Figures {
  const { lang } = view
  const words = PAGE_WORDS[lang]
  const { district, towns } = sources
  const question = questionOf(plan, view)
  const nameOf = ({ name, nameEn }: { name: string; nameEn: string }) => (lang === 'en' ? nameEn : name)
  const unitOf = (unit: { code: string; name: string; nameEn: string; shortName?: string }): UnitFigure => {
    const answer = answerOf(question, plan, now, unit.code)
    return {
      code: unit.code,
      name: nameOf(unit),
      shortName: lang === 'en' ? unit.nameEn : (unit.shortName ?? unit.name),
      answer,
      shade: shadeOf(question, answer),
      key: keyOf(question, answer, words.noData),
    }
  }
  const units = towns.map(unitOf)
  const whole = unitOf(district)
  const focus = units.find(({ code }) => code === view.town) ?? null
  const task = question.kind === 'behind' ? null : question.task
  const counted = (month: MonthLights): TaskLight[] => (task ? month.ofTask(task.no) : focus ? month.ofTown(focus.code) : month.taskLights)
  const lights = now.lights.filter(({ task: no, town }) => (task ? no === task.no : !focus || town === focus.code))
  const shown = counted(now)
  const titles = titlesOf(question, focus, nameOf(district), lang)
  const boundary = sources.boundary
  const figures: Figures = {
    view,
    asOf: now.asOf,
    ...titles,
    subtitle: `${titles.subtitle}${lang === 'en' ? ', ' : ' · '}${formatMonth(view.month, lang)}`,
    date: words.asOf(formatDate(now.asOf, lang)),
    question: question.kind,
    units,
    district: whole,
    focus: focus?.code ?? null,
    legendTitle: words.legend[question.kind],
    legend: legendOf(question, [...units, whole], lang),
    summaryTitle: !task && focus ? words.summaryTown : words.summary,
    counts: countLights(shown),
    before: before && countLights(counted(before)),
    table: task ? taskTable(task, question, now, [...towns, district], focus?.code ?? null, lang) : focus ? townTable(shown, plan, lang) : behindTable(units, whole, now, lang),
    chart: task || focus ? courseChart(course().map((month) => ({ id: month.month, counts: countLights(counted(month)) })), lang) : townChart([...units, { ...whole, shortName: words.districtsOwn }], now, lang),
    troubles: task ? taskTroubles(now.ofTask(task.no), [...towns, district], lang) : focus ? townTroubles(shown, plan, lang) : behindTroubles(units, now, plan, lang),
    sources: [words.source(sources.plan.title), ...(boundary ? [words.boundaries(boundary.credit || boundary.source)] : [])],
    demo: [...units, whole].some(({ answer }) => answer.demo) || lights.some(({ demo }) => demo),
    schematic: boundary?.kind === '示意',
    shapes: sources.shapes,
    layers: [],
    layered: false,
    lights,
  }
  return view.layers?.length ? layered(figures, sources, focus, nameOf(district)) : figures
}

/** The page's figures where it shows layers: legend and table are theirs, and nothing speaks of lights. */
function layered(figures: Figures, sources: PageSources, focus: UnitFigure | null, district: string): Figures {
  const { view } = figures
  const { lang } = view
  const words = PAGE_WORDS[lang]
  const layers = (sources.layers?.get(focus && view.extent === 'town' ? focus.code : '') ?? []).filter(({ id }) => view.layers!.includes(id))
  const names = layers.map(({ id }) => (lang === 'en' ? drawableOf(id).en : drawableOf(id).zh))
  const noted = layers.flatMap(({ id, way, classes, shapes }) => {
    const count = formatNumber(classes.reduce((sum, { features }) => sum + features, 0))
    const name = lang === 'en' ? drawableOf(id).en : drawableOf(id).zh
    return way === 'cells' ? [words.generalised(name, count)] : way === 'longest' ? [words.longest(name, count, formatNumber(shapes.length))] : []
  })
  return {
    ...figures,
    title: words.layersTitle(focus && view.extent === 'town' ? (lang === 'en' ? `${focus.name}, ${district}` : district + focus.name) : district),
    subtitle: names.join(words.comma),
    legendTitle: words.layers,
    legend: layerLegend(layers, lang),
    table: layerTable(layers, lang),
    chart: { ...figures.chart, categories: [] },
    troubles: [],
    sources: [...noted, ...figures.sources.slice(1)],
    demo: layers.some(({ demo }) => demo),
    layers,
    layered: true,
    lights: [],
  }
}

function layerTable(layers: readonly PageLayer[], lang: SnapshotView['lang']): FigureTable {
  const words = PAGE_WORDS[lang]
  const rows = layers.flatMap(({ id, classes }) => {
    const drawable = drawableOf(id)
    const size = ({ areaM2, lengthM }: PageLayer['classes'][number]) =>
      drawable.figure === 'area' ? formatValue(Math.round(areaM2 / M2_PER_MU), '亩', lang) : drawable.figure === 'length' ? `${formatNumber(Math.round(lengthM / 10) / 100)} km` : ''
    const order = Object.keys(drawable.classes)
    const sorted = [...classes].sort((a, b) => (a.class === null ? Infinity : order.indexOf(a.class)) - (b.class === null ? Infinity : order.indexOf(b.class)))
    if (sorted.length === 0) return [{ cells: [{ text: lang === 'en' ? drawable.en : drawable.zh }, { text: words.noFeatures }, { text: '' }], strong: false }]
    return sorted.map((one) => ({ cells: [{ text: className(drawable, one.class, lang) }, { text: formatNumber(one.features) }, { text: size(one) }], strong: false }))
  })
  return { columns: [COLUMN(words.class, 'start', 1), COLUMN(words.features, 'end', 0), COLUMN(words.size, 'end', 0)], rows }
}

export const VIEW_FAULTS = {
  month: { zh: '清单里没有这个月份', en: 'the plan has no such month' },
  task: { zh: '清单里没有这项任务', en: 'the plan has no such task' },
  measure: { zh: '任务里没有这个指标', en: 'the task has no such measure' },
  town: { zh: '没有这个街镇', en: 'there is no such town' },
} as const
export type ViewFault = keyof typeof VIEW_FAULTS

/** What of a view does not exist in the plan; null: all of it does. */
export function faultOfView(sources: PageSources, view: SnapshotView): ViewFault | null {
  if (!sources.progress.months.some(({ id }) => id === view.month)) return 'month'
  const task = sources.tasks.find(({ no }) => no === view.task)
  if (view.task !== null && !task) return 'task'
  if (view.measure !== null && !task?.measures.some(({ id }) => id === view.measure)) return 'measure'
  if (view.town !== null && view.town !== sources.district.code && !sources.towns.some(({ code }) => code === view.town)) return 'town'
  return null
}

function titlesOf(question: Question, focus: UnitFigure | null, district: string, lang: SnapshotView['lang']): { title: string; subtitle: string } {
  const words = PAGE_WORDS[lang]
  if (question.kind === 'behind') {
    return focus ? { title: words.townTitle(focus.name, district), subtitle: words.townSubtitle } : { title: words.behindTitle(district), subtitle: words.behindSubtitle }
  }
  const title = words.taskTitle(district, question.task.name)
  if (question.kind === 'completion') return { title, subtitle: words.completionSubtitle(question.measure.name) }
  return { title, subtitle: question.measure ? `${words.lightSubtitle} · ${question.measure.name}` : words.lightSubtitle }
}

const LIGHT_SHADES: Record<LightColour, number> = { grey: 1, green: 0, yellow: 2, red: 3 }

function shadeOf(question: Question, answer: Answer): number {
  if (answer.texture !== 'plain') return 0
  if (question.kind === 'light') return answer.light ? LIGHT_SHADES[answer.light] : 0
  const classes = question.kind === 'behind' ? BEHIND_CLASSES : COMPLETION_CLASSES
  return Math.max(0, classes.findIndex(({ colour }) => colour === answer.colour))
}

/** The number on the map: tasks behind, or the share done; that there are no data is said, and nothing stands for no quota. */
function keyOf(question: Question, answer: Answer, noData: string): string {
  if (answer.texture === 'blank') return ''
  if (answer.texture === 'hatched') return noData
  if (question.kind === 'behind') return answer.counts ? formatNumber(answer.counts.red) : ''
  return answer.share === null ? '—' : formatPercent(answer.share)
}

function legendOf(question: Question, units: readonly UnitFigure[], lang: SnapshotView['lang']): LegendEntry[] {
  const words = PAGE_WORDS[lang]
  const entries: LegendEntry[] = []
  if (question.kind === 'light') {
    for (const light of ['red', 'yellow', 'green', 'grey'] as const)
      entries.push({ text: words.light[light], light, colour: LIGHT_AREAS[light], shade: LIGHT_SHADES[light], texture: 'plain' })
  } else {
    const classes = question.kind === 'behind' ? BEHIND_CLASSES : COMPLETION_CLASSES
    for (const [shade, { from, colour }] of classes.entries()) {
      const next = classes[shade + 1]?.from
      const text =
        question.kind === 'behind'
          ? next === undefined
            ? words.above(from)
            : from === next - 1
              ? `${from}`
              : `${from}–${next - 1}`
          : next === undefined
            ? `≥ ${from * 100}%`
            : `${from * 100}–${next * 100}%`
      entries.push({ text, light: null, colour, shade, texture: 'plain' })
    }
  }
  // Only what the map really shows; where some town has no data, or no quota, the reader is told what that looks like.
  if (units.some(({ answer }) => answer.texture === 'hatched')) entries.push({ text: words.noData, light: null, colour: '#ffffff', shade: 0, texture: 'hatched' })
  if (units.some(({ answer }) => answer.texture === 'blank')) entries.push({ text: words.noQuota, light: null, colour: '#f7f8f9', shade: 0, texture: 'blank' })
  return entries
}

const COLUMN = (title: string, anchor: 'start' | 'end', grow: number, gives?: number) => ({ title, anchor, grow, ...(gives === undefined ? {} : { gives }) })

function behindTable(units: readonly UnitFigure[], whole: UnitFigure, now: MonthLights, lang: SnapshotView['lang']): FigureTable {
  const words = PAGE_WORDS[lang]
  const order = ['red', 'yellow', 'green', 'grey'] as const
  const row = (name: string, counts: LightCounts | null, strong: boolean) => ({
    cells: [{ text: name }, ...order.map((light) => ({ text: counts ? String(counts[light]) : '' }))],
    strong,
  })
  return {
    columns: [COLUMN(words.unit, 'start', 1), ...order.map((light) => COLUMN(words.light[light], 'end', 0))],
    rows: [...units.map(({ name, answer }) => row(name, answer.counts ?? null, false)), row(whole.name, now.counts, true)],
  }
}

function taskTable(task: Task, question: Question, now: MonthLights, units: readonly { code: string; name: string; nameEn: string }[], focus: string | null, lang: SnapshotView['lang']): FigureTable {
  const words = PAGE_WORDS[lang]
  const measure = question.kind === 'behind' ? null : question.measure
  const measures = new Map(task.measures.map((one) => [one.id, one]))
  const many = measure === null && task.measures.length > 1
  const rows = units.flatMap(({ code, name, nameEn }) => {
    const light = measure ? now.light(measure.id, code) : now.taskLight(task.no, code)?.because
    if (!light) return []
    const of = measures.get(light.measure)!
    const unit = of.kind === 'stage' ? '%' : of.unit
    const cells: Cell[] = [
      { text: lang === 'en' ? nameEn : name },
      ...(many ? [{ text: of.name }] : []),
      { text: light.target === null ? '—' : many ? formatValue(light.target, unit, lang) : formatNumber(light.target) },
      { text: light.value === null ? words.noData : formatNumber(light.value) },
      { text: light.done === null ? '—' : formatPercent(light.done) },
      { text: formatPercent(light.expected) },
      { text: words.light[light.light], light: light.light },
    ]
    return [{ cells, strong: code === focus }]
  })
  const unit = unitWord((measure ?? task.measures[0])?.unit ?? '', lang)
  return {
    columns: [
      COLUMN(words.unit, 'start', many ? 0 : 1),
      ...(many ? [COLUMN(words.measure, 'start', 1, 2)] : []),
      COLUMN(many || !unit ? words.target : `${words.target}/${unit}`, 'end', 0),
      COLUMN(words.value, 'end', 0),
      COLUMN(words.share, 'end', 0, 3),
      COLUMN(words.expected, 'end', 0, 1),
      COLUMN(words.lightColumn, 'start', 0),
    ],
    rows,
  }
}

function townTable(lights: readonly TaskLight[], plan: AskedPlan, lang: SnapshotView['lang']): FigureTable {
  const words = PAGE_WORDS[lang]
  const rows = inTrouble(lights).map(({ task, because }) => {
    const measure = plan.measure(because.measure)!
    const unit = measure.kind === 'stage' ? '%' : measure.unit
    return {
      cells: [
        { text: `${task} ${plan.task(task)?.name ?? ''}` },
        { text: because.target === null ? '—' : formatValue(because.target, unit, lang) },
        { text: because.value === null ? words.noData : formatNumber(because.value) },
        { text: because.done === null ? '—' : formatPercent(because.done) },
        { text: words.light[because.light], light: because.light },
      ],
      strong: false,
    }
  })
  return {
    columns: [COLUMN(words.task, 'start', 1), COLUMN(words.target, 'end', 0, 1), COLUMN(words.value, 'end', 0), COLUMN(words.share, 'end', 0), COLUMN(words.lightColumn, 'start', 0)],
    rows,
  }
}

function townChart(units: readonly UnitFigure[], now: MonthLights, lang: SnapshotView['lang']): FigureChart {
  const counts = units.map(({ code }) => countLights(now.ofTown(code)))
  return { title: PAGE_WORDS[lang].chartTowns, categories: units.map(({ shortName }) => shortName), red: counts.map(({ red }) => red), yellow: counts.map(({ yellow }) => yellow) }
}

function courseChart(months: readonly { id: string; counts: LightCounts }[], lang: SnapshotView['lang']): FigureChart {
  return { title: PAGE_WORDS[lang].chartMonths, categories: months.map(({ id }) => formatMonthShort(id, lang)), red: months.map(({ counts }) => counts.red), yellow: months.map(({ counts }) => counts.yellow) }
}

/** The worst first: by light, then by how far behind. */
export function inTrouble(lights: readonly TaskLight[]): TaskLight[] {
  return [...lights].sort((a, b) => LIGHTS.indexOf(b.light) - LIGHTS.indexOf(a.light) || (b.because.gap ?? -1) - (a.because.gap ?? -1) || a.task - b.task)
}

function behindTroubles(units: readonly UnitFigure[], now: MonthLights, plan: AskedPlan, lang: SnapshotView['lang']): Trouble[] {
  const words = PAGE_WORDS[lang]
  return units
    .map((unit) => ({ unit, lights: inTrouble(now.ofTown(unit.code)) }))
    .map(({ unit, lights }) => ({ unit, reds: lights.filter(({ light }) => light === 'red'), yellows: lights.filter(({ light }) => light === 'yellow') }))
    .filter(({ reds, yellows }) => reds.length + yellows.length > 0)
    .sort((a, b) => b.reds.length - a.reds.length || b.yellows.length - a.yellows.length)
    .map(({ unit, reds, yellows }) => {
      const names = reds.slice(0, 4).map(({ task }) => plan.task(task)?.name ?? String(task))
      const parts = [
        ...(reds.length ? [words.behindTasks(reds.length, names.join(words.comma) + (reds.length > 4 ? '…' : ''))] : []),
        ...(yellows.length ? [words.warnedTasks(yellows.length)] : []),
      ]
      return { light: reds.length ? ('red' as const) : ('yellow' as const), title: unit.name, text: parts.join(words.and) }
    })
}

function taskTroubles(lights: readonly TaskLight[], units: readonly { code: string; name: string; nameEn: string }[], lang: SnapshotView['lang']): Trouble[] {
  const names = new Map(units.map(({ code, name, nameEn }) => [code, lang === 'en' ? nameEn : name]))
  return inTrouble(lights)
    .filter(({ light }) => light === 'red' || light === 'yellow')
    .map(({ town, because }) => ({ light: because.light, title: names.get(town) ?? town, text: reasonText(because, lang) }))
}

function townTroubles(lights: readonly TaskLight[], plan: AskedPlan, lang: SnapshotView['lang']): Trouble[] {
  return inTrouble(lights)
    .filter(({ light }) => light === 'red' || light === 'yellow')
    .map(({ task, because }) => ({ light: because.light, title: `${task} ${plan.task(task)?.name ?? ''}`, text: reasonText(because, lang) }))
}
