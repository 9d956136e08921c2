/**
 * The PostgreSQL v3 wire protocol as far as the bridge needs it: cutting a stream of bytes into messages, reading and
 * renaming statements, and writing the few answers that the bridge gives itself. Pure: no sockets, no engine.
 * Source: PostgreSQL documentation, chapter "Frontend/Backend Protocol", "Message Formats".
 */

/** Types of message by their first byte; a frontend and a backend message may share a letter. */
export const FRONTEND = {
  bind: 0x42,
  close: 0x43,
  copyData: 0x64,
  copyDone: 0x63,
  copyFail: 0x66,
  describe: 0x44,
  execute: 0x45,
  flush: 0x48,
  functionCall: 0x46,
  parse: 0x50,
  password: 0x70,
  query: 0x51,
  sync: 0x53,
  terminate: 0x58,
} as const
export const BACKEND = {
  commandComplete: 0x43,
  copyInResponse: 0x47,
  dataRow: 0x44,
  error: 0x45,
  readyForQuery: 0x5a,
} as const

/** Codes that stand where a startup packet has its protocol version. */
export const STARTUP = { version3: 196608, cancel: 80877102, ssl: 80877103, gss: 80877104 } as const

/** What ReadyForQuery says: idle, in a transaction, in a failed transaction. */
export type TransactionStatus = 'I' | 'T' | 'E'

/** A client sent bytes that are no messages, or more than it may. `code` is the SQLSTATE to answer with. */
export class ProtocolError extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/**
 * Cuts a stream into messages, whatever the pieces it arrives in.
 * `push` adds bytes; `next` gives the next whole message with its header, or undefined while it is incomplete.
 * Throws ProtocolError: 08P01 for an impossible length, 54000 for a message above `limit` bytes.
 */
export class MessageReader {
  #parts: Buffer[] = []
  #size = 0
  #limit: number

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Bytes that are held and not yet taken. */
  get size(): number {
    return this.#size
  }

  push(chunk: Uint8Array): void {
    const part = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    this.#parts.push(part)
    this.#size += part.length
  }

  /** The next typed message: type byte, length, body. */
  next(): Buffer | undefined {
    return this.#take(1)
  }

  /** The next startup packet, which has no type byte: length, body. */
  nextStartup(): Buffer | undefined {
    return this.#take(0)
  }

  #take(offset: 0 | 1): Buffer | undefined {
    if (this.#size < offset + 4) return undefined
    const length = this.#join(offset + 4).readInt32BE(offset)
    if (length < 4) throw new ProtocolError('08P01', `invalid message length ${length}`)
    const total = offset + length
    if (total > this.#limit)
      throw new ProtocolError('54000', `message of ${total} bytes is above the limit of ${this.#limit} bytes`)
    if (this.#size < total) return undefined
    const held = this.#join(total)
    this.#size -= total
    const rest = held.subarray(total)
    if (rest.length) this.#parts[0] = rest
    else this.#parts.shift()
    return held.subarray(0, total)
  }

  /** The first held bytes as one piece of at least `size`; joins only when it must, so a big message costs one copy. */
  #join(size: number): Buffer {
    const first = this.#parts[0]!
    if (first.length >= size) return first
    const joined = Buffer.concat(this.#parts)
    this.#parts = [joined]
    return joined
  }
}

/** Reads the C string that starts at `from`; `end` is the offset after its zero byte. */
export function readString(message: Buffer, from: number): { text: string; end: number } {
  const zero = message.indexOf(0, from)
  if (zero < 0) throw new ProtocolError('08P01', 'unterminated string in message')
  return { text: message.toString('utf8', from, zero), end: zero + 1 }
}

/** The parameters of a startup packet: user, database, application_name, … */
export function readStartup(packet: Buffer): Map<string, string> {
  const parameters = new Map<string, string>()
  let at = 8
  while (at < packet.length && packet[at] !== 0) {
    const key = readString(packet, at)
    const value = readString(packet, key.end)
    parameters.set(key.text, value.text)
    at = value.end
  }
  return parameters
}

/** Where the name of a prepared statement stands in a message, or undefined if the message names none. */
export function statementName(message: Buffer): { name: string; start: number; end: number } | undefined {
  const type = message[0]
  let start: number
  if (type === FRONTEND.parse) start = 5
  else if (type === FRONTEND.bind) start = readString(message, 5).end
  else if ((type === FRONTEND.describe || type === FRONTEND.close) && message[5] === 0x53) start = 6
  else return undefined
  const { text, end } = readString(message, start)
  return { name: text, start, end }
}

/** The same message with the string between `start` and `end` (its zero byte included) replaced by `name`. */
export function rename(message: Buffer, start: number, end: number, name: string): Buffer {
  const renamed = Buffer.concat([message.subarray(0, start), Buffer.from(name + '\0'), message.subarray(end)])
  renamed.writeInt32BE(renamed.length - 1, 1)
  return renamed
}

/** The texts of a row whose columns are all sent as text; null where the value is NULL. */
export function readRow(message: Buffer): (string | null)[] {
  const values: (string | null)[] = []
  let at = 7
  for (let left = message.readInt16BE(5); left > 0; left--) {
    const length = message.readInt32BE(at)
    at += 4
    values.push(length < 0 ? null : message.toString('utf8', at, at + length))
    at += Math.max(length, 0)
  }
  return values
}

/** One message of `type` around `body`. */
function message(type: number, body: Buffer): Buffer {
  const head = Buffer.alloc(5)
  head[0] = type
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}

export const query = (sql: string): Buffer => message(FRONTEND.query, Buffer.from(sql + '\0'))
export const sync = (): Buffer => message(FRONTEND.sync, Buffer.alloc(0))
export const closeStatement = (name: string): Buffer => message(FRONTEND.close, Buffer.from(`S${name}\0`))
export const copyFail = (reason: string): Buffer => message(FRONTEND.copyFail, Buffer.from(reason + '\0'))
export const readyForQuery = (status: TransactionStatus): Buffer => message(BACKEND.readyForQuery, Buffer.from(status))
export const authenticationOk = (): Buffer => message(0x52, Buffer.alloc(4))
export const parameterStatus = (name: string, value: string): Buffer =>
  message(0x53, Buffer.from(`${name}\0${value}\0`))

/** Tells the client which process and secret a later CancelRequest must name. */
export function backendKey(pid: number, secret: number): Buffer {
  const body = Buffer.alloc(8)
  body.writeInt32BE(pid, 0)
  body.writeInt32BE(secret, 4)
  return message(0x4b, body)
}

/** An ErrorResponse. FATAL says that the connection ends with it. */
export function errorResponse(severity: 'ERROR' | 'FATAL', code: string, text: string, hint?: string): Buffer {
  const fields = [`S${severity}`, `V${severity}`, `C${code}`, `M${text}`, ...(hint ? [`H${hint}`] : [])]
  return message(BACKEND.error, Buffer.from(fields.map((field) => field.replaceAll('\0', ' ') + '\0').join('') + '\0'))
}
