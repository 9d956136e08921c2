/**
 * One connection to the bridge: turns what arrives into batches, each up to a Sync, Query or Flush, with the names of prepared
 * statements made the client's own. It decides nothing about the engine; the bridge takes its batches one by one.
 */
import type { Socket } from 'node:net'
import {
  errorResponse,
  FRONTEND,
  MessageReader,
  ProtocolError,
  readStartup,
  readString,
  rename,
  STARTUP,
  statementName,
  type TransactionStatus,
} from './messages.ts'

/**
 * What is run in one go. `sync` and `query` are answered by one ReadyForQuery, `flush` by none; `copy` is data of a COPY FROM
 * STDIN; `leave` is the end of the connection, in its place behind what was sent before it.
 */
export type Batch = {
  kind: 'sync' | 'query' | 'flush' | 'copy' | 'leave'
  bytes: Uint8Array
  /** What it does with the unnamed statement: prepares it, or uses one that an earlier batch prepared. */
  unnamed?: 'prepares' | 'expects' | undefined
}
export type ClientCalls = {
  started: (client: Client) => void
  cancel: (id: number, secret: number) => void
  batch: (client: Client) => void
}

/** Startup parameters that are no settings of the session. */
const NO_SETTINGS = new Set(['user', 'database', 'client_encoding', 'replication', 'options'])
/** A client that has this much waiting is not read from until some of it ran. */
const QUEUE_LIMIT = 1024 * 1024
/** Copy data are gathered to pieces of at least this size before the engine is woken for them. */
const COPY_PIECE = 256 * 1024
/** A message without a body, such as Sync. */
const EMPTY_MESSAGE = 5
/** An answer that lies unread beyond this size starts its reader's clock. */
const UNREAD_LIMIT = 8 * 1024 * 1024
/** set_config that outlives its transaction: anything but a literal `true` as its last argument. */
const LASTING_SET_CONFIG = /set_config\s*\((?![^)]*,\s*true\s*\))/i

export class Client {
  readonly id: number
  readonly secret: number
  readonly socket: Socket
  /** Settings of the session (startup parameters, SET): the bridge puts them back before this client's batches. */
  settings = new Map<string, string>()
  /** A SET ran since the settings were last read back. */
  hasSet = false
  /** The client may have changed settings in a way that no answer shows. */
  setsConfig = false
  /** Names, as the engine knows them, of the statements that this client prepared. */
  readonly statements = new Set<string>()
  status: TransactionStatus = 'I'
  /** In the middle of an exchange or a transaction: what it began in the engine is not ended. */
  leased = false
  /** After an error that the engine could not answer itself: everything up to the next Sync is passed over. */
  skipping = false
  /** A CancelRequest came while its batch waited. */
  cancelled = false
  readonly #calls: ClientCalls
  readonly #reader: MessageReader
  readonly #limit: number
  #started = false
  #left = false
  #open: Buffer[] = []
  #openSize = 0
  #openUnnamed: Batch['unnamed']
  #batches: Batch[] = []
  #queued = 0
  #unreadTimer: NodeJS.Timeout | undefined

