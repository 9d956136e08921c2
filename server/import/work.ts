/**
 * The work behind imports: reading a file into the stage and looking at every feature, storing them in one transaction, undoing that. What waits
 * stands in the database, so that any process may do it, and goes on where another was stopped.
 */
import type { ImportReport } from '../../geo/import/import.ts'
import type { Span } from '../../geo/import/span.ts'
import { layerOf } from '../../geo/layer/layers.ts'
import type { Layer } from '../../geo/layer/layer.ts'
import { audit } from '../audit/queries.ts'
import { instantOf, type Clock } from '../clock.ts'
import type { Sql, Tx } from '../database/connect.ts'
import { stageFile } from '../format/isolated.ts'
import { deleteFeatures, raiseLayerVersion, restoreFeatures, versionsOfCause } from '../layer/queries.ts'
import { Problem } from '../problems.ts'
import { sayProgress } from './progress.ts'
import { anyFeatures, anyMeets, causeOf, changedSince, claimImport, clearImport, clearStaged, compareStaged, countStaged, endWork, goOn, importBytes, isCancelled, learnFeatures, learnStaged, meetAgain, meetByKey, reportOf, sortInMemory, stage, storeChanged, storeCreated, storeDeleted, type ImportRow, type Progress } from './queries.ts' // prettier-ignore
import type { Batch } from './stage.ts'

/** So many new rows are worth new statistics. */
const ANALYSED = 2000
/** Features stored in one statement. */
const STORE_SLICE = 20_000

export interface WorkParts {
  clock: Clock
  /** The proj string of the installation's own system. */
  local: string | null
  /** Whether the database hears a second connection while a transaction is open. The embedded one does not: how far storing is, only this process knows there. */
  aside: boolean
}

/** Ends work that a person has cancelled. */
class Cancelled extends Error {}

/** Does what waits, one import after the other. @returns how many */
export async function workOnImports(sql: Sql, parts: WorkParts): Promise<number> {
  for (let done = 0; ; done++) {
    const row = await claimImport(sql)
    if (!row) return done
    await workOn(sql, row, parts)
  }
}

async function workOn(sql: Sql, row: ImportRow, parts: WorkParts): Promise<void> {
  const layer = layerOf(row.layer)
  try {
    if (!layer) throw new Problem('not-found', { what: `layer/${row.layer}` })
    if (row.state === 'checking') await check(sql, row, layer, parts)
    else if (row.state === 'storing') await storeAll(sql, row, layer, parts)
    else await undoAll(sql, row, layer, parts)
  } catch (error) {
    const failure = failureOf(error)
    if (!failure && !(error instanceof Cancelled)) throw error
    // What was tried is undone by then: the import stands where it stood before.
    const before = row.state === 'checking' ? (failure ? 'failed' : 'read') : row.state === 'storing' ? 'checked' : 'stored'
    if (row.state === 'checking') await clearStaged(sql, row.id)
    await endWork(sql, row.id, { state: before, failure })
  }
}

function failureOf(error: unknown): ImportRow['failure'] {
  if (error instanceof Problem) return { key: error.key, params: error.params }
  if ((error as { code?: string }).code === '23505') return { key: 'import-key-taken', params: {} }
  return null
}

async function check(sql: Sql, row: ImportRow, layer: Layer, { local }: WorkParts): Promise<void> {
  const { id, choices, preview } = row
  const bytes = await importBytes(sql, id)
  if (!bytes || !choices) throw new Problem('not-found', { what: `import/${id}/file` })
  const report = async (phase: Progress['phase'], done: number, of: number) => {
    if (!(await goOn(sql, id, { phase, done, of }))) throw new Cancelled()
  }
  await clearStaged(sql, id)
  const progress = { staged: 0, compared: 0 }
  const stageBatch = async (batch: Batch, from: number) => {
    await stage(sql, id, layer, choices.repair, from, batch)
    await report('reading', (progress.staged += batch.rows), preview.features)
  }
  let held = false
  const meet = async () => {
    await Promise.all(staging)
    if (progress.staged > ANALYSED) await learnStaged(sql)
    await meetByKey(sql, id, layer, choices.mode)
    held = choices.mode !== 'replace' && (await anyFeatures(sql, layer.id))
  }
  const compare = async (span: Span) => {
    await (met ??= meet())
    if (held || span.ones.length > 0) await compareStaged(sql, id, layer, held, span)
    await report('comparing', (progress.compared += span.until - span.from), progress.staged)
  }
  let met: Promise<void> | undefined
  let read = 0
  const staging: Promise<void>[] = []
  await report('reading', 0, preview.features)
  await stageFile({ name: row.fileName, bytes }, { layer, choices, local }, (part) => {
    if ('ones' in part) return compare(part)
    const staged = stageBatch(part, read)
    read += part.rows
    staging.push(staged)
    return staged
  })
  // A file without a single feature has no span.
  await (met ??= meet())
  await endWork(sql, id, { state: 'checked', report: await reportOf(sql, id, layer, choices.mode) })
}

