/** A file that somebody wants to attach: what it is by its content, how large, and what a photo says of when and where. */
import { LARGEST_MB, looksLike, officeTypeOf, safeName, type AttachmentType } from '../../geo/attachment/attachment.ts'
import { exifOf, type Exif } from '../../geo/attachment/exif.ts'
import { Problem } from '../problems.ts'
import { DoorError } from '../task-list/doors/error.ts'
import { zipEntries } from '../task-list/doors/zip.ts'

export interface ReadAttachment extends Exif {
  name: string
  type: AttachmentType
  bytes: Uint8Array
}

/** @throws Problem file-empty, file-too-large, attachment-type */
export function readAttachment(file: { name: string; bytes: Uint8Array }): ReadAttachment {
  const { bytes } = file
  if (bytes.length === 0) throw new Problem('file-empty', {}, 'file')
  if (bytes.length > LARGEST_MB * 1024 * 1024) throw new Problem('file-too-large', { limitMB: LARGEST_MB }, 'file')
  const looks = looksLike(bytes)
  const type = looks === 'zip' ? officeType(bytes) : looks
  if (type === null) throw new Problem('attachment-type', {}, 'file')
  const exif = type === 'jpeg' ? exifOf(bytes) : { takenAt: null, place: null }
  return { name: safeName(file.name, type), type, bytes, ...exif }
}

function officeType(bytes: Uint8Array): AttachmentType | null {
  try {
    return officeTypeOf(zipEntries(bytes).map(({ name }) => name))
  } catch (error) {
    // A container that is cut off, or contradicts itself.
    if (error instanceof DoorError) return null
    throw error
  }
}
