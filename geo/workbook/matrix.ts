/** The light matrix as a sheet: as it stands on the screen, with the same rows, columns and order. */
import { buildMatrix, type MatrixColumn, type MatrixFilter, type MatrixGroup, type MatrixOrder, NO_FILTER } from '../light/matrix.ts'
import type { LightColour } from '../light/light.ts'
import type { LightCounts } from '../light/task-light.ts'
import { formatDate } from '../number/in-words.ts'
import { lightsOn, type PlanDay, type PlanSources } from './list.ts'
import { BY_TROUBLE, lightCell } from './lit.ts'
import type { SheetCell, SheetRow, SheetTable } from './sheet.ts'
import { WORKBOOK_WORDS } from './words.ts'

export interface MatrixChoice {
  /** Whatever was searched for has told already which tasks are shown: `tasks`. */
  filter?: Omit<MatrixFilter, 'search'> | undefined
  tasks?: readonly number[] | null | undefined
  order?: MatrixOrder | undefined
}

/** Those that are counted; what is not due is counted by nobody. */
const COUNTED: readonly LightColour[] = ['red', 'yellow', 'green']

export function matrixSheet(sources: PlanSources, day: PlanDay, { filter = NO_FILTER, tasks: shown = null, order }: MatrixChoice = {}): SheetTable {
  const { plan, district, towns } = sources
  const { asOf, knownAt, lang } = day
  const words = WORKBOOK_WORDS[lang]
  const now = lightsOn(sources, day)
  const among = shown === null ? sources.tasks : sources.tasks.filter(({ no }) => shown.includes(no))
  const matrix = buildMatrix(among, [district.code, ...towns.map(({ code }) => code)], now.taskLight, { district: district.code, filter: { ...filter, search: '' }, ...(order ? { order } : {}) })
  const names = new Map([[district.code, words.matrix.district], ...towns.map((town) => [town.code, lang === 'en' ? town.nameEn : town.shortName] as const)])
  const sums = (counts: LightCounts): SheetCell[] => COUNTED.map((light) => ({ value: counts[light], align: 'center' }))
  const head: SheetRow[] = [
    {
      kind: 'head',
      cells: [
        ...[words.matrix.no, words.matrix.task, words.matrix.leads, ...matrix.columns.map(({ code }) => names.get(code)!)].map((value) => ({ value, rows: 2 })),
        { value: words.matrix.total, columns: COUNTED.length },
      ],
    },
    { kind: 'head', cells: COUNTED.map((light) => ({ value: words.light[light] })) },
  ]
  const body = matrix.groups.flatMap((group) => [...headOf(group, matrix.columns), ...group.rows.map(({ task, cells, counts }): SheetRow => ({ kind: 'row', cells: [{ value: task.no, align: 'center' }, { value: task.name, strong: true }, { value: task.leads.join(words.comma) }, ...cells.map(({ light }) => lightCell(light, lang)), ...sums(counts)] }))]) // prettier-ignore
  const feet = COUNTED.map((light, i): SheetRow => ({
    kind: 'foot',
    cells: [
      ...(i === 0 ? [{ value: words.matrix.columnTotal, columns: 2, rows: COUNTED.length, align: 'center' as const }] : []),
      { value: words.light[light], light, align: 'center' },
      ...matrix.columns.map(({ counts }): SheetCell => ({ value: counts[light], align: 'center' })),
      { value: matrix.counts[light], columns: COUNTED.length, align: 'center' },
    ],
  }))
  const rows = matrix.groups.reduce((n, group) => n + group.rows.length, 0)
  return {
    name: words.matrix.sheet,
    title: words.matrix.title(plan.title),
    notes: [...filterWords(sources, filter, shown, rows, day), ...(knownAt ? [words.matrix.knownAt(formatDate(knownAt, lang))] : []), words.matrix.legend],
    demo: now.lights.some(({ demo }) => demo),
    asOf,
    lang,
    paper: 'A3',
    widths: [6, 34, 16, ...matrix.columns.map(() => (lang === 'en' ? 18 : 12.5)), 8, 8, 8],
    frozenColumns: 2,
    rows: [...head, ...body, ...feet],
  }
}

function headOf({ category }: MatrixGroup, columns: readonly MatrixColumn[]): SheetRow[] {
  return category ? [{ kind: 'group', cells: [{ value: category.name, columns: columns.length + 3 + COUNTED.length }] }] : []
}

/** What is shown of the list, where it is not all. */
function filterWords({ tasks }: PlanSources, filter: Omit<MatrixFilter, 'search'>, shown: readonly number[] | null, rows: number, { lang }: PlanDay): string[] {
  const words = WORKBOOK_WORDS[lang]
  const category = tasks.find((task) => task.category.no === filter.category)?.category.name
  const parts = [
    category && words.matrix.category(category),
    filter.department && words.matrix.department(filter.department),
    filter.light && words.matrix.onlyLight(words.light[BY_TROUBLE.find((light) => light === filter.light)!]),
    (rows < tasks.length || shown) && words.matrix.tasks(rows, tasks.length),
  ].filter((part): part is string => Boolean(part))
  return parts.length ? [words.matrix.filters(parts.join(words.semicolon))] : []
}
