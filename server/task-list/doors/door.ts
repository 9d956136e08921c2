import type { SourceBlock, SourceFormat } from '../../../geo/task-list/source.ts'
import type { Look } from './look.ts'

export interface DoorFile {
  name: string
  bytes: Uint8Array
}

/** One format: how its content is told apart, and how it is opened. */
export interface Door {
  format: SourceFormat
  /** Whether the content is this format; doors are asked in the index's order. May throw a DoorError where the content is known but not wanted. */
  recognises: (look: Look, file: DoorFile) => boolean
  open: (look: Look, file: DoorFile) => Promise<SourceBlock[]>
}
