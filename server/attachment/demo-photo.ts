/** A photo of the demonstration, drawn and read like one that somebody uploads. */
import { createHash } from 'node:crypto'
import { PHOTO_PIXELS, photoDrawing, type DemoPhoto } from '../../seeds/demo/photos.ts'
import { pngOf } from '../snapshot/png.ts'
import { readAttachment, type ReadAttachment } from './read.ts'

/** When it was taken, a camera would say; where, is left to whoever knows. */
export function demoPhoto(photo: DemoPhoto): ReadAttachment & { sha256: string } {
  const bytes = pngOf(photoDrawing(photo), PHOTO_PIXELS)
  const read = readAttachment({ name: `演示照片 ${photo.day}.png`, bytes })
  return { ...read, takenAt: `${photo.day}T10:20:00`, sha256: createHash('sha256').update(bytes).digest('hex') }
}