async function storeAll(sql: Sql, row: ImportRow, layer: Layer, { clock, aside }: WorkParts): Promise<void> {
  const { id, choices, by, origin, demo } = row
  const at = instantOf(clock)
  const parts = { id, layer: layer.id, by, at, reason: `导入 #${id} ${row.fileName} / import #${id}`, source: choices!.source || row.fileName, licence: choices!.licence, demo }
  // How far it is stands outside of the transaction, where everybody sees it.
  const goesOn = async (tx: Tx, done: number, of: number) => {
    const progress = { phase: 'storing', done, of } as const
    sayProgress(id, progress)
    return aside ? goOn(sql, id, progress) : !(await isCancelled(tx, id))
  }
  await sql.begin(async (tx) => {
    await sortInMemory(tx)
    // Other writers of the layer wait from here on.
    await raiseLayerVersion(tx, layer.id, at)
    if (choices!.mode !== 'add') await meetAgain(tx, id, layer.id)
    const [staged, meets] = [await countStaged(tx, id), await anyMeets(tx, id)]
    for (let from = 0; from < staged; from += STORE_SLICE) {
      if (!(await goesOn(tx, from, staged))) throw new Cancelled()
      const slice = { from, until: from + STORE_SLICE }
      await storeCreated(tx, parts, slice)
      if (meets) await storeChanged(tx, parts, slice)
    }
    if (choices!.mode === 'replace') await storeDeleted(tx, parts)
    if (await isCancelled(tx, id)) throw new Cancelled()
    await clearImport(tx, id)
    await endWork(tx, id, { state: 'stored' })
    await trail(tx, { by, origin }, 'import.store', row, row.report)
  })
  if (row.preview.features > ANALYSED) await learnFeatures(sql)
}

async function undoAll(sql: Sql, row: ImportRow, layer: Layer, { clock }: WorkParts): Promise<void> {
  const at = instantOf(clock)
  await sql.begin(async (tx) => {
    await raiseLayerVersion(tx, layer.id, at)
    const changed = await changedSince(tx, row.id, layer.id)
    if (changed) throw new Problem('import-changed-since', { count: changed })
    const writing = { by: row.by, at, reason: `撤销导入 #${row.id} / import #${row.id} undone` }
    const done = await versionsOfCause(tx, layer.id, causeOf(row.id))
    for (let from = 0; from < done.length; from += STORE_SLICE) {
      const slice = done.slice(from, from + STORE_SLICE)
      await deleteFeatures(tx, layer.id, slice.filter(({ act }) => act === 'create').map((one) => one.id), writing) // prettier-ignore
      const before = slice.filter(({ act }) => act !== 'create').map((one) => ({ id: one.id, version: one.version - 1 }))
      if (before.length) await restoreFeatures(tx, layer.id, before, writing)
    }
    await endWork(tx, row.id, { state: 'undone' })
    await trail(tx, row, 'import.undo', row, row.report)
  })
  if (row.preview.features > ANALYSED) await learnFeatures(sql)
}

function trail(tx: Tx, { by, origin }: { by: string; origin: string }, action: string, row: ImportRow, report: ImportReport | null): Promise<void> {
  const after = { layer: row.layer, file: row.fileName, sha256: row.sha256, choices: row.choices, report }
  return audit(tx, { name: by, looksAs: null, origin }, { action, subject: `import/${row.id}`, before: { state: row.state }, after })
}
