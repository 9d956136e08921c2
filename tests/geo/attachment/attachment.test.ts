import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { looksLike, officeTypeOf, safeName } from '../../../geo/attachment/attachment.ts'
import { exifOf } from '../../../geo/attachment/exif.ts'
import { IN_BAIHE, jpegOf } from './jpeg.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

describe('what a file is', () => {
  it('should be told by its first bytes', () => {
    expect(looksLike(jpegOf())).toBe('jpeg')
    expect(looksLike(new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0]))).toBe('png')
    expect(looksLike(bytes('RIFF\0\0\0\0WEBPVP8 '))).toBe('webp')
    expect(looksLike(bytes('%PDF-1.7'))).toBe('pdf')
    expect(looksLike(bytes('PK\u0003\u0004'))).toBe('zip')
    for (const other of ['<svg xmlns="http://www.w3.org/2000/svg"/>', '<html>', 'GIF89a', 'MZ\u0000', '', '#!/bin/sh']) expect(looksLike(bytes(other)), other).toBeNull()
  })

  it('should be an office file only with its parts, and never one with macros', () => {
    const base = ['[Content_Types].xml', '_rels/.rels']
    expect(officeTypeOf([...base, 'word/document.xml'])).toBe('docx')
    expect(officeTypeOf([...base, 'xl/workbook.xml'])).toBe('xlsx')
    expect(officeTypeOf([...base, 'word/document.xml', 'word/vbaProject.bin'])).toBeNull()
    expect(officeTypeOf(['word/document.xml'])).toBeNull()
    expect(officeTypeOf([...base, 'ppt/presentation.xml'])).toBeNull()
  })

  it.each([
    ['照片 1.JPG', 'jpeg', '照片 1.jpg'],
    ['../../etc/passwd', 'pdf', 'passwd.pdf'],
    ['C:\\temp\\表.xlsx', 'xlsx', '表.xlsx'],
    ['a\u202egpj.exe', 'jpeg', 'agpj.jpg'],
    ['a"b\r\nset-cookie: x.png', 'png', 'abset-cookie x.png'],
    ['\ud800.png', 'png', 'attachment.png'],
    ['', 'webp', 'attachment.webp'],
  ] as const)('should be named safely: %j', (name, type, safe) => {
    expect(safeName(name, type)).toBe(safe)
  })
})

describe('what a camera says', () => {
  it('should be when and where, in either order of bytes', () => {
    for (const littleEndian of [true, false]) {
      expect(exifOf(jpegOf({ ...IN_BAIHE, littleEndian }))).toEqual({ takenAt: '2023-12-18T09:30:05', place: [121.135, 31.2426667] })
    }
  })

  it('should be west and south with the other sign', () => {
    expect(exifOf(jpegOf({ ...IN_BAIHE, latitudeRef: 'S', longitudeRef: 'W' })).place).toEqual([-121.135, -31.2426667])
  })

  it('should be nothing where the camera does not know, or says what cannot be', () => {
    expect(exifOf(jpegOf())).toEqual({ takenAt: null, place: null })
    const nowhere: [number, number][] = [[0, 1], [0, 1], [0, 1]]
    expect(exifOf(jpegOf({ latitude: nowhere, longitude: nowhere })).place).toBeNull()
    expect(exifOf(jpegOf({ ...IN_BAIHE, latitude: [[99, 1], [0, 1], [0, 1]] })).place).toBeNull()
    expect(exifOf(jpegOf({ ...IN_BAIHE, latitude: [[1, 0], [0, 1], [0, 1]] })).place).toBeNull()
    for (const takenAt of ['0000:00:00 00:00:00', '2023:02:30 10:00:00', '2023-06-18 09:30:00']) expect(exifOf(jpegOf({ takenAt })).takenAt).toBeNull()
  })

  it('should never fail on what is broken', () => {
    const whole = jpegOf(IN_BAIHE)
    for (let length = 0; length < whole.length; length++) expect(() => exifOf(whole.slice(0, length))).not.toThrow()
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 }), (at, byte) => {
        const broken = whole.slice()
        broken[at] = byte
        exifOf(broken)
      }),
      { numRuns: 2000 },
    )
  })
})
