import type { Door } from './door.ts'
import { damaged, DoorError } from './error.ts'
import type { Look } from './look.ts'
import { checkXml } from './xml.ts'

/** Excel files of before 2007, which offices still exchange; also the XML of Excel 2003, which systems export under the name of .xls. */
export const xlsDoor: Door = {
  format: 'xls',
  recognises(look) {
    if (isXmlSpreadsheet(look)) return true
    if (look.kind !== 'ole') return false
    if (look.streams.has('EncryptedPackage')) throw new DoorError('file-encrypted', { format: 'office' })
    return look.streams.has('Workbook') || look.streams.has('Book')
  },
  async open(look, { bytes }) {
    if (look.kind === 'ole' && look.streams.has('_VBA_PROJECT_CUR'))
      throw new DoorError('file-with-macros', { format: 'xls' })
    if (look.kind === 'text') {
      try {
        checkXml(bytes)
      } catch (error) {
        throw damaged('xls', error)
      }
    }
    if (look.kind === 'ole') {
      const { checkRecords } = await import('./xls-records.ts')
      checkRecords(bytes)
    }
    const { readWorkbook } = await import('./workbook.ts')
    return readWorkbook(bytes, 'xls')
  },
}

function isXmlSpreadsheet(look: Look): boolean {
  if (look.kind !== 'text') return false
  const start = look.text.slice(0, 2000)
  return /^\s*<\?xml\b/.test(start) && start.includes('urn:schemas-microsoft-com:office:spreadsheet')
}
