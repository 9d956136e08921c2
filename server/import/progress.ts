/** How far the storing of an import is, within this process: the embedded database hears nobody else while its transaction is open. */
import { EventEmitter } from 'node:events'
import type { Progress } from './queries.ts'

const said = new EventEmitter<Record<string, [Progress]>>()
// One for each open stream.
said.setMaxListeners(0)

export function sayProgress(id: number, progress: Progress): void {
  said.emit(String(id), progress)
}

/** @returns what ends the hearing */
export function hearProgress(id: number, hear: (progress: Progress) => void): () => void {
  said.on(String(id), hear)
  return () => said.off(String(id), hear)
}
