import { createHash } from 'node:crypto'
import { crsOf } from '../../geo/crs/crs.ts'
import { mayDo, type ImportAct, type ImportChoices } from '../../geo/import/import.ts'
import { layerOf } from '../../geo/layer/layers.ts'
import { audit, bySystem } from '../audit/queries.ts'
import { later, type Clock } from '../clock.ts'
import type { Sql, Tx } from '../database/connect.ts'
import type { MapFile } from '../format/format.ts'
import type { Preview } from '../format/open.ts'
import { Problem } from '../problems.ts'
import type { Actor } from '../route.ts'
import { storableText } from '../storable.ts'
import { clearImport, forgottenImports, holdImport, insertImport, updateImport, type ImportRow } from './queries.ts'

/** Days that an import may wait for a person. */
const PATIENCE_DAYS = 14

/** Keeps a file that was read, with what was read of it; part of the caller's transaction. */
export async function keepImport(tx: Tx, actor: Actor, layer: string, file: MapFile, preview: Preview, at: string): Promise<number> {
  const sha256 = createHash('sha256').update(file.bytes).digest('hex')
  const fileName = storableText(file.name).slice(0, 200)
  const id = await insertImport(tx, { layer, fileName, sha256, preview: storable(preview), by: actor.name, origin: actor.origin, demo: actor.demo, at }, file.bytes)
  await audit(tx, actor, { action: 'import.upload', subject: `import/${id}`, before: null, after: { layer, file: fileName, sha256, format: preview.format, features: preview.features } })
  return id
}

/** Names and samples come from outside: what no database holds is replaced in them. */
function storable(preview: Preview): Preview {
  return JSON.parse(JSON.stringify(preview), (_, value: unknown) => (typeof value === 'string' ? storableText(value) : value)) as Preview
}

/**
 * The import, held, if this may be done with it now.
 * @throws Problem not-found, state-conflict, version-conflict
 */
export async function importToChange(tx: Tx, id: number, act: ImportAct, version: number | null): Promise<ImportRow> {
  const row = await holdImport(tx, id)
  if (!row) throw new Problem('not-found', { what: `import/${id}` }, 'id')
  if (!mayDo(act, row.state)) throw new Problem('state-conflict', { state: row.state })
  if (version !== null && row.version !== version) throw new Problem('version-conflict', { current: row.version, given: version }, 'version')
  return row
}

/** Takes what was read anew, in another encoding or from another part, or sends it to another layer. */
export async function setUp(tx: Tx, actor: Actor, row: ImportRow, change: { layer: string; preview: Preview }, at: string): Promise<void> {
  await updateImport(tx, row.id, { state: 'read', at, layer: change.layer, preview: storable(change.preview), choices: null })
  await audit(tx, actor, { action: 'import.set-up', subject: `import/${row.id}`, before: { layer: row.layer, encoding: row.preview.encoding, part: row.preview.part }, after: { layer: change.layer, encoding: change.preview.encoding, part: change.preview.part } })
}

/**
 * Asks for the dry run with these choices.
 * @throws Problem import-choices-invalid
 */
export async function askForCheck(tx: Tx, actor: Actor, row: ImportRow, choices: ImportChoices, local: string | null, at: string): Promise<void> {
  mustMakeSense(row, choices, local)
  await updateImport(tx, row.id, { state: 'checking', at, choices, who: { by: actor.name, origin: actor.origin, demo: actor.demo } })
  await audit(tx, actor, { action: 'import.check', subject: `import/${row.id}`, before: { choices: row.choices }, after: { choices } })
}

function mustMakeSense({ layer: name, preview }: ImportRow, { crs, fields, key, mode, x, y }: ImportChoices, local: string | null): void {
  const refuse = (field: string, why: string, whyEn: string): never => {
    throw new Problem('import-choices-invalid', { why, whyEn }, `/choices/${field}`)
  }
  const layer = layerOf(name)!
  const known = crsOf(crs)
  if (!known || (known.kind === 'local' && !local)) refuse('crs', `没有坐标系 ${crs}`, `there is no system ${crs}`)
  const columns = new Set(preview.columns.map((column) => column.name))
  for (const [field, source] of Object.entries(fields)) {
    if (!Object.hasOwn(layer.fields, field)) refuse(`fields/${field}`, `图层没有字段 ${field}`, `the layer has no field ${field}`)
    if ('column' in source && !columns.has(source.column)) refuse(`fields/${field}`, `文件没有列 ${source.column}`, `the file has no column ${source.column}`)
  }
  for (const [name, column] of Object.entries({ key, x, y })) if (column !== null && !columns.has(column)) refuse(name, `文件没有列 ${column}`, `the file has no column ${column}`)
  if (mode !== 'add' && key === null) refuse('key', '合并或替换须指定标识列', 'merging and replacing need a column of keys')
}

/**
 * Asks for the import to be stored.
 * @throws Problem import-has-errors, import-empty
 */
export async function askForStoring(tx: Tx, actor: Actor, row: ImportRow, at: string): Promise<void> {
  const report = row.report!
  if (report.faulty > 0 && !row.choices!.leaveOut) throw new Problem('import-has-errors', { count: report.faulty })
  if (report.good === 0) throw new Problem('import-empty')
  await updateImport(tx, row.id, { state: 'storing', at, who: { by: actor.name, origin: actor.origin, demo: actor.demo } })
  await audit(tx, actor, { action: 'import.ask', subject: `import/${row.id}`, before: { state: row.state }, after: { state: 'storing' } })
}

export async function askForUndo(tx: Tx, actor: Actor, row: ImportRow, at: string): Promise<void> {
  await updateImport(tx, row.id, { state: 'undoing', at, who: { by: actor.name, origin: actor.origin, demo: actor.demo } })
  await audit(tx, actor, { action: 'import.ask', subject: `import/${row.id}`, before: { state: row.state }, after: { state: 'undoing' } })
}

/** Gives an import up: the file and what was read of it go away, that it was there stays on record. */
export async function discardImport(tx: Tx, actor: Pick<Actor, 'name' | 'looksAs' | 'origin'>, row: ImportRow, at: string): Promise<void> {
  await clearImport(tx, row.id)
  await updateImport(tx, row.id, { state: 'discarded', at })
  await audit(tx, actor, { action: 'import.discard', subject: `import/${row.id}`, before: { state: row.state }, after: { state: 'discarded' } })
}

/** Discards what nobody has touched for long. @returns the imports */
export async function discardForgottenImports(sql: Sql, clock: Clock): Promise<number[]> {
  const before = later(clock, -PATIENCE_DAYS * 24 * 60)
  const forgotten = await forgottenImports(sql, before)
  const discarded: number[] = []
  for (const id of forgotten) {
    await sql.begin(async (tx) => {
      const row = await holdImport(tx, id)
      if (!row || row.changedAt >= before || !mayDo('discard', row.state)) return
      await discardImport(tx, bySystem('forgotten imports'), row, later(clock, 0))
      discarded.push(id)
    })
  }
  return discarded
}
