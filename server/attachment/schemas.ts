import { z } from '@hono/zod-openapi'
import { ATTACHMENT_TYPES, type Attachment, type AttachmentType } from '../../geo/attachment/attachment.ts'

export const attachmentSchema = z
  .object({
    id: z.int(),
    subject: z.string().openapi({ description: 'a measure (14.1), or a submission of a task (17/finding)' }),
    name: z.string(),
    type: z.enum(Object.keys(ATTACHMENT_TYPES) as [AttachmentType, ...AttachmentType[]]),
    size: z.int(),
    takenAt: z.string().nullable().openapi({ description: 'the camera’s own clock, without a zone' }),
    place: z.union([z.tuple([z.number(), z.number()]).openapi({ type: 'array', items: { type: 'number' }, description: 'longitude, latitude (WGS84)' }), z.null()]),
    addedBy: z.string(),
    addedAt: z.iso.datetime(),
    demo: z.boolean(),
  })
  .openapi('Attachment') satisfies z.ZodType<Attachment>
