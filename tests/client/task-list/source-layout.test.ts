import { describe, expect, it } from 'vitest'
import { layoutSource } from '../../../client/task-list/source-layout.ts'
import type { LaidTable } from '../../../client/task-list/source-layout.ts'
import type { Task } from '../../../geo/plan/plan.ts'
import type { SourceBlock, SourceDocument } from '../../../geo/task-list/source.ts'

const table = (rows: string[][]): SourceBlock => ({
  kind: 'table',
  page: null,
  sheet: null,
  rows: rows.map((cells) => ({ cells: cells.map((text) => ({ text, merged: null })) })),
})
const document = (...blocks: SourceBlock[]): SourceDocument => ({ name: 'a.txt', format: 'text', blocks })
const task = (more: Partial<Task>): Task => ({
  no: 1,
  municipalNo: null,
  category: { no: 1, name: '类' },
  name: '稳定粮食生产',
  requirement: '确保完成。',
  leads: ['区农业农村委'],
  partners: [],
  deadline: '2023-12-31',
  deadlineText: '12月底',
  townText: '赵巷镇 3950 亩',
  towns: [],
  mechanisms: [],
  measures: [],
  place: { table: 0, rows: [1], page: null },
  ...more,
})
const head = ['序号', '任务', '要求', '部门', '街镇', '时间']
const fields = (block: unknown, row: number) => (block as LaidTable).rows[row]!.cells.map((cell) => cell.field)

describe('layoutSource', () => {
  it('should find the cell of each field, whatever its column', () => {
    const laid = layoutSource(
      document(table([head, ['1', '稳定粮食生产', '确保完成。', '区农业农村委', '赵巷镇 3950 亩', '12月底']])),
      [task({})],
    )
    expect(fields(laid[0], 0)).toEqual([null, null, null, null, null, null])
    expect(fields(laid[0], 1)).toEqual([null, 'name', 'requirement', 'leads', 'townText', 'deadline'])
    expect((laid[0] as LaidTable).rows[1]!.task).toBe(1)
  })

  it('should show the field’s own text, on which the spans count, where the cell has markup or other widths', () => {
    const laid = layoutSource(
      document(table([head, ['1', '稳定粮食生产', '<p>确保完成。</p>', '', '赵巷镇 3950 亩', '']])),
      [task({})],
    )
    const cells = (laid[0] as LaidTable).rows[1]!.cells
    expect(cells[2]).toMatchObject({ field: 'requirement', text: '确保完成。' })
    expect(cells[4]).toMatchObject({ field: 'townText', text: '赵巷镇 3950 亩' })
  })

  it('should count tables without paragraphs, and follow a row that goes on', () => {
    const paragraph: SourceBlock = { kind: 'paragraph', text: '附件', page: null, sheet: null }
    const laid = layoutSource(
      document(paragraph, table([head]), paragraph, table([head, ['1', '稳定', '确保'], ['', '粮食生产', '完成。']])),
      [task({ place: { table: 1, rows: [1, 2], page: null } })],
    )
    expect(laid.map((block) => block.kind)).toEqual(['paragraph', 'table', 'paragraph', 'table'])
    expect(fields(laid[3], 1)).toEqual([null, 'name', 'requirement'])
    expect((laid[3] as LaidTable).rows[2]).toMatchObject({ task: null, continues: 1 })
  })

  it('should know departments in another order and with the lead marked', () => {
    const laid = layoutSource(document(table([head, ['1', '', '', '区民政局、*区农业农村委\n区水务局', '', '']])), [
      task({ partners: ['区民政局', '区水务局'] }),
    ])
    expect(fields(laid[0], 1)[3]).toBe('leads')
  })

  it('should share the width by what the columns hold', () => {
    const [block] = layoutSource(document(table([['1', 'a'.repeat(200)]])), []) as [LaidTable]
    expect(block.widths[1]!).toBeGreaterThan(block.widths[0]! * 2)
    expect(block.widths[0]! + block.widths[1]!).toBeCloseTo(1)
  })

  it('should not break on an empty document', () => {
    expect(layoutSource(document(), [task({})])).toEqual([])
    expect(layoutSource(document(table([])), [task({})])).toMatchObject([{ kind: 'table', rows: [], widths: [] }])
  })
})
