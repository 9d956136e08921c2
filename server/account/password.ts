import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const hash = promisify(argon2)

/** OWASP's recommendation for argon2id: 19 MiB, two passes, one lane. */
const COST = { memory: 19 * 1024, passes: 2, parallelism: 1 } as const
const TAG_BYTES = 32
/** Longer passwords only cost the server time. */
export const PASSWORD_LONGEST = 200
export const PASSWORD_SHORTEST = 10

/** Derivations that run at once: each takes 19 MiB and a thread of the pool that file reading needs too. */
const MOST = 2
let running = 0
const waiting: (() => void)[] = []

/** The password's argon2id hash as a PHC string (`$argon2id$v=19$m=…,t=…,p=…$salt$hash`). */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const tag = await derive(password, salt, COST)
  return `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${base64(salt)}$${base64(tag)}`
}

/** Whether the password is the one that was hashed. Takes as long for null (no such account, or none with a password), and says no. */
export async function verifyPassword(password: string, stored: string | null): Promise<boolean> {
  const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)$/.exec(stored ?? '')
  const [, memory, passes, parallelism, salt, tag] = match ?? []
  const cost = match ? { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) } : COST
  const expected = match ? Buffer.from(tag ?? '', 'base64') : Buffer.alloc(TAG_BYTES)
  const given = await derive(password.slice(0, PASSWORD_LONGEST), match ? Buffer.from(salt ?? '', 'base64') : Buffer.alloc(16), cost, expected.length)
  return timingSafeEqual(given, expected) && match !== null
}

/** What is wrong with a new password, as a key; null: nothing. Length counts, not signs of every kind (NIST SP 800-63B). */
export function faultOfPassword(password: string, account: string): 'too-short' | 'too-long' | 'like-account' | 'too-simple' | null {
  if (password.length < PASSWORD_SHORTEST) return 'too-short'
  if (password.length > PASSWORD_LONGEST) return 'too-long'
  if (password.toLowerCase().includes(account.toLowerCase())) return 'like-account'
  if (new Set(password).size < 5) return 'too-simple'
  return null
}

/** A password for one use, to be read off a screen: no signs that look alike. */
export function oneTimePassword(): string {
  const signs = 'abcdefghjkmnpqrstuvwxyz23456789'
  return [...randomBytes(16)].map((byte, i) => (i && i % 4 === 0 ? '-' : '') + signs[byte % signs.length]).join('')
}

async function derive(password: string, salt: Buffer, cost: { memory: number; passes: number; parallelism: number }, length = TAG_BYTES): Promise<Buffer> {
  if (running >= MOST) await new Promise<void>((resolve) => waiting.push(resolve))
  running++
  try {
    return await hash('argon2id', { message: Buffer.from(password), nonce: salt, tagLength: length, ...cost })
  } finally {
    running--
    waiting.shift()?.()
  }
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}
