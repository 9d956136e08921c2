import type { Door } from './door.ts'
import { damaged, DoorError } from './error.ts'
import { checkXml } from './xml.ts'
import { pack, unzip } from './zip.ts'

const PARTS =
  /^(\[Content_Types\]\.xml|_rels\/\.rels|xl\/(_rels\/)?[^/]+\.(xml|rels)|xl\/(worksheets|chartsheets)\/(_rels\/)?[^/]+\.(xml|rels))$/i

/** Excel files of today. The library gets a container of the parts that count, unpacked and checked here. */
export const xlsxDoor: Door = {
  format: 'xlsx',
  recognises: (look) =>
    look.kind === 'zip' &&
    look.parts.has('[Content_Types].xml') &&
    [...look.parts].some((part) => /^xl\/workbook.*\.xml$/i.test(part)),
  async open(look, { bytes }) {
    const names = look.kind === 'zip' ? [...look.parts] : []
    if (names.some((name) => /(^|\/)vbaProject\.bin$|^xl\/macrosheets\//i.test(name)))
      throw new DoorError('file-with-macros', { format: 'xlsx' })
    const parts = unzip(bytes, (name) => PARTS.test(name))
    try {
      // The library reads XML loosely; broken XML would come out as a shorter table without a word.
      for (const part of parts.values()) checkXml(part)
    } catch (error) {
      throw damaged('xlsx', error)
    }
    const { readWorkbook } = await import('./workbook.ts')
    return readWorkbook(pack(parts), 'xlsx')
  },
}
