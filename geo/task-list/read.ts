import type { Category, FieldSpan, Measure, Milestone, Problem, Task, TaskField, TaskList } from '../plan/plan.ts'
import type { District } from '../town/town.ts'
import { readCategories, type CategoryTable } from './categories.ts'
import { type CellReading, readCell } from './cell.ts'
import { checkCategories, checkSplit, checkSum, checkUnits } from './checks.ts'
import { cleanRow, type CleanRow } from './cleaned-row.ts'
import { readDeadline } from './dates.ts'
import { distinctNames, draftMeasures, stageMeasure, toMeasure } from './measures.ts'
import { mechanismsOf } from './mechanisms.ts'
import { assumedShares, milestonesOf } from './milestones.ts'
import { numberRows, serial } from './numbering.ts'
import { problem } from './problems.ts'
import { adjustable, around, documentProblems, gatheredSets, leftovers, townProblems } from './remarks.ts'
import { type RawList, readRows } from './rows.ts'
import type { SourceDocument } from './source.ts'
import { readTitle, yearIn } from './title.ts'
import { type Lexicon, lexiconOf } from './towns.ts'

export interface ReadOptions {
  /** A district whose towns and regions are known. It is used unless the document says that it is another district's. */
  district?: District
  /** The plan's year, where the document does not say. */
  year?: number
}

/**
 * Reads a district's task list: tasks with leads, deadlines, towns, measures and quotas, each number with the characters it was read from,
 * and everything odd as a problem. Pure; never throws and never hangs, whatever the document. Town names come as written.
 */
export function readTaskList(document: SourceDocument, options: ReadOptions = {}): TaskList {
  const raw = readRows(document)
  const title = readTitle(raw.lines, document.name)
  const year = title.year ?? options.year ?? yearOfText(raw)
  const cleaned = raw.rows.map(cleanRow)
  const words = {
    listed: cleaned.flatMap((row) => [row.townText, row.ownerTowns.join('、')]),
    prose: cleaned.map((row) => row.requirement),
    heads: raw.columns.filter((column) => column.role === 'town').map((column) => column.head),
  }
  const gathered = lexiconOf(words, null)
  const district = options.district && isListOf(options.district, title.district, gathered) ? options.district : null
  const lexicon = district ? lexiconOf(words, district) : gathered
  const table = readCategories(
    raw.categories.map((category) => category.text),
    cleaned.map((row) => `${row.name}${row.requirement}`).join('\n'),
  )
  const context: Context = {
    lexicon,
    table,
    year: year ?? new Date(0).getUTCFullYear(),
    knownYear: year,
    district: title.district ?? district?.name ?? '全区',
    numbered: raw.columns.some((column) => column.role === 'no' || column.role === 'municipalNo'),
    dated: raw.columns.some((column) => column.role === 'deadline'),
    led: raw.columns.some((column) => column.role === 'leads' || column.role === 'departments'),
    categorised: raw.categories.length > 0,
  }
  const { numbers, problems: numberProblems } = numberRows(cleaned, context.numbered)
  const problems: Problem[] = [...documentProblems(raw, table), ...numberProblems]
  const tasks = cleaned.map((row, i) => readTask(row, numbers[i] as number, context, problems))
  problems.push(...checkCategories(tasks, table.categories), ...gatheredSets(cleaned, lexicon))
  return {
    title: title.title,
    year,
    district: title.district ?? district?.name ?? null,
    categories: table.categories,
    tasks,
    problems,
  }
}

/** Whether a list is the known district's: the title says so, or it says nothing and the towns, if any are named, are among the district's. */
function isListOf(district: District, titled: string | null, { names }: Lexicon): boolean {
  if (titled !== null) return titled === district.name
  return names.length === 0 || names.some((name) => district.towns.some((town) => town.name === name))
}

interface Context {
  lexicon: Lexicon
  table: CategoryTable
  year: number
  knownYear: number | null
  district: string
  numbered: boolean
  dated: boolean
  led: boolean
  categorised: boolean
}

