/**
 * What channels must keep to themselves (a webhook's address is its key; a mail server's holds a password) stands in the database encrypted:
 * AES-256-GCM under a key that the database does not have. So a dump, a backup or a look into the table gives nobody a way to send.
 *
 * The key comes from SECRET_KEY, or from `secret.key` in the data folder, made once and readable by its owner only. Without that key what is
 * sealed cannot be opened by anybody: such a channel stands as locked until its address and secret are entered again.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const FILE = 'secret.key'
const FORM = 'v1'
const IV_BYTES = 12
const TAG_BYTES = 16

/**
 * The key where none is configured: made once and kept in the data folder, readable by its owner only.
 * @returns null where there is no folder to keep it in
 */
export async function localSecretKey(dataDir: string): Promise<string | null> {
  const known = await readSecretKey(dataDir)
  if (known) return known
  try {
    // `wx`: of two processes that start at once one writes, the other reads what it wrote.
    await writeFile(join(dataDir, FILE), randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') return null
  }
  return readSecretKey(dataDir)
}

async function readSecretKey(dataDir: string): Promise<string | null> {
  const text = await readFile(join(dataDir, FILE), 'utf8').catch(() => '')
  return text.trim().length >= 16 ? text.trim() : null
}

/** What a sealed text is: it opens as that and as nothing else. */
export type SecretPart = 'address' | 'secret'

/** A text that only the key opens; each time another one, as its nonce is new. */
export function seal(key: string, part: SecretPart, text: string): string {
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv('aes-256-gcm', cipherKey(key), iv).setAAD(associated(part))
  const sealed = Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return `${FORM}.${sealed.toString('base64url')}`
}

/** The text that was sealed; null where the key is another one, or the sealed text was changed. */
export function unseal(key: string, part: SecretPart, sealed: string): string | null {
  const [form, data, ...more] = sealed.split('.')
  const bytes = Buffer.from(data ?? '', 'base64url')
  if (form !== FORM || more.length || bytes.length < IV_BYTES + TAG_BYTES) return null
  const opener = createDecipheriv('aes-256-gcm', cipherKey(key), bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
  opener.setAAD(associated(part)).setAuthTag(bytes.subarray(-TAG_BYTES))
  try {
    return Buffer.concat([opener.update(bytes.subarray(IV_BYTES, -TAG_BYTES)), opener.final()]).toString('utf8')
  } catch {
    return null
  }
}

const keys = new Map<string, Buffer>()
/** 256 bits of whatever was configured. */
function cipherKey(key: string): Buffer {
  let bytes = keys.get(key)
  if (!bytes) keys.set(key, (bytes = Buffer.from(hkdfSync('sha256', key, 'xiangtu', 'channel secrets', 32))))
  return bytes
}

const associated = (part: SecretPart) => Buffer.from(`xiangtu channel ${part}`)
