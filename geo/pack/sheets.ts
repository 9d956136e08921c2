/** The pack's workbook: the same figures as on its pages, as numbers that can be counted with, the matrix, and the district's own list. Pure. */
import { LIGHTS } from '../light/light.ts'
import { countLights, type LightCounts, type TaskLight } from '../light/task-light.ts'
import { reasonText } from '../light/reason.ts'
import { formatDate, formatMonth, unitWord, type Lang } from '../number/in-words.ts'
import { ORDER_STATES } from '../order/order.ts'
import type { PageBasis } from '../snapshot/figures.ts'
import { PAGE_WORDS } from '../snapshot/words.ts'
import { listSheet, type PlanSources } from '../workbook/list.ts'
import { matrixSheet } from '../workbook/matrix.ts'
import type { SheetCell, SheetRow, SheetTable } from '../workbook/sheet.ts'
import { unitNamer } from './lists.ts'
import { changesOf, ordersDue, problemsOf, type PackFacts } from './pack.ts'
import { PACK_WORDS } from './words.ts'

/** A share, which the cell shows in percent. */
const percent = (share: number | null): SheetCell => ({ value: share === null ? null : Math.round(share * 1000) / 1000, number: { decimals: 1, percent: true } })

export function packSheets(basis: PageBasis, facts: PackFacts, lang: Lang): SheetTable[] {
  const { sources, now, before, plan } = basis
  const words = PACK_WORDS[lang]
  const page = PAGE_WORDS[lang]
  const nameOf = unitNamer(basis, lang)
  const month = formatMonth(now.month, lang)
  const demo = now.lights.some((light) => light.demo)
  const colours = [...LIGHTS].reverse()
  const table = (name: string, heads: string[], rows: SheetRow[], { widths, notes = [], frozenColumns = 2, demo: made = demo }: { widths: number[]; notes?: string[]; frozenColumns?: number; demo?: boolean }): SheetTable => ({
    name,
    title: `${month} ${name}`,
    notes: [page.source(sources.plan.title), ...notes],
    demo: made,
    asOf: now.asOf,
    lang,
    paper: widths.reduce((sum, width) => sum + width, 0) > 140 ? 'A3' : 'A4',
    widths,
    frozenColumns,
    rows: [{ kind: 'head', cells: heads.map((value) => ({ value })) }, ...rows],
  })
  const lit = ({ light }: Pick<TaskLight, 'light'>): SheetCell => ({ value: page.light[light], light, align: 'center' })
  const taskCells = ({ task }: Pick<TaskLight, 'task'>): SheetCell[] => [{ value: task, align: 'center' }, { value: plan.task(task)?.name ?? '', strong: true }]

  const countCells = (counts: LightCounts, then: LightCounts | null): SheetCell[] => [
    ...colours.map((light) => ({ value: counts[light] })),
    ...(['red', 'yellow'] as const).map((light) => ({ value: then && counts[light] - then[light] })),
  ]
  const overview = [...sources.towns, sources.district].map(({ code }): SheetRow => ({
    kind: 'row',
    // Its own row is what the district reports itself; the last one is all of it.
    cells: [{ value: code === sources.district.code ? page.districtsOwn : nameOf(code), strong: true }, ...countCells(countLights(now.ofTown(code)), before && countLights(before.ofTown(code)))],
  }))
  const changes = (changesOf(basis) ?? []).map(({ now: light, then, worse }): SheetRow => ({
    kind: 'row',
    cells: [{ value: worse ? words.worse : words.better }, { value: nameOf(light.town) }, ...taskCells(light), lit(then), lit(light), percent(then.because.done), percent(light.because.done), { value: reasonText(light.because, lang) }],
  }))
  const problems = problemsOf(basis).map((light): SheetRow => {
    const { because } = light
    const measure = plan.measure(because.measure)
    return {
      kind: 'row',
      cells: [
        lit(light),
        { value: nameOf(light.town) },
        ...taskCells(light),
        { value: plan.task(light.task)?.leads.join('、') ?? '' },
        { value: measure?.name ?? '' },
        { value: because.target },
        { value: because.value ?? words.noData },
        { value: measure ? (measure.kind === 'stage' ? '%' : unitWord(measure.unit, lang)) : '' },
        percent(because.expected),
        because.done === null ? { value: words.noData } : percent(because.done),
        { value: because.gap === null ? null : Math.round(because.gap * 10) / 10, number: { decimals: 1 } },
        { value: because.since, time: 'day' },
        { value: reasonText(because, lang) },
      ],
    }
  })
  const due = ordersDue(facts)
  const orders = due.map((one): SheetRow => ({
    kind: 'row',
    cells: [
      { value: words.orderNo(one.year, one.no) },
      { value: nameOf(one.owner), strong: true },
      { value: one.demo ? `${one.title}（${words.demo}）` : one.title },
      { value: one.issuedOn, time: 'day' },
      { value: one.dueOn, time: 'day' },
      { value: one.overdue ? words.overdue : ORDER_STATES[one.state][lang === 'en' ? 'en' : 'zh'], ...(one.overdue ? { light: 'red' as const } : {}) },
    ],
  }))
  const planSources: PlanSources = { plan: sources.plan, district: sources.district, towns: sources.towns.map((town) => ({ ...town, shortName: town.shortName ?? town.name })), tasks: sources.tasks, progress: sources.progress }
  const day = { asOf: now.asOf, lang }
  return [
    table(
      words.overview,
      [words.unit, ...colours.map((light) => page.light[light]), `${page.light.red} ±`, `${page.light.yellow} ±`],
      [...overview, { kind: 'foot', cells: [{ value: words.all }, ...countCells(now.counts, before && before.counts)] }],
      { widths: [18, 10, 10, 10, 10, 11, 11], frozenColumns: 1 },
    ),
    { ...matrixSheet(planSources, day), name: words.matrix },
    table(words.changes, ['', words.unit, words.no, words.task, words.last, words.current, `${words.last} ${words.done}`, `${words.current} ${words.done}`, words.reason], changes, { widths: [8, 16, 7, 32, 10, 10, 12, 12, 60] }),
    table(
      words.problems,
      [words.light, words.unit, words.no, words.task, words.leads, words.measure, words.target, words.value, words.measureUnit, words.expected, words.done, words.percentagePoints, words.since, words.reason],
      problems,
      { widths: [10, 16, 7, 32, 18, 22, 11, 11, 8, 10, 10, 14, 12, 60] },
    ),
    table(words.orders, [words.no, words.owner, words.what, words.issued, words.due, words.state], orders, {
      widths: [14, 22, 56, 13, 13, 16],
      notes: [words.ordersHint(formatDate(facts.day, lang), due.length, due.filter(({ overdue }) => overdue).length)],
      demo: due.some((order) => order.demo),
    }),
    listSheet(planSources, day),
  ]
}
