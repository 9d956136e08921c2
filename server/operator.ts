import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const FILE = 'operator.key'

/**
 * The operator's key where none is configured: made once and kept in the data folder, readable by its owner only. Whoever may read that file
 * runs the installation; commands on this machine (`npm run boundaries`) take it from there.
 * @returns null where there is no folder to keep it in
 */
export async function localOperatorKey(dataDir: string): Promise<string | null> {
  const known = await readOperatorKey(dataDir)
  if (known) return known
  try {
    // `wx`: of two processes that start at once one writes, the other reads what it wrote.
    await writeFile(join(dataDir, FILE), randomBytes(24).toString('base64url'), { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') return null
  }
  return readOperatorKey(dataDir)
}

/** The key that the server on this data folder keeps, or null. */
export async function readOperatorKey(dataDir: string): Promise<string | null> {
  const text = await readFile(join(dataDir, FILE), 'utf8').catch(() => '')
  return text.trim().length >= 16 ? text.trim() : null
}
