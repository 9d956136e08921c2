/** The district's own list as it is handed round: the document's columns and words, categories merged, with progress and lights beside. */
import { worst, countLights, type TaskLight } from '../light/task-light.ts'
import { lightsOf } from '../light/lights.ts'
import { monthLights, type MonthLights } from '../light/month-lights.ts'
import { formatDate, formatPercent, formatValue, type Lang } from '../number/in-words.ts'
import type { Measure, Task } from '../plan/plan.ts'
import { completionOfAll } from '../quota/completion.ts'
import type { Progress, Series } from '../report/report.ts'
import { countsText, isUnknown } from './lit.ts'
import type { SheetCell, SheetRow, SheetTable } from './sheet.ts'
import { WORKBOOK_WORDS } from './words.ts'

/** What workbooks about a plan are made from. */
export interface PlanSources {
  plan: { title: string }
  /** The district and its units, in the district's order. */
  district: { code: string; name: string; nameEn: string }
  towns: readonly { code: string; name: string; shortName: string; nameEn: string }[]
  tasks: readonly Task[]
  progress: Progress
}

/** Which day's figures, and as known when. */
export interface PlanDay {
  asOf: string
  knownAt?: string | null | undefined
  lang: Lang
}

/** For A3 across; the two columns of the document's own words are the widest. */
const WIDTHS = [9, 6, 6, 18, 46, 13, 52, 10, 38, 11, 13, 30]

export function lightsOn({ tasks, progress }: PlanSources, { asOf, knownAt }: PlanDay): MonthLights {
  return monthLights(asOf.slice(0, 7), lightsOf(tasks, progress, asOf, knownAt ? { knownAt } : {}), asOf)
}

export function listSheet(sources: PlanSources, day: PlanDay): SheetTable {
  const { plan, tasks, progress } = sources
  const { asOf, knownAt, lang } = day
  const words = WORKBOOK_WORDS[lang]
  const now = lightsOn(sources, day)
  const seriesOf = Map.groupBy(progress.series, ({ measure }) => measure)
  const rows = tasks.map((task, i): SheetRow => {
    const lights = now.ofTask(task.no)
    const isFirst = tasks[i - 1]?.category.no !== task.category.no
    const alike = tasks.slice(i).findIndex(({ category }) => category.no !== task.category.no)
    const category: SheetCell = { value: task.category.name, rows: alike < 0 ? tasks.length - i : alike, align: 'center', strong: true }
    const progressText = task.measures.map((measure) => progressOf(measure, seriesOf.get(measure.id) ?? [], now, day)).join('\n')
    return {
      kind: 'row',
      cells: [
        ...(isFirst ? [category] : []),
        { value: task.municipalNo, align: 'center' },
        { value: task.no, align: 'center' },
        { value: task.name },
        { value: task.requirement },
        { value: [...task.leads, ...task.partners].join(words.comma) },
        { value: task.townText },
        { value: task.deadlineText || (task.deadline && formatDate(task.deadline, lang)), align: 'center' },
        { value: lights.every(isUnknown) ? words.noData : progressText },
        lightOfAll(lights, lang),
        { value: countsText(countLights(lights), lang) || null },
        { value: troubleText(lights, sources, lang) || null },
      ],
    }
  })
  return {
    name: words.list.sheet,
    title: words.list.title(plan.title),
    notes: [words.list.counts(countsText(now.counts, lang)), ...(knownAt ? [words.matrix.knownAt(formatDate(knownAt, lang))] : []), words.list.legend],
    demo: now.lights.some(({ demo }) => demo),
    asOf,
    lang,
    paper: 'A3',
    widths: WIDTHS,
    frozenColumns: 4,
    rows: [{ kind: 'head', cells: words.list.heads.map((value) => ({ value })) }, ...rows],
  }
}

/** The worst of the units' lights, in a word; of which nothing is known, that. */
function lightOfAll(lights: readonly TaskLight[], lang: Lang): SheetCell {
  const words = WORKBOOK_WORDS[lang]
  if (lights.length === 0) return { value: words.noQuota, align: 'center' }
  const light = worst(lights.map((one) => one.light))
  return { value: lights.every(isUnknown) ? `${words.light[light]}\n${words.noData}` : words.light[light], light, align: 'center' }
}

/** A measure's progress over the district in one line: 粮食生产：84,320 亩 / 124,000 亩（68%）. */
function progressOf(measure: Measure, series: readonly Series[], now: MonthLights, { asOf, knownAt, lang }: PlanDay): string {
  const words = WORKBOOK_WORDS[lang]
  const isStage = measure.kind === 'stage'
  const name = `${measure.name || words.list.stage}${words.list.colon}`
  const { value, target, share, reported, units } = completionOfAll(measure, series, asOf, knownAt ?? null)
  if (reported === 0) return name + words.noData
  if (value === null) {
    const done = measure.quotas.filter(({ town }) => (now.light(measure.id, town)?.done ?? 0) >= 1).length
    return name + words.list.units(reported, units, done)
  }
  const unit = isStage ? '%' : measure.unit
  const of = target === null || isStage || unit === '%' ? '' : ` / ${formatValue(target, unit, lang)}`
  const percent = share === null || isStage || unit === '%' || measure.direction === 'atMost' ? '' : lang === 'en' ? ` (${formatPercent(share)})` : `（${formatPercent(share)}）`
  return name + formatValue(value, unit, lang) + of + percent + (reported < units ? words.list.partly(reported, units) : '')
}

/** Which units are red, and which yellow. */
function troubleText(lights: readonly TaskLight[], { district, towns }: PlanSources, lang: Lang): string {
  const words = WORKBOOK_WORDS[lang]
  const nameOf = (code: string) => {
    const unit = towns.find((town) => town.code === code)
    if (unit) return lang === 'en' ? unit.nameEn : unit.name
    return code === district.code ? words.matrix.district : code
  }
  const of = (colour: 'red' | 'yellow') =>
    lights.filter(({ light }) => light === colour).map((one) => nameOf(one.town) + (isUnknown(one) ? (lang === 'en' ? ` (${words.noData.toLowerCase()})` : `（${words.noData}）`) : ''))
  return (['red', 'yellow'] as const)
    .flatMap((colour) => (of(colour).length ? [`${words.light[colour]}${words.list.colon}${of(colour).join(words.comma)}`] : []))
    .join('\n')
}
