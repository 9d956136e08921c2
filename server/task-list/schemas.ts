import { z } from '@hono/zod-openapi'
import { SETTLEMENTS, TASK_LIST_STATES } from '../../geo/task-list/draft.ts'
import { SOURCE_FORMATS } from '../../geo/task-list/source.ts'
import { problemSchema, taskListSchema } from '../plan/schemas.ts'

export const correctionSchema = z
  .object({
    path: z.string().min(1).max(500),
    read: z.unknown().openapi({ description: 'what the reader had made of it' }),
    corrected: z.unknown().openapi({ description: 'what it is to be' }),
    reason: z.string().max(1000),
    at: z.string().max(40),
  })
  .openapi('Correction')

export const summarySchema = z.object({
  id: z.int(),
  version: z.int(),
  status: z.enum(TASK_LIST_STATES),
  name: z.string(),
  format: z.enum(SOURCE_FORMATS),
  sha256: z.string(),
  createdAt: z.string(),
  changedAt: z.string(),
})

const cellSchema = z.object({ text: z.string(), merged: z.enum(['above', 'left']).nullable() })
const blockSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('paragraph'), text: z.string(), page: z.int().nullable(), sheet: z.string().nullable() }),
  z.object({
    kind: z.literal('table'),
    rows: z.array(z.object({ cells: z.array(cellSchema) })),
    page: z.int().nullable(),
    sheet: z.string().nullable(),
  }),
])

export const settledProblemSchema = problemSchema.extend({
  key: z.string(),
  settled: z.enum(SETTLEMENTS).nullable().openapi({ description: 'null: still open' }),
})

export const draftSchema = summarySchema
  .extend({
    list: taskListSchema.openapi({ description: 'as read, before any correction; town names as written' }),
    document: z.object({ name: z.string(), format: z.enum(SOURCE_FORMATS), blocks: z.array(blockSchema) }),
    corrections: z.array(correctionSchema),
    confirmed: z.array(z.string()),
    problems: z.array(settledProblemSchema).openapi({ description: 'those of the reading and of the corrected list, each with how it is settled' }),
    open: z.int().openapi({ description: 'how many problems still keep it from being stored' }),
    changes: z.array(z.looseObject({ kind: z.string() })).nullable().openapi({ description: 'against the stored plan of the same year or the last one before; null: there is none' }),
    comparedWith: z.int().nullable().openapi({ description: 'the year of that plan' }),
  })
  .openapi('TaskListDraft')
