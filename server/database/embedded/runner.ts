/**
 * The engine as the bridge sees it: runs one batch of messages at a time in the thread, and starts the thread again when
 * the engine broke. PostgreSQL then recovers from its WAL like after a crash: what was committed is there, the rest is not.
 */
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'
import { type BatchEnd, type FromThread, SIGNAL, type Step, type ThreadData, type ToThread } from './thread-messages.ts'

/** What a running batch calls back: its output as it comes, and that it wants more input (COPY FROM STDIN). */
export type BatchCalls = { output: (bytes: Uint8Array) => void; hungry: () => void }
/** SQLSTATE and words with which the batch that ended the engine is answered. */
export type EndReason = { code: string; message: string }

/** The engine ended while it ran a batch, or was ended on purpose; `reason` is what its client is told. */
export class EngineEnded extends Error {
  readonly reason: EndReason
  constructor(reason: EndReason) {
    super(reason.message)
    this.reason = reason
  }
}

type Running = { calls: BatchCalls; resolve: (end: BatchEnd) => void; reject: (error: Error) => void }
type RunnerOptions = { folder: string; log: (message: string) => void; onStep: (step: Step) => void }

/** Starts that may fail in a row before the engine is given up. */
const START_LIMIT = 3

export class Runner {
  /** What the engine reports about itself (server_version, TimeZone, …), for each new client. */
  parameters: [string, string][] = []
  /** Resolves when the engine takes batches, also after a restart; rejects if it cannot be started. */
  ready: Promise<void>
  restarts = 0
  readonly #options: RunnerOptions
  #worker!: Worker
  #port!: MessagePort
  #signal = new Int32Array(new SharedArrayBuffer(4 * SIGNAL.length))
  #running: Running | undefined
  #endReason: EndReason | undefined
  #stopping = false

  constructor(options: RunnerOptions) {
    this.#options = options
    this.ready = this.#start()
  }

  /** Runs one batch. Rejects with EngineEnded if the engine did not survive it; it is then starting again. */
  run(bytes: Uint8Array, calls: BatchCalls): Promise<BatchEnd> {
    if (this.#running) throw new Error('the engine runs one batch at a time')
    return new Promise((resolve, reject) => {
      this.#running = { calls, resolve, reject }
      this.feed(bytes)
    })
  }

  /** More input for the running batch, after it said that it is hungry. */
  feed(bytes: Uint8Array): void {
    this.#post({ kind: 'input', bytes })
  }

  /** So many bytes of output left the process: the thread may produce more. */
  written(size: number): void {
    Atomics.sub(this.#signal, SIGNAL.outstanding, size)
    Atomics.notify(this.#signal, SIGNAL.outstanding)
  }

  /** Ends the engine in the middle of what it runs and starts it again; the running batch is rejected with `reason`. */
  end(reason: EndReason): void {
    this.#endReason ??= reason
    void this.#worker.terminate()
  }

  /** Lets the engine write its checkpoint and close. A running batch is finished first. */
  async stop(): Promise<void> {
    this.#stopping = true
    await this.ready.catch(() => undefined)
    const exited = new Promise((resolve) => this.#worker.once('exit', resolve))
    this.#post({ kind: 'stop' })
    await exited
  }

  #post(message: ToThread): void {
    this.#port.postMessage(message)
    Atomics.add(this.#signal, SIGNAL.inbox, 1)
    Atomics.notify(this.#signal, SIGNAL.inbox)
  }

  async #start(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#startOnce()
      } catch (error) {
        this.#options.log(`the database engine did not start: ${(error as Error).message}`)
        if (attempt >= START_LIMIT || this.#stopping) throw error
      }
    }
  }

  #startOnce(): Promise<void> {
    const { port1, port2 } = new MessageChannel()
    this.#port = port1
    this.#signal = new Int32Array(new SharedArrayBuffer(4 * SIGNAL.length))
    const workerData: ThreadData = { port: port2, signal: this.#signal, folder: this.#options.folder }
    const worker = new Worker(new URL('./thread.ts', import.meta.url), {
      workerData,
      transferList: [port2],
      // PostgreSQL's own check of its stack depth must come before V8's limit, which it cannot turn into an error.
      resourceLimits: { stackSizeMb: 64 },
    })
    this.#worker = worker
    this.#endReason = undefined
    return new Promise((resolve, reject) => {
      let started = false
      let failure: Error | undefined
      port1.on('message', (message: FromThread) => {
        if (message.kind === 'ready') {
          started = true
          this.parameters = message.parameters
          resolve()
        } else this.#receive(message)
      })
      worker.on('error', (error: Error) => {
        failure = error
        this.#endReason ??= { code: 'XX000', message: `the database engine ended: ${error.message}` }
      })
      worker.on('exit', () => {
        port1.close()
        if (!started) return reject(failure ?? new Error('the database engine ended while starting'))
        if (!this.#stopping) this.#ended()
      })
    })
  }

  #receive(message: Exclude<FromThread, { kind: 'ready' }>): void {
    switch (message.kind) {
      case 'step':
        return this.#options.onStep(message.step)
      case 'output':
        return this.#running ? this.#running.calls.output(message.bytes) : this.written(message.bytes.length)
      case 'hungry':
        return this.#running?.calls.hungry()
      case 'done':
        return this.#settle()?.resolve(message)
      case 'broken':
        return this.end({ code: 'XX000', message: `the database engine broke on this statement: ${message.message}` })
      case 'stopped':
        return
    }
  }

  #settle(): Running | undefined {
    const running = this.#running
    this.#running = undefined
    return running
  }

  #ended(): void {
    const reason = this.#endReason ?? { code: 'XX000', message: 'the database engine ended' }
    this.#options.log(`${reason.message}; it starts again`)
    this.restarts++
    this.ready = this.#start()
    this.ready.catch(() => undefined)
    this.#settle()?.reject(new EngineEnded(reason))
  }
}