/** Without a year in title or file name: the one that the text names most often. */
function yearOfText(raw: RawList): number | null {
  const counts = new Map<number, number>()
  for (const row of raw.rows) {
    for (const text of [row.cells.name, row.cells.deadline, row.cells.requirement]) {
      const year = text === undefined ? null : yearIn(text.slice(0, 2000))
      if (year !== null) counts.set(year, (counts.get(year) ?? 0) + 1)
    }
  }
  return [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0]?.[0] ?? null
}

function readTask(row: CleanRow, no: number, context: Context, problems: Problem[]): Task {
  const { lexicon } = context
  const place = { table: row.raw.place.table, row: row.raw.place.rows[0] ?? 0, column: null }
  const add = (kind: Parameters<typeof problem>[0], about: Parameters<typeof problem>[1] = {}): void => {
    problems.push(problem(kind, { task: no, place, ...about }))
  }
  const deadline = readDeadline(row.deadlineText, context.knownYear)
  const townCell = readCell(row.townText, 'townText', lexicon, context.year, row.headUnit)
  const requirementCell = readCell(row.requirement, 'requirement', lexicon, context.year)
  const nameCell = readCell(row.name, 'name', lexicon, context.year)
  const cells = [townCell, requirementCell, nameCell]

  const { drafts, differing } = draftMeasures(cells, no, row.name)
  const dated = datedMilestones(cells, deadline)
  const anchor = dated
    ? (drafts.filter((d) => d.statement.field === dated.field && d.statement.at < dated.at).at(-1) ?? drafts[0])
    : undefined
  if (dated && anchor) anchor.milestones = dated.milestones

  const units = namedTowns(row, cells, lexicon)
  const measures = drafts.map((draft, i) => toMeasure(draft, `${no}.${i + 1}`, row.name, context.district, cells))
  if (units.length === 1) for (const measure of measures) giveTo(units[0] as NamedTown, measure, row)
  distinctNames(measures)
  const reached = new Set(measures.flatMap((measure) => measure.quotas.map((quota) => quota.town)))
  const rest = units.filter((unit) => !reached.has(unit.town))
  const wanting = rest.length > 0 ? rest : measures.length === 0 ? [{ town: context.district, townSource: null }] : []
  if (wanting.length > 0)
    measures.push(stageMeasure(`${no}.${measures.length + 1}`, wanting, dated && !anchor ? dated.milestones : []))

  const task: Task = {
    no,
    municipalNo: serial(row.raw.cells.municipalNo),
    category: categoryOf(row, context),
    name: row.name,
    requirement: row.requirement,
    leads: row.leads,
    partners: row.partners,
    deadline,
    deadlineText: row.deadlineText,
    townText: row.townText,
    towns: units.map((unit) => unit.town),
    mechanisms: mechanismsOf(
      [
        { field: 'requirement', text: row.requirement },
        { field: 'townText', text: row.townText },
      ],
      measures,
    ),
    measures,
    place: row.raw.place,
  }

  if (row.name === '') add('name-missing')
  if (row.leads.length === 0 && context.led) add('lead-missing')
  if (deadline === null && (context.dated || row.deadlineText !== ''))
    add('deadline-not-understood', { params: { text: row.deadlineText } })
  if (context.categorised && row.raw.category === null) add('category-missing')
  if (row.tagged) add('placed-by-tag')
  for (const { draft, problem: found } of differing) {
    const measure = task.measures[drafts.indexOf(draft)] ?? null
    const params = { ...found.params, name: measure?.name ?? found.params.name ?? '' }
    add('statements-differ', { measure: measure?.id ?? null, params, source: found.source })
  }
  for (const [i, draft] of drafts.entries()) {
    const measure = task.measures[i] as Task['measures'][number]
    const { statement } = draft
    const cell = cells.find((c) => c.field === statement.field) as CellReading
    const text = cell.text.slice(statement.textSpan.start, statement.textSpan.end)
    const source: FieldSpan = { field: statement.field, ...statement.textSpan }
    problems.push(
      ...checkSum(no, measure, draft),
      ...checkUnits(no, measure, draft),
      ...checkSplit(task, measure, statement.towns, text),
    )
    // In the towns' cell, "举办 1 场活动" without a subject may be meant for each of them.
    const unsaid =
      statement.field === 'townText' &&
      measure.allocation === 'total' &&
      measure.kind === 'count' &&
      (measure.target ?? 0) < task.towns.length
    if (statement.ambiguous || unsaid)
      add('each-or-together', { measure: measure.id, params: { text: around(cell.text, statement.textSpan) }, source })
    if (statement.upper !== null)
      add('range', {
        measure: measure.id,
        params: { text, value: measure.quotas[0]?.target ?? 0, upper: statement.upper },
        source,
      })
  }
  for (const leftover of leftovers(cells)) {
    add('number-not-understood', {
      params: { text: leftover.text, reason: leftover.reason },
      source: { field: leftover.field, ...leftover.span },
    })
  }
  for (const measure of task.measures)
    for (const cell of cells)
      for (const { share, source } of assumedShares(
        cell.steps,
        measure.milestones.filter((m) => m.source?.field === cell.field),
      )) {
        const text = cell.text.slice(source?.start, source?.end)
        add('share-assumed', { measure: measure.id, params: { text, percent: Math.round(share * 100) }, source })
      }
  problems.push(...townProblems(task, cells, lexicon), ...adjustable(task))
  return task
}

