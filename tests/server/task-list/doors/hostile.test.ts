import { CFB } from '@e965/xlsx'
import { deflateRawSync, crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { openDocument, LIMITS } from '../../../../server/task-list/doors/index.ts'
import { openIsolated } from '../../../../server/task-list/doors/isolated.ts'
import { pack, unzip } from '../../../../server/task-list/doors/zip.ts'
import { realList } from './list.ts'
import { bytesOf, open, refusal } from './open.ts'
import { asDocx, asXls, asXlsx } from './render.ts'

const list = realList()
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

/** An OLE container with these streams, as Office of before 2007 writes it. */
function ole(...names: string[]): Uint8Array {
  const file = CFB.utils.cfb_new()
  for (const name of names) CFB.utils.cfb_add(file, `/${name}`, new Uint8Array(8192))
  return CFB.write(file, { type: 'buffer' }) as Uint8Array
}

/** The parts of a container, changed. */
function rebuilt(bytes: Uint8Array, change: (parts: Map<string, Uint8Array>) => void): Uint8Array {
  const parts = new Map([...unzip(bytes, () => true)])
  change(parts)
  return pack(parts)
}

/** A container with one packed part that states another size than it has. */
function zipOf(name: string, content: Uint8Array, stated: number): Uint8Array {
  const packed = deflateRawSync(content, { level: 9 })
  const file = Buffer.from(pack(new Map([['[Content_Types].xml', bytesOf('<Types/>')], [name, packed]]))) // prettier-ignore
  // In both headers: method, checksum, sizes. The part is the last one, so its local header is found by its name.
  const at = file.indexOf(name) - 30
  const central = file.lastIndexOf(name) - 46
  for (const [start, method, crc, size] of [
    [at, 8, 14, 22],
    [central, 10, 16, 24],
  ] as const) {
    // prettier-ignore
    file.writeUInt16LE(8, start + method)
    file.writeUInt32LE(crc32(content), start + crc)
    file.writeUInt32LE(stated, start + size)
  }
  return file
}

describe('what is no task list', () => {
  it('should be refused by its content, whatever it is called', async () => {
    expect(await refusal('a.docx', '')).toBe('file-empty')
    expect(await refusal('a.txt', ' \n\t\r\n')).toBe('file-empty')
    expect(await refusal('a.docx', png)).toBe('format-unknown')
    expect(await refusal('a.pdf', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]))).toBe('format-unknown')
    expect(await refusal('a.xlsx', '{\\rtf1\\ansi x}')).toBe('format-unknown')
    expect(await refusal('a.zip', pack(new Map([['a.txt', bytesOf('x')]])))).toBe('format-unknown')
    expect(
      await refusal('a.txt', Buffer.from(Array.from({ length: 4000 }, (_, i) => (i * 7919 + (i >> 3) * 31) & 255))),
    ).toBe('format-unknown')
    expect(await refusal('a.txt', '关于乡村振兴的通知，没有表格。')).toBe('table-missing')
    expect(await refusal('a.html', '<!doctype html><p>没有表格</p>')).toBe('table-missing')
  })

  it('should be opened by its content under a wrong name', async () => {
    expect((await open('清单.pdf', await asXlsx(list))).format).toBe('xlsx')
    expect((await open('清单.xls', await asDocx(list))).format).toBe('docx')
    expect((await open('清单', await asXls(list))).format).toBe('xls')
    expect((await open('清单.xls', '<html><table><tr><td>a<td>b</table>')).format).toBe('html')
  })

  it('should be refused for its password, its macros or its age', async () => {
    expect(await refusal('a.xlsx', ole('EncryptionInfo', 'EncryptedPackage'))).toBe('file-encrypted')
    expect(await refusal('a.doc', ole('WordDocument', '1Table'))).toBe('doc-legacy')
    expect(await refusal('a.ppt', ole('PowerPoint Document'))).toBe('format-unknown')
    expect(await refusal('a.xls', ole('Workbook'))).toBe('file-damaged')
    expect(await refusal('a.xls', await lockedXls())).toBe('file-encrypted')
    const withMacros = (part: string) => (parts: Map<string, Uint8Array>) => void parts.set(part, bytesOf('x'))
    expect(await refusal('a.docm', rebuilt(await asDocx(list), withMacros('word/vbaProject.bin')))).toBe(
      'file-with-macros',
    )
    expect(await refusal('a.xlsm', rebuilt(await asXlsx(list), withMacros('xl/vbaProject.bin')))).toBe(
      'file-with-macros',
    )
  })

  it('should be refused when it is larger than a list can be', async () => {
    expect(await refusal('a.txt', new Uint8Array(LIMITS.fileBytes + 1))).toBe('file-too-large')
    const columns = `${'a,'.repeat(999)}b\n`
    expect(await refusal('a.csv', columns.repeat(600))).toBe('file-too-long')
  })
})

/** The workbook with a FILEPASS record after its first BOF record: what Excel writes when a password is set. */
async function lockedXls(): Promise<Uint8Array> {
  const file = CFB.read(Buffer.from(await asXls(list)), { type: 'buffer' })
  const stream = Buffer.from(CFB.find(file, 'Workbook')!.content as Uint8Array)
  const first = 4 + stream.readUInt16LE(2)
  const pass = Buffer.concat([Buffer.from([0x2f, 0, 54, 0, 1, 0, 1, 0, 1, 0]), Buffer.alloc(48, 7)])
  CFB.utils.cfb_add(file, '/Workbook', Buffer.concat([stream.subarray(0, first), pass, stream.subarray(first)]))
  return CFB.write(file, { type: 'buffer' }) as Uint8Array
}

