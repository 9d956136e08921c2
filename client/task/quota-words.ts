/** The document's words behind a quota: the paragraphs of its cells that it was read from, with the number and the town's name marked. */
import type { FieldSpan, Measure, Span, Task, TaskField } from '../../geo/plan/plan.ts'

export interface QuotaWords {
  field: Extract<TaskField, 'townText' | 'requirement'>
  text: string
  /** The number. */
  marks: Span[]
  /** The words that name the town or its set, and those of the declared total. */
  quiet: Span[]
}

const FIELDS = ['townText', 'requirement'] as const

/** Where the quota of `town` stands in the document; empty when the measure has none for it and no words of its own. */
export function quotaWords(task: Task, measure: Measure, town: string): QuotaWords[] {
  const quota = measure.quotas.find((candidate) => candidate.town === town)
  const numbers: FieldSpan[] = []
  const names: FieldSpan[] = []
  if (quota?.source) numbers.push({ field: 'townText', ...quota.source })
  if (quota?.requirementSource) numbers.push({ field: 'requirement', ...quota.requirementSource })
  if (quota?.townSource) names.push(quota.townSource)
  if (measure.targetSource) (numbers.length > 0 ? names : numbers).push(measure.targetSource)
  return FIELDS.flatMap((field) =>
    paragraphs(task[field]).flatMap(({ start, text }): QuotaWords[] => {
      const inside = (spans: FieldSpan[]) =>
        spans
          .filter((span) => span.field === field && span.start >= start && span.end <= start + text.length)
          .map((span) => ({ start: span.start - start, end: span.end - start }))
      const [marks, quiet] = [inside(numbers), inside(names)]
      return marks.length + quiet.length > 0 ? [{ field, text, marks, quiet }] : []
    }),
  )
}

function paragraphs(text: string): { start: number; text: string }[] {
  let start = 0
  return text.split('\n').map((line) => {
    const paragraph = { start, text: line }
    start += line.length + 1
    return paragraph
  })
}
