/** What is kept as it was: canonical text with its hash, and the proof that it still is what it was. */
import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import { canonicalJson } from '../../geo/frozen/canonical.ts'

export interface Frozen {
  content: string
  sha256: string
}

/** A record as the text that is stored, with the hash over its bytes (UTF-8). */
export function freeze(record: unknown): Frozen {
  const content = canonicalJson(record)
  return { content, sha256: sha256Of(content) }
}

export function sha256Of(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex')
}

/**
 * Computes the hash anew, over the stored text and over what that text says, written canonically again: whoever changed a figure, a space or
 * the order of two keys would show.
 */
export function holds({ content, sha256 }: Frozen): boolean {
  return sha256Of(content) === sha256 && sha256Of(canonicalJson(JSON.parse(content))) === sha256
}

/** The very bytes that the hash is of, to be kept and checked by anybody with `sha256sum`. */
export function frozenFile(c: Context, { content, sha256 }: Frozen, name: string): Response {
  return c.body(content, 200, {
    'content-type': 'application/json; charset=utf-8',
    'content-disposition': `attachment; filename="${name}"`,
    etag: `"${sha256}"`,
  })
}