function categoryOf(row: CleanRow, context: Context): Category {
  const no = row.raw.category === null ? undefined : context.table.numberOf.get(row.raw.category)
  return context.table.categories.find((category) => category.no === no) ?? { no: 0, name: '' }
}

function datedMilestones(
  cells: readonly CellReading[],
  deadline: string | null,
): { milestones: Milestone[]; field: TaskField; at: number } | null {
  for (const cell of cells) {
    if (cell.field !== 'townText' && cell.field !== 'requirement') continue
    const milestones = milestonesOf(cell.steps, deadline, cell.field)
    if (milestones.length > 0) return { milestones, field: cell.field, at: milestones[0]?.source?.start ?? 0 }
  }
  return null
}

interface NamedTown {
  town: string
  townSource: FieldSpan | null
}

/** Where one town alone is responsible for a task, the numbers that its requirement gives are that town's, unless they are the whole district's. */
function giveTo(unit: NamedTown, measure: Measure, row: CleanRow): void {
  const [quota] = measure.quotas
  const from = quota?.requirementSource
  if (
    !quota ||
    !from ||
    measure.allocation !== 'total' ||
    measure.kind === 'rate' ||
    unit.townSource?.field === 'requirement'
  )
    return
  const sentence = row.requirement
    .slice(0, from.start)
    .split(/[。；\n]/)
    .at(-1) as string
  if (/全[区县市]|本[区县市]/.test(sentence)) return
  measure.allocation = 'named'
  measure.quotas = [{ ...quota, town: unit.town, townSource: unit.townSource }]
}

/** The towns that a row names, in the document's order, with the words that do: its towns' cell, else its owners, else the requirement. */
function namedTowns(row: CleanRow, cells: readonly CellReading[], lexicon: Lexicon): NamedTown[] {
  const owners = readCell(row.ownerTowns.join('、'), 'leads', lexicon, 2000)
  for (const cell of [cells[0] as CellReading, owners, cells[1] as CellReading, cells[2] as CellReading]) {
    const found = new Map<string, FieldSpan | null>()
    for (const mention of cell.mentions) {
      for (const town of mention.towns ?? [])
        if (!found.has(town)) found.set(town, cell === owners ? null : { field: cell.field, ...mention.span })
    }
    if (found.size > 0) return [...found].map(([town, townSource]) => ({ town, townSource }))
  }
  return []
}
