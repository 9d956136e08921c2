import type { BlockChanges } from '../../geo/snapshot/block.ts'
import type { Logo, OwnTemplate } from '../../geo/snapshot/own.ts'
import type { Queryable, Tx } from '../database/connect.ts'

export interface TemplateRow extends OwnTemplate {
  removed: boolean
}

const columns = (sql: Queryable) => sql`id, version, name, template, paper, blocks, logo_id as logo, removed_at is not null as removed`

/** Those that are there, in the order of their making. */
export async function templates(sql: Queryable): Promise<OwnTemplate[]> {
  const rows = await sql<TemplateRow[]>`select ${columns(sql)} from page_template where removed_at is null order by id`
  return rows.map(({ removed: _removed, ...template }) => template)
}

/** Held until the transaction ends. */
export async function holdTemplate(tx: Tx, id: number): Promise<TemplateRow | null> {
  const [row] = await tx<TemplateRow[]>`select ${columns(tx)} from page_template where id = ${id} for update`
  return row ?? null
}

/** Another one that has the name. */
export async function isNameTaken(sql: Queryable, name: string, but: number | null): Promise<boolean> {
  const rows = await sql`select id from page_template where name = ${name} and removed_at is null and id is distinct from ${but}::int`
  return rows.length > 0
}

export type GivenTemplate = Omit<OwnTemplate, 'id' | 'version'>
interface Entry {
  by: string
  at: string
}

export async function insertTemplate(tx: Tx, { name, template, paper, blocks, logo }: GivenTemplate, { by, at }: Entry): Promise<number> {
  const [row] = await tx<{ id: number }[]>`
    insert into page_template (name, template, paper, blocks, logo_id, changed_by, changed_at)
    values (${name}, ${template}, ${paper}, ${tx.json(blocks as BlockChanges as never)}, ${logo}, ${by}, ${at}) returning id`
  return row!.id
}

export async function updateTemplate(tx: Tx, id: number, { name, template, paper, blocks, logo }: GivenTemplate, { by, at }: Entry): Promise<void> {
  await tx`
    update page_template set version = version + 1, name = ${name}, template = ${template}, paper = ${paper}, blocks = ${tx.json(blocks as never)}, logo_id = ${logo},
                             changed_by = ${by}, changed_at = ${at}
    where id = ${id}`
}

export async function markTemplate(tx: Tx, id: number, removed: boolean, { by, at }: Entry): Promise<void> {
  await tx`update page_template set version = version + 1, removed_at = ${removed ? at : null}, changed_by = ${by}, changed_at = ${at} where id = ${id}`
}

export async function logos(sql: Queryable): Promise<Logo[]> {
  return [...(await sql<Logo[]>`select id, name, width, height from page_logo where removed_at is null order by id`)]
}

/** Also one that was removed: pages that have it show it. */
export async function logoOf(sql: Queryable, id: number): Promise<(Logo & { sha256: string; bytes: Uint8Array; removed: boolean }) | null> {
  const [row] = await sql<(Logo & { sha256: string; bytes: Uint8Array; removed: boolean })[]>`
    select id, name, width, height, sha256, bytes, removed_at is not null as removed from page_logo where id = ${id}`
  return row ?? null
}

export async function insertLogo(tx: Tx, { name, sha256, width, height, bytes }: Omit<Logo, 'id'> & { sha256: string; bytes: Uint8Array }, { by, at }: Entry): Promise<number> {
  const [row] = await tx<{ id: number }[]>`
    insert into page_logo (name, sha256, width, height, bytes, added_by, added_at)
    values (${name}, ${sha256}, ${width}, ${height}, ${Buffer.from(bytes)}, ${by}, ${at}) returning id`
  return row!.id
}

/** @returns whether it was there */
export async function markLogo(tx: Tx, id: number, at: string | null): Promise<boolean> {
  return (await tx`update page_logo set removed_at = ${at} where id = ${id} and (removed_at is null) = ${at !== null} returning id`).length > 0
}
