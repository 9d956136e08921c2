import { documentFromText } from '../../../geo/task-list/text.ts'
import type { Door } from './door.ts'

/** Plain text whose tables are lines apart by tabs, as they are copied out of Word or published; the last to be asked. */
export const textDoor: Door = {
  format: 'text',
  recognises: (look) => look.kind === 'text',
  async open(look, file) {
    return look.kind === 'text' ? documentFromText(look.text, file.name).blocks : []
  },
}