describe('a bomb', () => {
  const zeros = new Uint8Array(100 * 1024 * 1024)

  it('should be refused by the size that it states, and by the size that it has when it lies', async () => {
    for (const name of ['word/document.xml', 'xl/workbook.xml']) {
      expect(await refusal('a.docx', zipOf(name, zeros, zeros.length))).toBe('file-too-large')
      expect(await refusal('a.docx', zipOf(name, zeros, 1000))).toBe('file-too-large')
    }
  })

  it('should not be opened where only pictures are large, which are never unpacked', async () => {
    const withPicture = rebuilt(await asDocx(list), (parts) =>
      parts.set('word/media/image1.png', zeros.subarray(0, 15 * 1024 * 1024)),
    )
    expect(await refusal('a.docx', withPicture)).toBe('opened')
  })

  it('should be refused with entities, outside references and endless nesting in XML', async () => {
    const bomb = `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">${Array.from({ length: 9 }, (_, i) => `<!ENTITY ${'bcdefghij'[i]} "${`&${'abcdefghi'[i]};`.repeat(10)}">`).join('')}]><w:document>&j;</w:document>`
    const outside =
      '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><w:document><w:body>&a;</w:body></w:document>'
    const nested = `<w:document><w:body>${'<w:tbl>'.repeat(100_000)}`
    for (const xml of [bomb, outside, nested]) {
      const change = (name: string) => (parts: Map<string, Uint8Array>) => void parts.set(name, bytesOf(xml))
      expect(await refusal('a.docx', rebuilt(await asDocx(list), change('word/document.xml')))).toBe('file-damaged')
      expect(await refusal('a.xlsx', rebuilt(await asXlsx(list), change('xl/sharedStrings.xml')))).toBe('file-damaged')
    }
  })

  it('should be refused as HTML that nests without end or holds tables in tables in tables', async () => {
    const refused = ['file-damaged', 'file-too-slow', 'file-too-large', 'file-too-long', 'table-missing']
    expect(refused).toContain(await refusal('a.html', `<table><tr><td>${'<div>'.repeat(300_000)}`))
    expect(refused).toContain(await refusal('a.html', '<table><tr><td>'.repeat(20_000)))
  })

  it('should be done in time for texts that slow patterns would choke on', async () => {
    const long = 900_000
    const texts = [' '.repeat(long), `|${' '.repeat(long)}|\n|-|-|\n`, `a,"${'""'.repeat(long / 2)}`, '<!--'.repeat(long / 4), `${'<!---->'.repeat(1e5)}x`, '\t'.repeat(long), '|'.repeat(long), '**'.repeat(long / 2), '['.repeat(long), '"\n,'.repeat(long / 3), `a|b\n${'|x\n'.repeat(long / 4)}`, `|a|b|\n|-|-|\n|x${'\ny'.repeat(long / 4)}`] // prettier-ignore
    for (const text of texts) {
      const start = performance.now()
      await refusal('a.txt', text)
      expect(performance.now() - start, JSON.stringify(text.slice(0, 20))).toBeLessThan(8_000)
    }
  }, 120_000)
})

describe('a reader that does not come to an end', () => {
  it('should be ended, and others after it be served', async () => {
    const wrapped = await Promise.all(Array.from({ length: 6 }, (_, i) => open(`${i}.csv`, 'a,b\n1,2\n')))
    expect(wrapped.map(({ name }) => name)).toEqual(['0.csv', '1.csv', '2.csv', '3.csv', '4.csv', '5.csv'])
    // A page whose content draws the same text some million times over.
    const content = `BT /F1 10 Tf ${'1 0 0 1 50 500 Tm <4e004e00> Tj '.repeat(200_000)} ET`
    const file = `%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Count 1 /Kids [3 0 R] >>\nendobj\n3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 800 600] /Contents 4 0 R >>\nendobj\n4 0 obj\n<< /Length ${content.length} >>\nstream\n${content}\nendstream\nendobj\ntrailer\n<< /Root 1 0 R >>`
    const slow = openIsolated({ name: 'a.pdf', bytes: Buffer.from(file, 'latin1') }, { ...LIMITS, seconds: 0.5 })
    await expect(slow).rejects.toMatchObject({ key: 'file-too-slow', params: { seconds: 0.5 } })
    expect((await open('b.csv', 'a,b\n1,2\n')).format).toBe('csv')
  })

  it('should be ended when it takes too much memory', async () => {
    const rows = `<w:tr>${'<w:tc><w:p><w:r><w:t>x</w:t></w:r></w:p></w:tc>'.repeat(8)}</w:tr>`.repeat(12_000)
    const body = `<w:document><w:body><w:tbl>${rows}</w:tbl></w:body></w:document>`
    const bytes = pack(new Map([['[Content_Types].xml', bytesOf('<Types/>')], ['word/document.xml', bytesOf(body)]])) // prettier-ignore
    await expect(openIsolated({ name: 'a.docx', bytes }, { ...LIMITS, heapMB: 40 })).rejects.toMatchObject({
      key: 'file-too-large',
      params: { what: 'memory' },
    })
    expect((await openDocument({ name: 'a.docx', bytes })).blocks).toHaveLength(1)
  })
})
