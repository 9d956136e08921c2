/** The month's sheet of one unit as an Excel file: its own rows only, what is filled in already, and what is to be filled in unlocked. */
import type ExcelJS from 'exceljs'
import { MARK, TEMPLATE_COLUMNS, TEMPLATE_HEADS, type TemplateColumn } from '../../geo/report/template.ts'
import { SUBMISSION_KINDS, subjectOf } from '../../geo/submission/submission.ts'
import type { Task } from '../../geo/plan/plan.ts'
import type { Sheet, SheetDue, SheetRow } from './sheet.ts'

const WIDTHS: Record<TemplateColumn, number> = { subject: 14, task: 30, measure: 34, unit: 8, target: 12, last: 12, value: 14, words: 46, reason: 26, version: 8 }
const OPEN: readonly TemplateColumn[] = ['value', 'words', 'reason']
const INK = 'FF17212C'
const HEAD = 'FFEBEFF3'
const FILL = 'FFFFFBEA'

/** The file's bytes. */
export async function templateOf(sheet: Sheet, tasks: readonly Task[], unitName: string): Promise<Uint8Array> {
  // Loaded when somebody asks for a file: the server starts without it.
  const { default: Excel } = (await import('exceljs')) as unknown as { default: typeof ExcelJS }
  const book = new Excel.Workbook()
  book.creator = '乡图 Xiangtu'
  const page = book.addWorksheet('填报', { views: [{ state: 'frozen', ySplit: 4, xSplit: 3 }], pageSetup: { paperSize: 9, orientation: 'landscape', fitToPage: true, fitToHeight: 0 } })
  page.columns = TEMPLATE_COLUMNS.map((key) => ({ key, width: WIDTHS[key] }))
  page.getColumn('version').hidden = true
  const demo = [...sheet.rows, ...sheet.due].some((row) => row.demo)
  page.addRow([`${sheet.month.id.replace('-', '年')}月 ${unitName} 填报表${demo ? '（含演示数据）' : ''}`])
  page.addRow(['只填黄色格：本月累计、进展说明、疑问原因。“是否”类填“是”或“否”。请勿改动编号；行可以删除，删除的行不变。'])
  page.addRow([`${MARK}${sheet.month.id}:${sheet.town}`])
  page.getRow(3).hidden = true
  page.addRow(TEMPLATE_COLUMNS.map((key) => TEMPLATE_HEADS[key]))
  page.getRow(1).font = { bold: true, size: 14, color: { argb: INK } }
  page.getRow(4).font = { bold: true }
  page.getRow(4).eachCell((cell) => (cell.fill = { type: 'pattern', pattern: 'solid', fgColor: { argb: HEAD } }))

  const byNo = new Map(tasks.map((task) => [task.no, task]))
  const rows = [...sheet.rows.map((row) => numberRow(row, byNo.get(row.task)!)), ...sheet.due.map((row) => dueRow(row, byNo.get(row.task)!))]
  for (const { cells, writable, yesOrNo } of rows.sort((a, b) => a.task - b.task)) {
    const added = page.addRow(cells)
    for (const key of OPEN) {
      const cell = added.getCell(key)
      const open = writable && !(key === 'value' && yesOrNo === null) && !(key === 'reason' && yesOrNo !== false)
      cell.protection = { locked: !open }
      if (open) cell.fill = { type: 'pattern', pattern: 'solid', fgColor: { argb: FILL } }
    }
    added.getCell('words').alignment = { wrapText: true, vertical: 'top' }
    added.getCell('measure').alignment = { wrapText: true, vertical: 'top' }
    if (yesOrNo) added.getCell('value').dataValidation = { type: 'list', allowBlank: true, formulae: ['"是,否"'] }
    added.eachCell({ includeEmpty: true }, (cell) => (cell.border = { bottom: { style: 'thin', color: { argb: 'FFE1E6EA' } } }))
  }
  // Against slips only: anybody may take it off. One round is enough where there is no password.
  await page.protect('', { spinCount: 1, selectLockedCells: true, selectUnlockedCells: true, formatColumns: true, formatRows: true, sort: true, autoFilter: true })
  return new Uint8Array(await book.xlsx.writeBuffer())
}

interface TemplateRow {
  task: number
  cells: Record<TemplateColumn, string | number | null>
  writable: boolean
  /** Whether a yes or no is asked for; false: a number; null: words only. */
  yesOrNo: boolean | null
}

function numberRow(row: SheetRow, task: Task): TemplateRow {
  const measure = task.measures.find(({ id }) => id === row.measure)!
  const reasons = [...new Set(row.answers.map(({ reason }) => reason))].join('；')
  return {
    task: task.no,
    cells: {
      subject: row.measure,
      task: `${task.no} ${task.name}`,
      measure: measure.name,
      unit: measure.kind === 'stage' ? '%' : measure.unit,
      target: measure.kind === 'stage' ? 100 : row.target,
      last: row.last?.value ?? null,
      value: row.value,
      words: row.words || null,
      reason: reasons || null,
      version: row.version,
    },
    writable: row.may.includes('save'),
    yesOrNo: false,
  }
}

function dueRow(row: SheetDue, task: Task): TemplateRow {
  const { zh, asks } = SUBMISSION_KINDS[row.kind]
  const period = row.from === row.month ? row.month : `${row.from} 至 ${row.month}`
  return {
    task: task.no,
    cells: {
      subject: subjectOf(row),
      task: `${task.no} ${task.name}`,
      measure: row.milestone ? `节点“${row.milestone.name}”是否按期达到（${row.milestone.due}）` : `${zh}（${period}）${asks === 'done' ? '是否完成' : ''}`,
      unit: null,
      target: null,
      last: null,
      value: row.done === null ? null : row.done ? '是' : '否',
      words: row.words || null,
      reason: null,
      version: row.version,
    },
    writable: row.may.includes('save'),
    yesOrNo: asks === 'done' ? true : null,
  }
}
