/** Attachments: photos and files that prove a report. What may be attached is one table; what a file is, its first bytes say, never its name. */

export const ATTACHMENT_TYPES = {
  jpeg: { media: 'image/jpeg', extension: 'jpg', photo: true },
  png: { media: 'image/png', extension: 'png', photo: true },
  webp: { media: 'image/webp', extension: 'webp', photo: true },
  pdf: { media: 'application/pdf', extension: 'pdf', photo: false },
  docx: { media: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', extension: 'docx', photo: false },
  xlsx: { media: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', extension: 'xlsx', photo: false },
} as const satisfies Record<string, { media: string; extension: string; photo: boolean }>
export type AttachmentType = keyof typeof ATTACHMENT_TYPES

/** The largest file, and the most that one cell may have. */
export const LARGEST_MB = 10
export const MOST_ATTACHMENTS = 20

/** A file that hangs on a cell of a sheet, without its bytes. */
export interface Attachment {
  id: number
  /** A measure (`14.1`), or a submission of a task (`17/finding`). */
  subject: string
  name: string
  type: AttachmentType
  size: number
  /** The camera's own clock, `2023-06-18T09:30:00`; null where it does not say. */
  takenAt: string | null
  /** Where the camera stood, [longitude, latitude] in WGS84. */
  place: [number, number] | null
  addedBy: string
  addedAt: string
  demo: boolean
}

const starts = (bytes: Uint8Array, magic: readonly number[], at = 0) => magic.every((byte, i) => bytes[at + i] === byte)
const ascii = (text: string) => [...text].map((character) => character.charCodeAt(0))

const JPEG = [0xff, 0xd8, 0xff]
const PNG = [0x89, ...ascii('PNG'), 0x0d, 0x0a, 0x1a, 0x0a]
const PDF = ascii('%PDF-')
const ZIP = [0x50, 0x4b, 0x03, 0x04]

/**
 * What a file is by its content; `zip`: a container whose parts have to be looked at to know. Null: nothing that may be attached. Files that
 * are two things at once (a page inside a picture) are taken for what they begin with, and are only ever sent out as that.
 */
export function looksLike(bytes: Uint8Array): AttachmentType | 'zip' | null {
  if (starts(bytes, JPEG)) return 'jpeg'
  if (starts(bytes, PNG)) return 'png'
  if (starts(bytes, ascii('RIFF')) && starts(bytes, ascii('WEBP'), 8)) return 'webp'
  if (starts(bytes, PDF)) return 'pdf'
  return starts(bytes, ZIP) ? 'zip' : null
}

/** What a container is by the names of its parts; one with macros is nothing that may be attached. */
export function officeTypeOf(parts: Iterable<string>): 'docx' | 'xlsx' | null {
  const names = new Set(parts)
  if ([...names].some((name) => /vbaProject\.bin$|\.exe$|^xl\/macrosheets\//i.test(name))) return null
  if (!names.has('[Content_Types].xml')) return null
  if (names.has('word/document.xml')) return 'docx'
  return names.has('xl/workbook.xml') ? 'xlsx' : null
}

/** A name that is good on every system and in a header: no folders, no control characters, the extension of what it is. */
export function safeName(name: string, type: AttachmentType): string {
  const { extension } = ATTACHMENT_TYPES[type]
  const base = (name.split(/[\\/]/).at(-1) ?? '')
    .normalize('NFC')
    // eslint-disable-next-line no-control-regex
    .replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff<>:"|?*]/g, '')
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '')
    .trim()
  const stem = base.replace(/\.[A-Za-z0-9]{1,5}$/, '').slice(0, 80) || 'attachment'
  return `${stem}.${extension}`
}
