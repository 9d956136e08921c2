import { z } from '@hono/zod-openapi'
import { NOTES, ROW_SCOPES, VERDICTS, type Note, type Verdict } from '../../geo/reconciliation/reconciliation.ts'

const keysOf = <K extends string>(table: Record<K, unknown>) => Object.keys(table) as [K, ...K[]]

export const rowSchema = z
  .object({
    task: z.int(),
    measure: z.string(),
    layer: z.string(),
    unit: z.string(),
    town: z.string().openapi({ description: 'a town, the park, or the district' }),
    scope: z.enum(ROW_SCOPES).openapi({ description: '`total`: all units together; `part`: a town’s part of what only the district reports' }),
    reported: z.number().nullable().openapi({ description: 'the approved value that holds at the month’s end, in the measure’s unit' }),
    reportedFor: z.string().nullable(),
    claimed: z.number().nullable().openapi({ description: 'what waits for review' }),
    drawn: z.number().openapi({ description: 'by the features as they stand now' }),
    features: z.int(),
    difference: z.number().nullable(),
    share: z.number().nullable(),
    verdict: z.enum(keysOf<Verdict>(VERDICTS)),
    flagged: z.boolean(),
    explanations: z.array(z.object({ note: z.enum(keysOf<Note>(NOTES)), n: z.number().optional(), of: z.number().optional(), month: z.string().optional() })),
    text: z.string(),
    textEn: z.string(),
    demo: z.boolean(),
  })
  .openapi('Reconciliation')

export const reconciliationsSchema = z
  .object({
    year: z.int(),
    month: z.string(),
    tolerance: z.number().openapi({ description: 'in percent of what is reported' }),
    joins: z.boolean().openapi({ description: 'whether a difference stands behind the reasons of lights' }),
    versions: z.record(z.string(), z.int()).openapi({ description: 'data versions of the layers that were counted' }),
    rows: z.array(rowSchema),
  })
  .openapi('Reconciliations')

export const behindSchema = z
  .object({
    row: rowSchema,
    /** More are found on the map. */
    cut: z.boolean(),
    features: z.array(
      z.object({
        id: z.int(),
        layer: z.string(),
        title: z.string(),
        town: z.string().nullable(),
        towns: z.array(z.string()),
        outside: z.boolean(),
        unit: z.string().nullable(),
        amount: z.number().nullable().openapi({ description: 'what it counts for, in the measure’s unit' }),
        counts: z.boolean().openapi({ description: 'it has come so far that it counts' }),
        located: z.boolean(),
        overlap: z.number(),
        beyond: z.number(),
        twice: z.number(),
        demo: z.boolean(),
      }),
    ),
  })
  .openapi('ReconciliationFeatures')
