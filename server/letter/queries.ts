import type { LetterKind, TemplateAct } from '../../geo/letter/letter.ts'
import type { Queryable, Tx } from '../database/connect.ts'

/** A version of a template, without its bytes. */
export interface TemplateRow {
  kind: LetterKind
  version: number
  act: TemplateAct
  at: string
  by: string
  /** How the account is called; null: it is none. */
  byName: string | null
  name: string
  words: string
  sha256: string | null
}

/** Every version of the letters' templates, the newest first. */
export async function templateVersions(sql: Queryable, kind: LetterKind | null = null): Promise<TemplateRow[]> {
  return [...(await sql<TemplateRow[]>`
    select t.kind, t.version, t.act, t.at, t.by, a.person as by_name, t.name, t.words, t.sha256
    from letter_template t left join account a on a.name = t.by
    where ${kind}::text is null or t.kind = ${kind}
    order by t.kind, t.version desc`)]
}

/** The bytes of a version; null: it has none, or there is no such version. */
export async function templateBytes(sql: Queryable, kind: LetterKind, version: number): Promise<Uint8Array<ArrayBuffer> | null> {
  const [row] = await sql<{ bytes: Uint8Array<ArrayBuffer> | null }[]>`select bytes from letter_template where kind = ${kind} and version = ${version}`
  return row?.bytes ?? null
}

/** The newest version of a template: its number, and its bytes unless the built-in one counts. */
export async function newestTemplate(sql: Queryable, kind: LetterKind): Promise<{ version: number; bytes: Uint8Array<ArrayBuffer> | null }> {
  const [row] = await sql<{ version: number; bytes: Uint8Array<ArrayBuffer> | null }[]>`
    select version, bytes from letter_template where kind = ${kind} order by version desc limit 1`
  return row ?? { version: 0, bytes: null }
}

export type NewTemplate = Omit<TemplateRow, 'byName'> & { bytes: Uint8Array | null }

/** Stores a version. The caller has the turn `letters`. */
export async function insertTemplate(tx: Tx, row: NewTemplate): Promise<void> {
  await tx`
    insert into letter_template (kind, version, act, at, by, name, words, sha256, bytes)
    values (${row.kind}, ${row.version}, ${row.act}, ${row.at}, ${row.by}, ${row.name}, ${row.words}, ${row.sha256}, ${row.bytes && Buffer.from(row.bytes)})`
}
