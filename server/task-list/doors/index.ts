import type { SourceDocument } from '../../../geo/task-list/source.ts'
import type { DoorFile } from './door.ts'
import { damaged, DoorError } from './error.ts'
import { openIsolated } from './isolated.ts'
import { LIMITS, MB } from './limits.ts'

export { DOOR_ERRORS, DoorError, type DoorErrorKey, type DoorErrorParams } from './error.ts'
export type { DoorFile } from './door.ts'
export { LIMITS } from './limits.ts'

/**
 * A file of a task list as paragraphs and tables. The format is told by the content; the name is kept and at most breaks a tie. Cells are
 * as given, line breaks included; cells of merged ones are marked where the format knows. Throws a DoorError and nothing else, within
 * `LIMITS.seconds` and a bit.
 */
export async function openDocument(file: DoorFile): Promise<SourceDocument> {
  if (file.bytes.length > LIMITS.fileBytes)
    throw new DoorError('file-too-large', { what: 'file', limitMB: LIMITS.fileBytes / MB })
  try {
    return { name: file.name, ...(await openIsolated(file)) }
  } catch (error) {
    throw damaged('file', error)
  }
}
