/**
 * What a camera says in a JPEG: when and where. Reads the few tags of EXIF (TIFF inside APP1) that this needs, with every offset checked: what
 * is broken says nothing, and nothing is read twice or out of bounds. Cameras mark places in WGS84.
 */

export interface Exif {
  /** The camera's own clock, without a zone: `2023-06-18T09:30:00`. */
  takenAt: string | null
  /** [longitude, latitude]. */
  place: [number, number] | null
}

const NOTHING: Exif = { takenAt: null, place: null }

const TAG = { exifFolder: 0x8769, gpsFolder: 0x8825, dateTime: 0x0132, dateTimeOriginal: 0x9003, latRef: 1, lat: 2, lonRef: 3, lon: 4 }
const SIZE_OF_TYPE: Record<number, number> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 9: 4, 10: 8 }
/** Entries of a folder that are read at most. */
const MOST_ENTRIES = 500

export function exifOf(jpeg: Uint8Array): Exif {
  try {
    const tiff = tiffOf(jpeg)
    return tiff ? readTiff(tiff) : NOTHING
  } catch (error) {
    // An offset that leads out of the file.
    if (error instanceof RangeError) return NOTHING
    throw error
  }
}

/** The TIFF of the first APP1 segment that is EXIF. */
function tiffOf(jpeg: Uint8Array): DataView | null {
  const view = new DataView(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength)
  if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8) return null
  let at = 2
  while (at + 4 <= view.byteLength) {
    const marker = view.getUint16(at)
    const length = view.getUint16(at + 2)
    // The picture itself begins: no more segments.
    if (marker >> 8 !== 0xff || marker === 0xffda || length < 2) return null
    if (marker === 0xffe1 && length >= 16 && view.getUint32(at + 4) === 0x45786966 && view.getUint16(at + 8) === 0) {
      return new DataView(jpeg.buffer, jpeg.byteOffset + at + 10, Math.min(length - 8, view.byteLength - at - 10))
    }
    at += 2 + length
  }
  return null
}

interface Entry {
  type: number
  count: number
  /** Where its values stand in the TIFF. */
  at: number
}

function readTiff(tiff: DataView): Exif {
  const order = tiff.getUint16(0)
  if (order !== 0x4949 && order !== 0x4d4d) return NOTHING
  const little = order === 0x4949
  if (tiff.getUint16(2, little) !== 42) return NOTHING
  const main = folderAt(tiff, tiff.getUint32(4, little), little)
  const sub = (tag: number) => {
    const entry = main.get(tag)
    return entry ? folderAt(tiff, tiff.getUint32(entry.at, little), little) : new Map<number, Entry>()
  }
  const exif = sub(TAG.exifFolder)
  const gps = sub(TAG.gpsFolder)
  const takenAt = dateOf(textOf(tiff, exif.get(TAG.dateTimeOriginal)) ?? textOf(tiff, main.get(TAG.dateTime)))
  const latitude = degreesOf(tiff, gps.get(TAG.lat), textOf(tiff, gps.get(TAG.latRef)), little)
  const longitude = degreesOf(tiff, gps.get(TAG.lon), textOf(tiff, gps.get(TAG.lonRef)), little)
  // 0, 0 is what cameras write before they know.
  const known = latitude !== null && longitude !== null && Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 && (latitude !== 0 || longitude !== 0)
  return { takenAt, place: known ? [longitude, latitude] : null }
}

function folderAt(tiff: DataView, at: number, little: boolean): Map<number, Entry> {
  const entries = new Map<number, Entry>()
  const count = Math.min(tiff.getUint16(at, little), MOST_ENTRIES)
  for (let i = 0; i < count; i++) {
    const place = at + 2 + i * 12
    const type = tiff.getUint16(place + 2, little)
    const values = tiff.getUint32(place + 4, little)
    const bytes = (SIZE_OF_TYPE[type] ?? 0) * values
    if (bytes === 0 || bytes > tiff.byteLength) continue
    entries.set(tiff.getUint16(place, little), { type, count: values, at: bytes <= 4 ? place + 8 : tiff.getUint32(place + 8, little) })
  }
  return entries
}

function textOf(tiff: DataView, entry: Entry | undefined): string | null {
  if (entry?.type !== 2 || entry.count > 100) return null
  let text = ''
  for (let i = 0; i < entry.count; i++) {
    const code = tiff.getUint8(entry.at + i)
    if (code === 0) break
    text += String.fromCharCode(code)
  }
  return text.trim()
}

/** `2023:06:18 09:30:00` as ISO text; null for dates that no calendar has. */
function dateOf(text: string | null): string | null {
  const match = /^(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)$/.exec(text ?? '')
  if (!match) return null
  const [, year, month, day, hour, minute, second] = match
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}`
  const at = Date.parse(`${iso}Z`)
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 19) !== iso ? null : iso
}

/** Degrees, minutes and seconds as three fractions. */
function degreesOf(tiff: DataView, entry: Entry | undefined, ref: string | null, little: boolean): number | null {
  if (entry?.type !== 5 || entry.count !== 3 || !ref || !/^[NSEW]$/.test(ref)) return null
  let degrees = 0
  for (let i = 0; i < 3; i++) {
    const over = tiff.getUint32(entry.at + i * 8 + 4, little)
    const part = tiff.getUint32(entry.at + i * 8, little)
    // 0/0 seconds: none were measured.
    if (over === 0) {
      if (part !== 0 || i === 0) return null
      continue
    }
    degrees += part / over / 60 ** i
  }
  return Math.round((ref === 'S' || ref === 'W' ? -degrees : degrees) * 1e7) / 1e7
}
