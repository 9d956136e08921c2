import { CFB } from '@e965/xlsx'
import { DoorError } from './error.ts'

const BOF = 0x0809
const EOF = 0x000a
const FILEPASS = 0x002f
/** No record's data is longer, what does not fit goes on in the next ([MS-XLS] 2.1.4). */
const LONGEST = 8224

/**
 * Walks the records of a workbook of before 2007. The library stops at the first thing that it does not understand and gives what it has so
 * far, which would be a list with its end missing; here that is `file-damaged`. Throws `file-encrypted` where a password was set.
 */
export function checkRecords(bytes: Uint8Array): void {
  const file = CFB.read(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), { type: 'buffer' })
  const content = (CFB.find(file, '/Workbook') ?? CFB.find(file, '/Book'))?.content
  const broken = (detail: string) => new DoorError('file-damaged', { format: 'xls', detail })
  if (content === undefined) throw broken('no workbook in it')
  const stream = Buffer.from(content as Uint8Array)
  let [at, depth, sheets] = [0, 0, 0]
  while (at + 4 <= stream.length) {
    const type = stream.readUInt16LE(at)
    const length = stream.readUInt16LE(at + 2)
    // Between parts there may be nothing but filling.
    if (depth === 0 && type !== BOF) break
    if (length > LONGEST || at + 4 + length > stream.length) throw broken('a record cut off')
    if (type === FILEPASS) throw new DoorError('file-encrypted', { format: 'xls' })
    if (type === BOF) [depth, sheets] = [depth + 1, sheets + 1]
    if (type === EOF) depth--
    at += 4 + length
  }
  if (depth !== 0 || sheets < 2) throw broken('a part without its end')
}
