import { describe, expect, it } from 'vitest'
import { entryOf, isReady, isSavable, lightToCome, passes, sameEntry, shareEntered, troubleOf, valueOf, type Entry, type SheetCell } from '../../../client/report/sheet-cells.ts'
import type { Measure, Task } from '../../../geo/plan/plan.ts'
import { monthsWithDates } from '../../../geo/month/month.ts'
import type { SheetRow } from '../../../server/report/sheet.ts'

const measure = { id: '14.1', name: '粮食', unit: '亩', kind: 'amount', direction: 'atLeast', allocation: 'named', target: 10000, milestones: [], quotas: [{ town: '310118110', target: 10000 }] } as unknown as Measure
const task = { no: 14, name: '粮食', deadline: '2023-12-31', measures: [measure], leads: ['区农业农村委'], mechanisms: [] } as unknown as Task
const row: SheetRow = {
  task: 14, measure: '14.1', target: 10000, value: null, approvedValue: null, answers: [], last: { measure: '14.1', month: '2023-05', value: 4000, words: '', state: 'approved' }, returned: null,
  version: 0, state: null, words: '', reason: null, enteredBy: null, enteredByName: null, changedAt: null, submittedAt: null, approvedAt: null, demo: false, may: ['save'], whyNot: null, attachments: [],
} // prettier-ignore
const cell: SheetCell = { subject: '14.1', kind: 'number', task, measure, row }
const entry = (text: string, more: Partial<Entry> = {}): Entry => ({ text, words: '', answers: [], ...more })
const sheet = { town: '310118110', month: { ...monthsWithDates(2023)[5]!, state: 'open' as const } }
const progress = { plan: { year: 2023, startsOn: '2023-01-01', endsOn: '2023-12-31' }, months: monthsWithDates(2023), rules: [] }

describe('a cell of the sheet', () => {
  it('should mean a number in the measure’s unit, however it was typed', () => {
    expect(valueOf(cell, entry('5,000'))).toBe(5000)
    expect(valueOf(cell, entry('0.5万亩'))).toBe(5000)
    expect(sameEntry(cell, entry('5,000'), entry('5000'))).toBe(true)
    expect(sameEntry(cell, entry('5000'), entry('5001'))).toBe(false)
    expect(isSavable(cell, entry('五千多'))).toBe(false)
    expect(entryOf({ ...cell, row: { ...row, value: 0.1 } })).toEqual(entry('0.1'))
  })

  it('should be ready once nothing stands in its way', () => {
    expect(isReady(cell, entry(''))).toBe(false)
    expect(isReady(cell, entry('5000'))).toBe(true)
    expect(isReady(cell, entry('', { words: '未开始' }))).toBe(true)
    expect(isReady(cell, entry('3000'))).toBe(false)
    expect(troubleOf(cell, entry('3000'))).toBe('warning')
    expect(isReady(cell, entry('3000', { answers: [{ check: 'below-last', reason: '上月误报' }] }))).toBe(true)
    expect(troubleOf(cell, entry('-1'))).toBe('error')
    expect(isReady({ ...cell, row: { ...row, may: [] } }, entry('5000'))).toBe(false)
  })

  it('should show the light that it would give, and the one without it', () => {
    const light = (text: string) => lightToCome(cell, entry(text), sheet, progress, [{ month: '2023-05', value: 4000, state: 'approved', submittedAt: null, approvedAt: '2023-06-02T00:00:00Z', demo: false }])!
    expect(light('5000')).toMatchObject({ light: 'green', value: 5000 })
    expect(light('4200').light).toBe('yellow')
    expect(light('')).toMatchObject({ value: 4000, light: 'yellow' })
    expect(light('abc').value).toBe(4000)
    expect(shareEntered(cell, entry('5000'))).toBe(0.5)
  })

  it('should be a yes, a no with words, or words of a submission', () => {
    const due = { ...row, kind: 'finding' as const, item: '', town: '310118110', month: '2023-06', from: '2023-06', milestone: null, source: null, done: null, ledger: null }
    const finding: SheetCell = { subject: '17/finding', kind: 'due', task, measure: null, row: due }
    expect(isReady(finding, entry('yes'))).toBe(true)
    expect(isReady(finding, entry('no'))).toBe(false)
    expect(troubleOf(finding, entry('no'))).toBe('warning')
    expect(isReady(finding, entry('no', { words: '两处待清理' }))).toBe(true)
    expect(isReady({ ...finding, row: { ...due, kind: 'submission' } } as SheetCell, entry('', { words: '本月情况' }))).toBe(true)
    expect(sameEntry(finding, entry('yes'), entry('no'))).toBe(false)
  })

  it('should have the ledger’s counts at hand where nothing was entered of a search for findings', () => {
    const ledger = { found: 2, cleared: 1, left: 1, overdue: 0, words: '本期发现 2 处，销账 1 处，期末在账 1 处。' }
    const due = { ...row, kind: 'finding' as const, item: '', town: '310118110', month: '2023-06', from: '2023-06', milestone: null, source: null, done: null, version: 0, words: '', ledger }
    const finding: SheetCell = { subject: '17/finding', kind: 'due', task, measure: null, row: due }
    expect(entryOf(finding)).toEqual({ text: '', words: ledger.words, answers: [] })
    expect(entryOf({ ...finding, row: { ...due, may: [] } } as SheetCell).words).toBe('')
    expect(entryOf({ ...finding, row: { ...due, version: 1, words: '已排查' } } as SheetCell).words).toBe('已排查')
  })

  it('should be found by the filters', () => {
    expect(passes('open', cell, entry(''))).toBe(true)
    expect(passes('open', { ...cell, row: { ...row, state: 'submitted' } }, entry(''))).toBe(false)
    expect(passes('trouble', cell, entry('3000'))).toBe(true)
    expect(passes('returned', { ...cell, row: { ...row, state: 'returned' } }, entry(''))).toBe(true)
  })
})
