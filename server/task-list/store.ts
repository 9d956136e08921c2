import { createHash } from 'node:crypto'
import type { Problem as ReaderProblem, TaskList } from '../../geo/plan/plan.ts'
import { applyCorrections, problemKey } from '../../geo/task-list/corrections.ts'
import type { Settled } from '../../geo/task-list/draft.ts'
import type { SourceDocument } from '../../geo/task-list/source.ts'
import { readTaskList } from '../../geo/task-list/read.ts'
import { toPlan } from '../../geo/task-list/resolve.ts'
import type { District } from '../../geo/town/town.ts'
import { audit } from '../audit/queries.ts'
import type { Tx } from '../database/connect.ts'
import { takeTurn } from '../database/turns.ts'
import { deletePlan, insertPlan, demoReports, planOf, realReports } from '../plan/queries.ts'
import { Problem } from '../problems.ts'
import type { Actor } from '../route.ts'
import { storableText } from '../storable.ts'
import { DoorError } from './doors/error.ts'
import { openDocument } from './doors/index.ts'
import { insertTaskList, taskListForUpdate, updateStatus, type TaskListRow } from './queries.ts'

/** A file as it was handed in. */
export interface ListFile {
  name: string
  bytes: Uint8Array
}

/**
 * Opens a file and reads it, storing nothing.
 * @throws Problem file-…, format-unknown and the like when it cannot be opened, task-list-unreadable when there is no list in it
 */
export async function readFile(file: ListFile, district: District) {
  const opened = await openDocument(file).catch((error: unknown) => {
    if (error instanceof DoorError) throw new Problem(error.key, error.params, 'file')
    throw error
  })
  const source = storableDocument(opened)
  const reading = readTaskList(source, { district })
  if (reading.tasks.length === 0) throw new Problem('task-list-unreadable', { reason: 'no-tasks' }, 'file')
  return { source, reading }
}

function storableDocument({ name, format, blocks }: SourceDocument): SourceDocument {
  return {
    name: storableText(name),
    format,
    blocks: blocks.map((block) =>
      block.kind === 'paragraph'
        ? { ...block, text: storableText(block.text) }
        : { ...block, rows: block.rows.map((row) => ({ ...row, cells: row.cells.map((cell) => ({ ...cell, text: storableText(cell.text) })) })) },
    ),
  }
}

/** Keeps a file, what the door made of it and what the reader made of that, as a draft. Gives its id. */
export async function keepDraft(tx: Tx, actor: Actor, file: ListFile, read: Awaited<ReturnType<typeof readFile>>): Promise<number> {
  const sha256 = createHash('sha256').update(file.bytes).digest('hex')
  const id = await insertTaskList(tx, { name: read.source.name, bytes: file.bytes, sha256, ...read })
  await audit(tx, actor, {
    action: 'task-list.read',
    subject: `task-list/${id}`,
    before: null,
    after: { name: read.source.name, sha256, tasks: read.reading.tasks.length, problems: read.reading.problems.length },
  })
  return id
}

/** What a draft says now: the reading with a person's corrections, in the words of the document. */
export function correctedList(row: Pick<TaskListRow, 'reading' | 'corrections'>): TaskList {
  return applyCorrections(row.reading, row.corrections)
}

/** The problems of a draft, each with its key and how it is settled; null: still open. Notes of severity `info` need no settling. */
export function settledProblems(row: Pick<TaskListRow, 'reading' | 'corrections' | 'confirmed'>, district: District) {
  const corrected = correctedList(row)
  const { list: plan, problems: ofTowns } = toPlan(corrected, district)
  const now = [...corrected.problems, ...ofTowns]
  const open = new Set(now.map(problemKey))
  const seen = new Map<string, ReaderProblem>()
  for (const problem of [...row.reading.problems, ...now]) seen.set(problemKey(problem), problem)
  const problems = [...seen].map(([key, problem]) => ({ key, problem, settled: settled(key, problem) }))
  return { plan, problems }

  function settled(key: string, problem: ReaderProblem): Settled | null {
    if (!open.has(key)) return 'corrected'
    // A quota of a town that the district does not have could be shown nowhere: that has to be corrected.
    if (problem.kind === 'town-unknown') return null
    if (row.confirmed.includes(key)) return 'confirmed'
    return problem.severity === 'info' ? 'noted' : null
  }
}

/**
 * Two names of one town (赵巷, 赵巷镇) are one town, which has one quota in a measure.
 * @throws Problem correction-invalid
 */
function mustNameTownsOnce(plan: TaskList): void {
  for (const task of plan.tasks) {
    for (const measure of task.measures) {
      const towns = measure.quotas.map(({ town }) => town)
      const doubled = towns.find((town, i) => towns.indexOf(town) < i)
      if (doubled === undefined) continue
      const path = `tasks/${task.no}/measures/${measure.id}/quotas/${doubled}`
      throw new Problem('correction-invalid', { path, why: 'town-repeated' }, path)
    }
  }
}

/**
 * Makes a draft the plan of its year: all or nothing, in the caller's transaction. A plan of the same year is replaced while it has no real reports.
 * `unattended` is the first start: nobody is there to look at the problems, they are kept as notes.
 * @throws Problem not-found, state-conflict, version-conflict, task-list-open-problems, correction-invalid (a town twice), task-list-unreadable, plan-exists
 */
export async function storePlan(tx: Tx, actor: Actor, id: number, options: { version: number | null; district: District; unattended: boolean }) {
  // Two lists of the same year: the second replaces what the first has stored, or is refused, and never meets it halfway.
  await takeTurn(tx, 'plans')
  const row = await taskListForUpdate(tx, id)
  if (!row) throw new Problem('not-found', { what: `task-list/${id}` })
  if (row.status !== 'draft') throw new Problem('state-conflict', { state: row.status })
  if (options.version != null && options.version !== row.version) {
    throw new Problem('version-conflict', { current: row.version, given: options.version }, 'version')
  }
  const { plan, problems } = settledProblems(row, options.district)
  const open = problems.filter(({ settled }) => settled == null)
  if (open.length && !options.unattended) throw new Problem('task-list-open-problems', { count: open.length, keys: open.map(({ key }) => key) })
  mustNameTownsOnce(plan)
  if (plan.year == null) throw new Problem('task-list-unreadable', { why: '没有年份 / the list has no year', reason: 'year-missing' }, 'year')

  const before = await planOf(tx, plan.year)
  const hadDemo = before ? (await demoReports(tx, before.id)) > 0 : false
  if (before) {
    if (await realReports(tx, before.id)) throw new Problem('plan-exists', { year: plan.year })
    await deletePlan(tx, before.id)
  }
  const planId = await insertPlan(tx, {
    year: plan.year,
    districtCode: options.district.code,
    district: options.district.name,
    title: plan.title ?? `${plan.year} 年${options.district.name}乡村振兴重点任务清单`,
    taskListId: id,
    categories: plan.categories,
    tasks: plan.tasks,
    problems: problems.map(({ key, problem, settled }) => ({ key, problem, settled: settled ?? 'noted' })),
  })
  await updateStatus(tx, id, 'stored')
  await audit(tx, actor, {
    action: 'plan.store',
    subject: `plan/${plan.year}`,
    before: before && { taskList: before.taskListId, title: before.title },
    after: { taskList: id, title: plan.title, tasks: plan.tasks.length, corrections: row.corrections.length, confirmed: row.confirmed.length },
  })
  return { planId, year: plan.year, tasks: plan.tasks, replaced: before != null, hadDemo }
}

