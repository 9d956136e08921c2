import { z } from '@hono/zod-openapi'
import {
  ALLOCATIONS,
  DIRECTIONS,
  MEASURE_KINDS,
  MECHANISMS,
  PROBLEM_KINDS,
  TASK_FIELDS,
  type Measure,
  type Problem,
  type ProblemKind,
  type Task,
  type TaskList,
  type TaskMechanism,
} from '../../geo/plan/plan.ts'
import { PERIOD_UNITS } from '../../geo/plan/mechanism.ts'

/** The wire form of the records in geo/plan: one to one, checked against them by the compiler. */
export const spanSchema = z.object({ start: z.int().min(0), end: z.int().min(0) }).openapi('Span', { description: 'UTF-16 units, end exclusive' })
export const fieldSpanSchema = spanSchema.extend({ field: z.enum(TASK_FIELDS) }).openapi('FieldSpan')
/** A named schema, or null. (`.nullable()` on a named one becomes a description that null does not meet.) */
const orNull = <S extends z.ZodType>(schema: S) => z.union([schema, z.null()])
export const isoDate = z.iso.date('must be an ISO date that exists, e.g. 2023-09-30')
export const isoMonth = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'must be an ISO month, e.g. 2023-09')

export const measureSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    unit: z.string(),
    kind: z.enum(MEASURE_KINDS),
    direction: z.enum(DIRECTIONS),
    allocation: z.enum(ALLOCATIONS),
    target: z.number().nullable(),
    targetText: z.string().nullable(),
    targetSource: orNull(fieldSpanSchema),
    milestones: z.array(z.object({ name: z.string(), due: isoDate, share: z.number(), source: orNull(fieldSpanSchema) })),
    quotas: z.array(
      z.object({
        town: z.string(),
        target: z.number().nullable(),
        source: orNull(spanSchema),
        requirementSource: orNull(spanSchema),
        townSource: orNull(fieldSpanSchema),
      }),
    ),
  })
  .openapi('Measure') satisfies z.ZodType<Measure>

export const mechanismSchema = z
  .object({
    mechanism: z.enum(MECHANISMS),
    period: z.object({ every: z.number(), unit: z.enum(PERIOD_UNITS) }).nullable(),
    source: orNull(fieldSpanSchema),
  })
  .openapi('TaskMechanism') satisfies z.ZodType<TaskMechanism>

export const taskSchema = z
  .object({
    no: z.int(),
    municipalNo: z.int().nullable(),
    category: z.object({ no: z.int(), name: z.string() }),
    name: z.string(),
    requirement: z.string(),
    leads: z.array(z.string()),
    partners: z.array(z.string()),
    deadline: isoDate.nullable(),
    deadlineText: z.string(),
    townText: z.string(),
    towns: z.array(z.string()),
    mechanisms: z.array(mechanismSchema),
    measures: z.array(measureSchema),
    place: z.object({ table: z.int(), rows: z.array(z.int()), page: z.int().nullable() }),
  })
  .openapi('Task') satisfies z.ZodType<Task>

export const problemSchema = z
  .object({
    task: z.int().nullable(),
    kind: z.enum(Object.keys(PROBLEM_KINDS) as [ProblemKind, ...ProblemKind[]]),
    severity: z.enum(['error', 'warning', 'info']),
    measure: z.string().nullable(),
    message: z.string(),
    params: z.record(z.string(), z.union([z.string(), z.number()])),
    source: orNull(fieldSpanSchema),
    place: z.object({ table: z.int(), row: z.int(), column: z.int().nullable() }).nullable(),
  })
  .openapi('ReaderProblem') satisfies z.ZodType<Problem>

export const taskListSchema = z
  .object({
    title: z.string().nullable(),
    year: z.int().nullable(),
    district: z.string().nullable(),
    categories: z.array(z.object({ no: z.int(), name: z.string() })),
    tasks: z.array(taskSchema),
    problems: z.array(problemSchema),
  })
  .openapi('TaskList') satisfies z.ZodType<TaskList>