  constructor(id: number, secret: number, socket: Socket, limit: number, calls: ClientCalls) {
    this.id = id
    this.secret = secret
    this.socket = socket
    this.#limit = limit
    this.#reader = new MessageReader(limit)
    this.#calls = calls
    socket.on('data', (chunk: Buffer) => this.#receive(chunk))
    socket.on('error', () => undefined)
    socket.on('close', () => this.#leave())
  }

  get hasBatch(): boolean {
    return this.#batches.length > 0
  }

  /** Takes the oldest batch. */
  take(): Batch | undefined {
    const batch = this.#batches.shift()
    if (!batch) return undefined
    this.#queued -= batch.bytes.length
    if (this.#queued < QUEUE_LIMIT && this.socket.isPaused()) this.socket.resume()
    return batch
  }

  /**
   * The input for a COPY FROM STDIN that waits, or undefined if there is none yet. 'leave' at the end of the connection; 'astray' if
   * a statement comes instead of data (a Sync or Flush by itself may).
   */
  takeInput(): Uint8Array | 'leave' | 'astray' | undefined {
    const next = this.#batches[0]
    if (next?.kind === 'leave') return 'leave'
    if (next && next.kind !== 'copy' && next.bytes.length > EMPTY_MESSAGE) return 'astray'
    return this.take()?.bytes
  }

  write(bytes: Uint8Array, written?: () => void): void {
    if (this.socket.destroyed || this.socket.writableEnded) written?.()
    else this.socket.write(bytes, written && (() => written()))
  }

  /** Drops the connection if of much that lies unread nothing is read for so many seconds: the engine waits for the reader, who may be slow. */
  watchReader(seconds: number): void {
    if (this.socket.writableLength < UNREAD_LIMIT || this.#unreadTimer) return
    const read = () => this.socket.bytesWritten - this.socket.writableLength
    const look = (before: number) => {
      this.#unreadTimer = setTimeout(() => (read() > before ? look(read()) : this.socket.destroy()), seconds * 1000)
    }
    look(read())
    this.socket.once('drain', () => {
      clearTimeout(this.#unreadTimer)
      this.#unreadTimer = undefined
    })
  }

  /** Ends the connection with a last word. What it still had waiting is dropped. */
  dismiss(code: string, message: string): void {
    this.write(errorResponse('FATAL', code, message))
    this.socket.end()
    this.#batches = this.#batches.filter((batch) => batch.kind === 'leave')
    this.#leave()
  }

  #receive(chunk: Buffer): void {
    if (this.#left) return
    try {
      this.#reader.push(chunk)
      if (!this.#started) this.#startup()
      if (this.#started) for (let m = this.#reader.next(); m && !this.#left; m = this.#reader.next()) this.#accept(m)
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error
      return this.dismiss(error.code, error.message)
    }
    if (this.#queued > QUEUE_LIMIT) this.socket.pause()
  }

  #startup(): void {
    for (let packet = this.#reader.nextStartup(); packet; packet = this.#reader.nextStartup()) {
      const code = packet.length >= 8 ? packet.readInt32BE(4) : 0
      if (code === STARTUP.ssl || code === STARTUP.gss) {
        this.write(Buffer.from('N'))
        continue
      }
      if (code === STARTUP.cancel && packet.length >= 16) {
        this.#calls.cancel(packet.readInt32BE(8), packet.readInt32BE(12))
        this.socket.end()
        return
      }
      if (code >>> 16 !== 3) throw new ProtocolError('0A000', 'only protocol version 3 is spoken here')
      for (const [name, value] of readStartup(packet)) if (!NO_SETTINGS.has(name)) this.settings.set(name, value)
      this.#started = true
      return this.#calls.started(this)
    }
  }

  #accept(message: Buffer): void {
    const type = message[0]
    switch (type) {
      case FRONTEND.terminate:
        return this.#leave()
      case FRONTEND.password:
        return
      case FRONTEND.copyData:
      case FRONTEND.copyDone:
      case FRONTEND.copyFail:
        return this.#copy(message)
      case FRONTEND.query:
        this.#notice(readString(message, 5).text)
        this.#add(message)
        return this.#close('query')
      case FRONTEND.sync:
      case FRONTEND.functionCall:
        this.#add(message)
        return this.#close('sync')
      case FRONTEND.flush:
        this.#add(message)
        return this.#close('flush')
      case FRONTEND.parse:
      case FRONTEND.bind:
      case FRONTEND.describe:
      case FRONTEND.close:
        return this.#add(this.#renamed(message))
      case FRONTEND.execute:
        return this.#add(message)
      default:
        throw new ProtocolError('08P01', `invalid message type ${type}`)
    }
  }

  /** Statement names belong to a connection in PostgreSQL, but the engine has one session: they get the client's number. */
  #renamed(message: Buffer): Buffer {
    const named = statementName(message)
    if (message[0] === FRONTEND.parse) this.#notice(readString(message, named!.end).text)
    if (!named) return message
    if (named.name === '') {
      if (message[0] !== FRONTEND.close) this.#openUnnamed ??= message[0] === FRONTEND.parse ? 'prepares' : 'expects'
      return message
    }
    const name = `${this.id}/${named.name}`
    if (message[0] === FRONTEND.parse) this.statements.add(name)
    if (message[0] === FRONTEND.close) this.statements.delete(name)
    return rename(message, named.start, named.end, name)
  }

  #notice(sql: string): void {
    if (LASTING_SET_CONFIG.test(sql)) this.setsConfig = true
  }

  #add(message: Buffer): void {
    this.#open.push(message)
    this.#openSize += message.length
    if (this.#openSize > this.#limit)
      throw new ProtocolError('54000', `more than ${this.#limit} bytes without a Sync: send them in smaller batches`)
  }

  #close(kind: Batch['kind']): void {
    const bytes = Buffer.concat(this.#open)
    this.#open = []
    this.#openSize = 0
    const unnamed = this.#openUnnamed
    this.#openUnnamed = undefined
    this.#enqueue({ kind, bytes, unnamed })
  }

  #copy(message: Buffer): void {
    const last = this.#batches.at(-1)
    if (last?.kind === 'copy' && last.bytes.length < COPY_PIECE) {
      last.bytes = Buffer.concat([last.bytes, message])
      this.#queued += message.length
    } else this.#enqueue({ kind: 'copy', bytes: message })
  }

  #enqueue(batch: Batch): void {
    this.#batches.push(batch)
    this.#queued += batch.bytes.length
    this.#calls.batch(this)
  }

  #leave(): void {
    if (this.#left) return
    this.#left = true
    this.socket.end()
    if (this.#started) this.#enqueue({ kind: 'leave', bytes: new Uint8Array(0) })
  }
}
