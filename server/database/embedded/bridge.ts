/**
 * The bridge: many PostgreSQL clients on a Unix socket, one engine with one session behind it.
 *
 * The engine is leased to one client from its first batch until ReadyForQuery says idle, so nobody comes between the messages
 * of an exchange or the statements of a transaction. Batches run one at a time, each to its end. Every Sync and every simple
 * Query is answered by exactly one ReadyForQuery, which the bridge writes itself after all of the engine's output.
 *
 * What holds as in PostgreSQL: rows, errors, transactions, COPY both ways, cursors, cancelling; prepared statements and
 * settings (startup parameters, SET) belong to their connection; a COMMIT is answered after its WAL is on the disk.
 *
 * What does not hold, because it is one session:
 * - A transaction makes all others wait. One that rests longer than `idleSeconds` is rolled back and its client dismissed (25P03).
 *   Whoever waits inside a transaction for another connection waits for ever: pass `tx` down.
 * - LISTEN/NOTIFY: a notification comes with the answer to the listening session's own statements only, so LISTEN never fires.
 * - Session-level advisory locks always succeed, and no lock ever waits: exclusion comes from the lease.
 * - Temporary tables and WITH HOLD cursors are seen by all until dropped: use ON COMMIT DROP.
 * - A role (SET ROLE) and settings of one's own making (app.x) last to the end of the transaction, however they were set. Session settings that a
 *   function changes by set_config(…, false), without the client's text saying so, are seen by others.
 * - statement_timeout does nothing; the bridge has a limit of its own (`statementSeconds`). It and a CancelRequest for a running
 *   statement end the engine and start it again (2-3 s, all wait): it computes without looking up.
 * - An engine exception costs the same restart. Its client gets the error; if it was in a transaction, a failed one to roll back.
 * - No passwords: the folder of the socket lets in only its owner.
 */
import { randomInt } from 'node:crypto'
import net from 'node:net'
import { type Batch, Client } from './client.ts'
import {
  authenticationOk,
  BACKEND,
  backendKey,
  closeStatement,
  copyFail,
  errorResponse,
  MessageReader,
  parameterStatus,
  query,
  readRow,
  readyForQuery,
  sync,
  type TransactionStatus,
} from './messages.ts'
import { EngineEnded, type EndReason, type Runner } from './runner.ts'
import type { BatchEnd } from './thread-messages.ts'

export type BridgeLimits = {
  /** A message, or a batch up to its Sync, in bytes. */
  messageBytes: number
  /** How long a transaction may rest without a statement, and a reader leave its answer unread. */
  idleSeconds: number
  /** How long one statement may run. */
  statementSeconds: number
}
export const BRIDGE_LIMITS: BridgeLimits = { messageBytes: 64 * 1024 * 1024, idleSeconds: 30, statementSeconds: 300 }

const LASTING_SETTINGS = `select name, setting from pg_settings where source = 'session'`
const CANCELLED: EndReason = { code: '57014', message: 'canceling statement due to user request' }

const NO_STATEMENT = 'unnamed prepared statement does not exist'

type Answer = { rows: (string | null)[][]; error: Buffer | undefined; status: TransactionStatus | null }

