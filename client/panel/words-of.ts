/** Which characters of a task's words a chosen measure and unit were read from. Pure. */
import type { FieldSpan, Measure, Span, Task, TaskField } from '../../geo/plan/plan.ts'

export interface MarkedWords {
  field: Extract<TaskField, 'townText' | 'requirement'>
  text: string
  /** The numbers. */
  marks: Span[]
  /** What belongs to them: towns' names, the declared total. */
  quiet: Span[]
}

/**
 * The two cells of a task's row with the places marked that the measures' quotas were read from: of one unit, or of all (`town` null).
 * The cell that has marks comes first.
 */
export function wordsOf(task: Task, measures: readonly Measure[], town: string | null): MarkedWords[] {
  const quotas = measures.flatMap((measure) => measure.quotas.filter((quota) => town === null || quota.town === town))
  const inField = (field: TaskField, spans: (FieldSpan | null)[]): Span[] =>
    spans.filter((span) => span?.field === field) as Span[]
  const spans = (list: (Span | null)[]) => list.filter((span) => span !== null)
  const related = [
    ...quotas.map((quota) => quota.townSource),
    ...(town === null ? measures.map((measure) => measure.targetSource) : []),
  ]
  const words: MarkedWords[] = [
    {
      field: 'townText',
      text: task.townText,
      marks: spans(quotas.map((quota) => quota.source)),
      quiet: inField('townText', related),
    },
    {
      field: 'requirement',
      text: task.requirement,
      marks: spans(quotas.map((quota) => quota.requirementSource)),
      quiet: inField('requirement', related),
    },
  ]
  const weight = ({ marks, quiet }: MarkedWords) => (marks.length ? 2 : quiet.length ? 1 : 0)
  return words.filter(({ text }) => text !== '').sort((a, b) => weight(b) - weight(a))
}
