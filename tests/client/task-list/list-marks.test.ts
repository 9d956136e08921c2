import { describe, expect, it } from 'vitest'
import { anchorOf, leadingKind, marksOfTask } from '../../../client/task-list/list-marks.ts'
import type { Measure, Task } from '../../../geo/plan/plan.ts'

const townText = '全区 12.4 万亩:赵巷镇 3950 亩'
const measure: Measure = {
  id: '14.1',
  name: '粮食',
  unit: '亩',
  kind: 'amount',
  direction: 'atLeast',
  allocation: 'named',
  target: 124000,
  targetText: '12.4 万亩',
  targetSource: { field: 'townText', start: 3, end: 10 },
  milestones: [{ name: '种植', due: '2023-06-20', share: 0.85, source: { field: 'requirement', start: 0, end: 2 } }],
  quotas: [
    {
      town: '赵巷镇',
      target: 3950,
      source: { start: 15, end: 19 },
      requirementSource: null,
      townSource: { field: 'townText', start: 11, end: 14 },
    },
  ],
}
const task: Task = {
  no: 14,
  municipalNo: 14,
  category: { no: 4, name: '' },
  name: '稳定粮食生产',
  requirement: '85% 种植',
  leads: [],
  partners: [],
  deadline: '2023-12-31',
  deadlineText: '12月底',
  townText,
  towns: ['赵巷镇'],
  mechanisms: [],
  measures: [measure],
  place: { table: 0, rows: [1], page: null },
}

describe('marksOfTask', () => {
  it('should mark each number, town and total where it stands and say where it went', () => {
    const marks = marksOfTask(task, [])
    expect(marks.townText.map((m) => [townText.slice(m.start, m.end), m.kind, m.target])).toEqual([
      ['12.4 万亩', 'total', anchorOf.measure('14.1')],
      ['3950', 'quota', anchorOf.quota('14.1', '赵巷镇')],
      ['赵巷镇', 'town', anchorOf.quota('14.1', '赵巷镇')],
    ])
    expect(marks.requirement).toMatchObject([{ kind: 'milestone', target: anchorOf.milestone('14.1', 0) }])
    expect(marks.deadline).toEqual([{ start: 0, end: 4, kind: 'deadline', target: anchorOf.deadline(14) }])
  })

  it('should let a problem lead the look of what it lies on', () => {
    const problem = {
      task: 14,
      kind: 'sum-differs' as const,
      severity: 'warning' as const,
      measure: '14.1',
      message: '',
      params: {},
      source: { field: 'townText' as const, start: 3, end: 10 },
      place: null,
    }
    const marks = marksOfTask(task, [{ problem, index: 7 }]).townText.filter((m) => m.start === 3)
    expect(leadingKind(marks)).toBe('problem')
    expect(marks.map((m) => m.target)).toContain(anchorOf.problem(7))
    expect(leadingKind([])).toBeNull()
  })
})
