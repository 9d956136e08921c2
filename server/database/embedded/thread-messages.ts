/** What the process and the engine's thread tell each other. */
import type { MessagePort } from 'node:worker_threads'
import type { TransactionStatus } from './messages.ts'

export type ThreadData = { port: MessagePort; signal: Int32Array; folder: string }

/** Places in the shared `signal`: messages posted to the thread so far; bytes of output not yet written out. */
export const SIGNAL = { inbox: 0, outstanding: 1, length: 2 } as const

/** What a start is doing: opening what is there, or creating the database, then PostGIS in it. */
export type Step = 'open' | 'create' | 'postgis'

/** How a batch ended: the transaction's status if the engine said ReadyForQuery, and whether an error and a SET were in it. */
export type BatchEnd = { status: TransactionStatus | null; failed: boolean; set: boolean }

export type FromThread =
  | { kind: 'step'; step: Step }
  | { kind: 'ready'; parameters: [string, string][] }
  | { kind: 'output'; bytes: Uint8Array }
  | { kind: 'hungry' }
  | ({ kind: 'done' } & BatchEnd)
  | { kind: 'broken'; message: string }
  | { kind: 'stopped' }
export type ToThread = { kind: 'input'; bytes: Uint8Array } | { kind: 'stop' }
