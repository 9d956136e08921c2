/**
 * The thread that holds the database: PGlite with PostGIS, driven message by message.
 *
 * It is a thread, and not the event loop of the process, because the engine computes without yielding: so the bridge stays
 * awake during a long statement, COPY FROM STDIN can wait for its data in the middle of a statement, and an engine that
 * hangs or broke can be ended and started again without ending the process.
 *
 * It drives PGlite's exported C functions itself instead of calling `execProtocolRaw`, because that swallows every
 * exception that PostgreSQL did not raise itself (a throw inside GEOS, a stack overflow): no rows, no error.
 */
import fs from 'node:fs'
import path from 'node:path'
import { receiveMessageOnPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'
import { postgis } from '@electric-sql/pglite-postgis'
import { BACKEND, MessageReader, type TransactionStatus } from './messages.ts'
import { type FromThread, SIGNAL, type ThreadData, type ToThread } from './thread-messages.ts'
import { raisingThrows } from './thrown.ts'
import { DURABLE_PARAMETERS, DurableFiles, fsyncTree } from './wal.ts'

/** Output waits in the thread while more than this is on its way to a slow client. */
const OUTSTANDING_LIMIT = 32 * 1024 * 1024
const OUTPUT_PIECE = 64 * 1024
/** `siglongjmp` into the main loop: PostgreSQL raised an ordinary error. Same number as in PGlite's pglitec.c. */
const ORDINARY_ERROR = 100

/** The part of PGlite's module that is driven here; not part of its public types, hence the exact version in package.json. */
type Engine = {
  HEAPU8: Uint8Array
  ___stack_pointer: { value: number }
  addFunction(call: (pointer: number, length: number) => number, signature: string): number
  _pgl_set_rw_cbs(read: number, write: number): void
  _pgl_setPGliteExitStatus(status: number): number
  _pq_buffer_remaining_data(): number
  _PostgresMainLoopOnce(): void
  _PostgresMainLongJmp(): void
  _PostgresSendReadyForQueryIfNecessary(): void
  _pgl_pq_flush(): void
}

const { port, signal, folder } = workerData as ThreadData
const post = (message: FromThread) => port.postMessage(message)

/** Waits, asleep, for the next message of the process. */
function receive(): ToThread {
  for (;;) {
    const seen = Atomics.load(signal, SIGNAL.inbox)
    const received = receiveMessageOnPort(port)
    if (received) return received.message as ToThread
    Atomics.wait(signal, SIGNAL.inbox, seen)
  }
}

/** Collects what the engine says, cut into messages: ReadyForQuery is read and kept back, the rest is posted. */
const output = {
  reader: new MessageReader(2 ** 31 - 1),
  pieces: [] as Buffer[],
  size: 0,
  status: null as TransactionStatus | null,
  failed: false,
  set: false,

  write(bytes: Uint8Array) {
    this.reader.push(bytes.slice())
    for (let message = this.reader.next(); message; message = this.reader.next()) {
      if (message[0] === BACKEND.readyForQuery) {
        this.status = String.fromCharCode(message[5]!) as TransactionStatus
        continue
      }
      if (message[0] === BACKEND.error) this.failed = true
      if (message[0] === BACKEND.commandComplete && message.toString('latin1', 5, 9) === 'SET\0') this.set = true
      this.pieces.push(message)
      this.size += message.length
    }
    if (this.size >= OUTPUT_PIECE) this.flush()
  },

  flush() {
    if (this.size === 0) return
    const bytes = new Uint8Array(this.size)
    let at = 0
    for (const piece of this.pieces) {
      bytes.set(piece, at)
      at += piece.length
    }
    this.pieces = []
    this.size = 0
    for (;;) {
      const outstanding = Atomics.load(signal, SIGNAL.outstanding)
      if (outstanding < OUTSTANDING_LIMIT) break
      Atomics.wait(signal, SIGNAL.outstanding, outstanding)
    }
    Atomics.add(signal, SIGNAL.outstanding, bytes.length)
    port.postMessage({ kind: 'output', bytes } satisfies FromThread, [bytes.buffer])
  },
}

/**
 * Runs what is in `input` to its end; a statement that reads on (COPY FROM STDIN) waits for more. Throws if the engine broke.
 *
 * After an error the C stack is put back to where it was. PGlite does not do that: each error leaves some of it taken, and after
 * a few thousand, or one deep in a recursion, every further statement ends in "stack depth limit exceeded".
 */
function drive(engine: Engine, input: { bytes: Uint8Array; at: number }) {
  const stack = engine.___stack_pointer.value
  output.status = null
  output.failed = false
  output.set = false
  while (input.at < input.bytes.length || engine._pq_buffer_remaining_data() > 0) {
    try {
      engine._PostgresMainLoopOnce()
    } catch (error) {
      if (engine._pgl_setPGliteExitStatus(-2) !== ORDINARY_ERROR) throw error
      engine.___stack_pointer.value = stack
      engine._PostgresMainLongJmp()
      engine.___stack_pointer.value = stack
    }
  }
  engine._PostgresSendReadyForQueryIfNecessary()
  engine._pgl_pq_flush()
  output.flush()
}

/** Opens the database in `folder`, or creates it; says which step it is at. */
async function open(): Promise<PGlite> {
  const exists = fs.existsSync(path.join(folder, 'PG_VERSION'))
  post({ kind: 'step', step: exists ? 'open' : 'create' })
  const database = await PGlite.create({
    fs: new DurableFiles(folder),
    extensions: { postgis, raisingThrows },
    startParams: [...PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'), ...DURABLE_PARAMETERS],
  })
  if (exists) return database
  post({ kind: 'step', step: 'postgis' })
  await database.exec('create extension postgis; checkpoint')
  fsyncTree(folder)
  return database
}

/** Why the engine broke: the last error it wrote (a FATAL ends it), else the exception. */
function reasonOf(error: unknown): string {
  const last = output.pieces.findLast((message) => message[0] === BACKEND.error)
  const written = last?.toString('utf8', 5).split('\0') ?? []
  const text = written.find((field) => field.startsWith('M'))?.slice(1)
  return text ?? (error instanceof Error ? `${error.name}: ${error.message}` : JSON.stringify(error))
}

/** Serves until it is told to stop. */
async function serve() {
  const database = await open()
  const reported = await database.query<{ name: string; setting: string }>(
    `select name, setting from pg_settings where name in ('server_version', 'server_encoding', 'client_encoding', 'DateStyle',
     'TimeZone', 'integer_datetimes', 'IntervalStyle', 'standard_conforming_strings')`,
  )

  const engine = database.Module as unknown as Engine
  const input = { bytes: new Uint8Array(), at: 0 } as { bytes: Uint8Array; at: number }
  const read = (pointer: number, room: number): number => {
    if (input.at === input.bytes.length) {
      output.flush()
      post({ kind: 'hungry' })
      const more = receive()
      if (more.kind === 'stop') return 0
      input.bytes = more.bytes
      input.at = 0
    }
    const length = Math.min(room, input.bytes.length - input.at)
    engine.HEAPU8.set(input.bytes.subarray(input.at, input.at + length), pointer)
    input.at += length
    return length
  }
  const write = (pointer: number, length: number): number => {
    output.write(engine.HEAPU8.subarray(pointer, pointer + length))
    return length
  }
  engine._pgl_set_rw_cbs(engine.addFunction(read, 'iii'), engine.addFunction(write, 'iii'))
  post({ kind: 'ready', parameters: reported.rows.map((row) => [row.name, row.setting]) })

  for (;;) {
    const message = receive()
    if (message.kind === 'stop') break
    input.bytes = message.bytes
    input.at = 0
    try {
      drive(engine, input)
    } catch (error) {
      post({ kind: 'broken', message: reasonOf(error) })
      return
    }
    post({ kind: 'done', status: output.status, failed: output.failed, set: output.set })
  }
  await database.close()
  post({ kind: 'stopped' })
}

await serve()
