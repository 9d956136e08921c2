/** JPEGs by hand: the fewest bytes that are a picture's, with an EXIF block of a camera's kind in front. */

export interface Shot {
  takenAt?: string
  /** Degrees, minutes, seconds as fractions. */
  latitude?: [number, number][]
  longitude?: [number, number][]
  latitudeRef?: string
  longitudeRef?: string
  littleEndian?: boolean
}

/** A 1×1 grey picture as any program writes it. */
const PICTURE = Buffer.from(
  '/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAACf/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AKp//2Q==',
  'base64',
)

/** The picture with the EXIF of a shot. */
export function jpegOf({ takenAt, latitude, longitude, latitudeRef = 'N', longitudeRef = 'E', littleEndian = true }: Shot = {}): Uint8Array {
  const tiff = Buffer.alloc(600)
  const u16 = (value: number, at: number) => (littleEndian ? tiff.writeUInt16LE(value, at) : tiff.writeUInt16BE(value, at))
  const u32 = (value: number, at: number) => (littleEndian ? tiff.writeUInt32LE(value, at) : tiff.writeUInt32BE(value, at))
  let free = 200
  const entry = (at: number, tag: number, type: number, count: number, write: (at: number) => void, bytes: number) => {
    u16(tag, at)
    u16(type, at + 2)
    u32(count, at + 4)
    if (bytes <= 4) return write(at + 8)
    u32(free, at + 8)
    write(free)
    free += bytes + (bytes % 2)
  }
  const text = (value: string) => (at: number) => void tiff.write(`${value}\0`, at, 'latin1')
  const pointer = (value: number) => (at: number) => void u32(value, at)
  const fractions = (values: [number, number][]) => (at: number) =>
    values.forEach(([part, over], i) => {
      u32(part, at + i * 8)
      u32(over, at + i * 8 + 4)
    })
  tiff.write(littleEndian ? 'II' : 'MM', 0, 'latin1')
  u16(42, 2)
  u32(8, 4)
  const main = 8
  u16(2, main)
  entry(main + 2, 0x8769, 4, 1, pointer(50), 4)
  entry(main + 14, 0x8825, 4, 1, pointer(100), 4)
  u16(takenAt ? 1 : 0, 50)
  if (takenAt) entry(52, 0x9003, 2, takenAt.length + 1, text(takenAt), takenAt.length + 1)
  u16(latitude && longitude ? 4 : 0, 100)
  if (latitude && longitude) {
    entry(102, 1, 2, 2, text(latitudeRef), 2)
    entry(114, 2, 5, 3, fractions(latitude), 24)
    entry(126, 3, 2, 2, text(longitudeRef), 2)
    entry(138, 4, 5, 3, fractions(longitude), 24)
  }
  const head = Buffer.alloc(10)
  head.writeUInt16BE(0xffe1, 0)
  head.writeUInt16BE(free + 8, 2)
  head.write('Exif\0\0', 4, 'latin1')
  return new Uint8Array(Buffer.concat([PICTURE.subarray(0, 2), head, tiff.subarray(0, free), PICTURE.subarray(2)]))
}

/** Where 白鹤 is. */
export const IN_BAIHE: Shot = {
  takenAt: '2023:12:18 09:30:05',
  latitude: [
    [31, 1],
    [14, 1],
    [3360, 100],
  ],
  longitude: [
    [121, 1],
    [8, 1],
    [600, 100],
  ],
}