export class Bridge {
  readonly #runner: Runner
  readonly #limits: BridgeLimits
  readonly #log: (message: string) => void
  readonly #server: net.Server
  readonly #clients = new Map<number, Client>()
  #nextId = 1
  /** Clients with a batch, in the order in which they came for the engine. */
  readonly #waiting = new Set<Client>()
  /** Who has the engine. */
  #holder: Client | undefined
  #running: Client | undefined
  #busy = false
  #work = Promise.resolve()
  /** Called when a batch arrives while a COPY FROM STDIN waits for data. */
  #inputArrived: (() => void) | undefined
  #idleTimer: NodeJS.Timeout | undefined
  #closing = false
  /** Of whom the session now has the settings and the unnamed statement; all lost when the engine starts again. */
  #session = {
    restarts: 0,
    owner: undefined as Client | undefined,
    set: false,
    unnamed: undefined as Client | undefined,
  }

  constructor(runner: Runner, limits: BridgeLimits, log: (message: string) => void) {
    this.#runner = runner
    this.#limits = limits
    this.#log = log
    this.#server = net.createServer((socket) => this.#connect(socket))
  }

  /** Takes connections at this path. The folder around it is what protects it. */
  listen(path: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(path, () => resolve())
    })
  }

  /** Lets the running batch finish, rolls back what is open, and dismisses all clients (57P01). The engine stays. */
  async close(): Promise<void> {
    this.#closing = true
    this.#server.close()
    for (const client of this.#clients.values())
      if (client !== this.#running) client.dismiss('57P01', 'the database is stopping')
    await this.#work
    for (const client of this.#clients.values()) client.dismiss('57P01', 'the database is stopping')
    await this.#work
    for (const client of this.#clients.values()) client.socket.destroy()
  }

  #connect(socket: net.Socket): void {
    new Client(this.#nextId++, randomInt(2 ** 31), socket, this.#limits.messageBytes, {
      started: (started) => this.#welcome(started),
      cancel: (id, secret) => this.#cancel(id, secret),
      batch: (from) => this.#wake(from),
    })
  }

  #welcome(client: Client): void {
    if (this.#closing) return client.dismiss('57P03', 'the database is stopping')
    this.#clients.set(client.id, client)
    const parameters = new Map([...this.#runner.parameters, ...client.settings])
    client.write(
      Buffer.concat([
        authenticationOk(),
        ...[...parameters].map(([name, value]) => parameterStatus(name, value)),
        backendKey(client.id, client.secret),
        readyForQuery('I'),
      ]),
    )
  }

  #cancel(id: number, secret: number): void {
    const client = this.#clients.get(id)
    if (client?.secret !== secret) return
    if (client === this.#running) this.#runner.end(CANCELLED)
    else client.cancelled = client.hasBatch || (this.#busy && client === this.#holder)
  }

  /** Called for every batch that arrives: the client queues for the engine, and the work goes on if it rested. */
  #wake(client: Client): void {
    if (client !== this.#holder) this.#waiting.add(client)
    if (client === this.#running) this.#inputArrived?.()
    if (this.#busy) return
    this.#busy = true
    this.#work = this.#workOff().catch((error: Error) => {
      // Only an engine that cannot be started again comes here; the process ends and its parent starts it anew.
      this.#log(error.message)
      process.exit(1)
    })
  }

  /** Runs batches until none is left, or the holder of the engine has none. */
  async #workOff(): Promise<void> {
    clearTimeout(this.#idleTimer)
    for (let client = this.#next(); client; client = this.#next()) {
      this.#holder = client
      const idle = await this.#serve(client, client.take()!)
      if (!idle) continue
      this.#holder = undefined
      if (client.hasBatch) this.#waiting.add(client)
    }
    this.#busy = false
  }

  /** Whose batch is next: the holder's, or that of the client that has waited longest. */
  #next(): Client | undefined {
    const holder = this.#holder
    if (holder?.hasBatch) return holder
    if (holder) {
      const limit = this.#limits.idleSeconds
      const rested = `the transaction rested for ${limit} seconds and was rolled back: others wait for it`
      this.#idleTimer = setTimeout(() => holder.dismiss('25P03', rested), limit * 1000)
      return undefined
    }
    const [first] = this.#waiting
    if (first) this.#waiting.delete(first)
    return first
  }

  /** Runs one batch and answers it. Gives whether the client is done with the engine. */
  async #serve(client: Client, batch: Batch): Promise<boolean> {
    if (batch.kind === 'leave') return this.#forget(client)
    if (batch.kind === 'copy') return client.status === 'I'
    try {
      if (client.skipping) return await this.#skip(client, batch)
      await this.#enter(client)
      if (client.cancelled) throw new EngineEnded(CANCELLED)
      if (batch.unnamed === 'expects' && this.#session.unnamed !== client)
        return await this.#fail(client, batch, errorResponse('ERROR', '26000', NO_STATEMENT))
      if (batch.unnamed) this.#session.unnamed = client
      client.leased = true
      const end = await this.#run(client, batch.bytes, (bytes) => this.#output(client, bytes))
      client.hasSet ||= end.set
      if (batch.kind === 'flush') client.skipping = end.failed
      else if (end.status) return await this.#ready(client, end)
      return false
    } catch (error) {
      if (!(error instanceof EngineEnded)) throw error
      const wasOpen = client.status !== 'I'
      client.status = 'I'
      client.cancelled = false
      if (wasOpen) await this.#openFailedTransaction(client)
      return this.#fail(client, batch, errorResponse('ERROR', error.reason.code, error.reason.message))
    }
  }

  /** Says ReadyForQuery, once, after all else. The engine's own is not passed on: it says one too many after some errors. */
  async #ready(client: Client, end: BatchEnd): Promise<boolean> {
    client.status = end.status ?? client.status
    const idle = client.status === 'I'
    client.leased = !idle
    if (idle && (client.hasSet || client.setsConfig)) await this.#rememberSettings(client)
    client.write(readyForQuery(client.status))
    return idle
  }

  /** Answers a batch that did not come to its end in the engine; what follows is skipped up to the Sync. */
  async #fail(client: Client, batch: Batch, error: Buffer): Promise<boolean> {
    client.write(error)
    if (batch.kind !== 'flush') return this.#ready(client, { status: null, failed: true, set: false })
    client.skipping = true
    return false
  }

  /** After an error everything up to the next Sync is passed over, as PostgreSQL does; the Sync itself ends that in the engine too. */
  async #skip(client: Client, batch: Batch): Promise<boolean> {
    if (batch.kind !== 'sync') return false
    client.skipping = false
    return this.#ready(client, await this.#quietly(client, sync()))
  }

  /** The engine lost the client's transaction: it gets a failed one, so that its next statements do not run by themselves. */
  async #openFailedTransaction(client: Client): Promise<void> {
    const { status } = await this.#ask(client, `begin; do $$ begin raise 'the database engine started again' ; end $$`)
    client.status = status ?? 'I'
  }

  /** The client is gone: its transaction is rolled back and its statements are closed. */
  async #forget(client: Client): Promise<boolean> {
    this.#waiting.delete(client)
    this.#clients.delete(client.id)
    if (this.#session.owner === client) this.#session.owner = undefined
    try {
      if (client.leased) {
        // The Sync is for an engine that skips after an error, and would skip the ROLLBACK.
        const end = await this.#quietly(client, Buffer.concat([query('rollback'), sync()]))
        if (end.status !== 'I') await this.#quietly(client, query('rollback'))
      }
      const closing = [...client.statements].map(closeStatement)
      if (closing.length && this.#session.restarts === this.#runner.restarts)
        await this.#quietly(client, Buffer.concat([...closing, sync()]))
    } catch (error) {
      if (!(error instanceof EngineEnded)) throw error
    }
    return true
  }

  /** Makes the session the client's: its settings instead of those of whoever had it before. */
  async #enter(client: Client): Promise<void> {
    await this.#runner.ready
    const session = this.#session
    if (session.restarts !== this.#runner.restarts)
      this.#session = { restarts: this.#runner.restarts, owner: undefined, set: false, unnamed: undefined }
    else if (session.owner === client || client.status !== 'I') return
    const settings = [...client.settings]
    if (this.#session.set || settings.length) {
      const { error } = await this.#ask(
        client,
        'reset role; reset session authorization; reset all' +
          settings.map(([name, value]) => `; select set_config(${quote(name)}, ${quote(value)}, false)`).join(''),
      )
      if (error) {
        client.write(error)
        client.settings.clear()
      }
    }
    this.#session.owner = client
    this.#session.set = settings.length > 0
  }

  /** Reads back what the client set for its session, to have it again when it comes back after others. */
  async #rememberSettings(client: Client): Promise<void> {
    const { rows } = await this.#ask(client, LASTING_SETTINGS)
    client.settings = new Map(rows.map(([name, value]) => [name!, value ?? '']))
    client.hasSet = false
    // Also when nothing is listed: role and settings of one's own making are not, and must not stay for others.
    this.#session.set = true
  }

  /** A statement of the bridge's own, unseen by the client. */
  async #ask(client: Client, sql: string): Promise<Answer> {
    const reader = new MessageReader(this.#limits.messageBytes)
    const answer: Answer = { rows: [], error: undefined, status: null }
    await this.#runner.ready
    const end = await this.#run(client, query(sql), (bytes) => {
      this.#runner.written(bytes.length)
      reader.push(bytes)
    })
    for (let message = reader.next(); message; message = reader.next()) {
      if (message[0] === BACKEND.dataRow) answer.rows.push(readRow(message))
      if (message[0] === BACKEND.error) answer.error = Buffer.from(message)
    }
    return { ...answer, status: end.status }
  }

  #quietly(client: Client, bytes: Uint8Array): Promise<BatchEnd> {
    return this.#run(client, bytes, (output) => this.#runner.written(output.length))
  }

  /** Runs bytes in the engine within the time that a statement has. */
  async #run(client: Client, bytes: Uint8Array, output: (bytes: Uint8Array) => void): Promise<BatchEnd> {
    await this.#runner.ready
    let timer: NodeJS.Timeout | undefined
    const seconds = this.#limits.statementSeconds
    const startClock = () => {
      const message = `canceling statement because it ran longer than ${seconds} seconds`
      timer = setTimeout(() => this.#runner.end({ code: '57014', message }), seconds * 1000)
    }
    this.#running = client
    startClock()
    try {
      return await this.#runner.run(bytes, {
        output,
        hungry: () => {
          clearTimeout(timer)
          this.#feed(client, startClock)
        },
      })
    } finally {
      clearTimeout(timer)
      clearTimeout(this.#idleTimer)
      this.#inputArrived = undefined
      this.#running = undefined
    }
  }

  /** Gives a waiting COPY FROM STDIN the client's next data, now or when they come; an end to it if they do not. */
  #feed(client: Client, startClock: () => void): void {
    const give = (bytes: Uint8Array) => {
      clearTimeout(this.#idleTimer)
      this.#inputArrived = undefined
      startClock()
      this.#runner.feed(bytes)
    }
    const look = () => {
      const input = client.takeInput()
      // Given to the engine it would end it, as it ends a backend of PostgreSQL. Leaving, the client ends the COPY.
      if (input === 'astray') client.dismiss('08P01', 'a statement came where the data of a COPY were expected')
      else if (input) give(input === 'leave' ? copyFail('the client has gone') : input)
    }
    this.#inputArrived = look
    this.#idleTimer = setTimeout(() => {
      client.dismiss('25P03', `COPY waited ${this.#limits.idleSeconds} seconds for data: others wait for it`)
    }, this.#limits.idleSeconds * 1000)
    look()
  }

  #output(client: Client, bytes: Uint8Array): void {
    client.write(bytes, () => this.#runner.written(bytes.length))
    client.watchReader(this.#limits.idleSeconds)
  }
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
