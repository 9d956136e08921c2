import { z } from '@hono/zod-openapi'
import { LIGHTS } from '../../geo/light/light.ts'
import { LANGS } from '../../geo/number/in-words.ts'
import { ROW_KINDS, SHEET_LIMITS, SHEET_PAPERS } from '../../geo/workbook/sheet.ts'
import { isoDate } from '../plan/schemas.ts'
import { isStorable } from '../storable.ts'

const text = (most: number) => z.string().max(most).refine((words) => isStorable(words), 'holds a NUL or half a character')

const cellSchema = z.strictObject({
  value: z.union([text(SHEET_LIMITS.text), z.number(), z.null()]),
  time: z.enum(['day', 'minute']).optional(),
  number: z.strictObject({ decimals: z.int().min(0).max(6), percent: z.boolean().optional(), unit: text(12).optional() }).optional(),
  light: z.enum(LIGHTS).optional(),
  strong: z.boolean().optional(),
  align: z.enum(['start', 'center', 'end']).optional(),
  columns: z.int().min(1).max(SHEET_LIMITS.columns).optional(),
  rows: z.int().min(1).max(SHEET_LIMITS.rows).optional(),
})

const sheetSchema = z.strictObject({
  name: text(SHEET_LIMITS.title),
  title: text(SHEET_LIMITS.title).pipe(z.string().min(1)),
  notes: z.array(text(1000)).max(SHEET_LIMITS.notes).default([]),
  demo: z.boolean(),
  asOf: isoDate.optional().openapi({ description: 'the day that the rows tell of; without it today' }),
  lang: z.enum(LANGS),
  paper: z.enum(SHEET_PAPERS).default('A4'),
  rows: z.array(z.strictObject({ kind: z.enum(ROW_KINDS), cells: z.array(cellSchema).max(SHEET_LIMITS.columns) })).min(1).max(SHEET_LIMITS.rows),
})

export const workbookSchema = z
  .strictObject({ name: text(SHEET_LIMITS.title).pipe(z.string().min(1)), sheets: z.array(sheetSchema).min(1).max(SHEET_LIMITS.sheets) })
  .refine(({ sheets }) => sheets.reduce((n, { rows }) => n + rows.reduce((m, { cells }) => m + cells.length, 0), 0) <= SHEET_LIMITS.cells, `has more than ${SHEET_LIMITS.cells} cells`)
  // A spanning cell fills a rectangle: one that is long both ways, many times over, would be more than a table.
  .refine(({ sheets }) => sheets.every(({ rows }) => rows.every(({ cells }) => cells.reduce((n, { columns = 1 }) => n + columns, 0) <= SHEET_LIMITS.columns * 2)), 'is too wide')
  .refine(({ sheets }) => sheets.reduce((n, { rows }) => n + rows.reduce((m, { cells }) => m + cells.reduce((k, cell) => k + (cell.columns ?? 1) * Math.min(cell.rows ?? 1, rows.length), 0), 0), 0) <= SHEET_LIMITS.cells * 2, 'spans too much')
  .openapi('Workbook')
