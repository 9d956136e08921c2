import type { SourceBlock, SourceFormat } from '../../../geo/task-list/source.ts'
import type { DoorFile } from './door.ts'
import { DOORS } from './doors.ts'
import { damaged, DoorError } from './error.ts'
import { look, type Look } from './look.ts'

export interface Opened {
  format: SourceFormat
  blocks: SourceBlock[]
}

/**
 * Opens a file in this thread, by the first door that recognises its content. Throws `format-unknown` where there is none, `table-missing`
 * where there is a door and nothing but prose behind it.
 */
export async function openHere(file: DoorFile): Promise<Opened> {
  const seen = look(file)
  const door = DOORS.find((candidate) => candidate.recognises(seen, file))
  if (door === undefined) throw new DoorError('format-unknown', { found: nameOf(seen) })
  try {
    const blocks = await door.open(seen, file)
    if (!blocks.some(({ kind }) => kind === 'table')) throw new DoorError('table-missing', { format: door.format })
    return { format: door.format, blocks }
  } catch (error) {
    throw damaged(door.format, error)
  }
}

/** What a file without a door is, as far as it can be told. */
function nameOf(seen: Look): string {
  if (seen.kind !== 'zip') return seen.kind
  if (seen.parts.has('ppt/presentation.xml')) return 'pptx'
  if (seen.parts.has('xl/workbook.bin')) return 'xlsb'
  return seen.parts.has('content.xml') ? 'opendocument' : 'zip'
}
