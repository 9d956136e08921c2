/** Templates on the database, and letters made with the one that counts. */
import { readFile } from 'node:fs/promises'
import { LETTER_FAULTS, LETTERS, type LetterKind, type LetterValues } from '../../geo/letter/letter.ts'
import { audit } from '../audit/queries.ts'
import type { Queryable, Tx } from '../database/connect.ts'
import { takeTurn } from '../database/turns.ts'
import { createHash } from 'node:crypto'
import { Problem } from '../problems.ts'
import type { Actor } from '../route.ts'
import { insertTemplate, newestTemplate, templateBytes, templateVersions, type TemplateRow } from './queries.ts'
import { checkTemplate, fillTemplate, openTemplate, type FoundFault } from './template.ts'

/** What the product comes with (seeds/letters/build.ts draws it up). */
export async function builtIn(kind: LetterKind): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readFile(new URL(`../../seeds/letters/${kind}.docx`, import.meta.url)))
}

/** A version of a template; 0: the built-in one. @throws Problem not-found */
export async function templateOf(sql: Queryable, kind: LetterKind, version: number): Promise<Uint8Array<ArrayBuffer>> {
  if (version === 0) return builtIn(kind)
  const bytes = await templateBytes(sql, kind, version)
  if (!bytes) throw new Problem('not-found', { what: `letter/${kind}/${version}` }, 'version')
  return bytes
}

/** A letter by the template that counts now. */
export async function letterOf(sql: Queryable, kind: LetterKind, values: LetterValues): Promise<Uint8Array<ArrayBuffer>> {
  const { bytes } = await newestTemplate(sql, kind)
  return fillTemplate(kind, bytes ?? (await builtIn(kind)), values)
}

/**
 * What is wrong with an uploaded file; nothing: it can be used.
 * @throws Problem letter-file where it is no template at all
 */
export function faultsOfFile(kind: LetterKind, bytes: Uint8Array): FoundFault[] {
  return checkTemplate(kind, openTemplate(bytes))
}

export interface TemplateStep {
  /** The newest version that the person has before their eyes. */
  version: number
  words: string
}

/**
 * Puts a file in the place of a template.
 * @throws Problem letter-file, letter-invalid, version-conflict
 */
export async function uploadTemplate(tx: Tx, actor: Actor, kind: LetterKind, file: { name: string; bytes: Uint8Array }, step: TemplateStep, now: string): Promise<TemplateRow> {
  mustBeSound(kind, file.bytes)
  return add(tx, actor, kind, 'upload', file, step, now)
}

/**
 * Brings an earlier version back, as a new one; 0: the built-in one.
 * @throws Problem not-found, letter-invalid (the fields are others now), version-conflict
 */
export async function restoreTemplate(tx: Tx, actor: Actor, kind: LetterKind, of: number, step: TemplateStep, now: string): Promise<TemplateRow> {
  if (of === 0) return add(tx, actor, kind, 'reset', null, step, now)
  const old = (await templateVersions(tx, kind)).find(({ version }) => version === of)
  const bytes = await templateOf(tx, kind, of)
  mustBeSound(kind, bytes)
  return add(tx, actor, kind, 'restore', { name: old!.name, bytes }, step, now)
}

function mustBeSound(kind: LetterKind, bytes: Uint8Array): void {
  const faults = faultsOfFile(kind, bytes)
  if (faults.length === 0) return
  const say = (lang: 'zh' | 'en') => faults.slice(0, 5).map(({ fault, name, place }) => `${place ? `${place}：` : ''}${name ? `{${name}} ` : ''}${LETTER_FAULTS[fault][lang]}`).join(lang === 'zh' ? '；' : '; ')
  throw new Problem('letter-invalid', { letter: LETTERS[kind].zh, letterEn: LETTERS[kind].en, faults, why: say('zh'), whyEn: say('en') }, 'file')
}

async function add(tx: Tx, actor: Actor, kind: LetterKind, act: TemplateRow['act'], file: { name: string; bytes: Uint8Array } | null, { version: seen, words }: TemplateStep, now: string): Promise<TemplateRow> {
  await takeTurn(tx, 'letters')
  const { version: current } = await newestTemplate(tx, kind)
  if (current !== seen) throw new Problem('version-conflict', { current, given: seen }, 'version')
  const version = current + 1
  const sha256 = file && createHash('sha256').update(file.bytes).digest('hex')
  await insertTemplate(tx, { kind, version, act, at: now, by: actor.name, name: file?.name ?? '', words, sha256, bytes: file?.bytes ?? null })
  await audit(tx, actor, { action: `letter.${act}`, subject: `letter/${kind}`, before: { version: current }, after: { version, name: file?.name ?? null, sha256, words } })
  return (await templateVersions(tx, kind))[0]!
}
