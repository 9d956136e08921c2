/** Reported held against drawn as a workbook. */
import type { Task } from '../../geo/plan/plan.ts'
import { VERDICTS, type Reconciliation } from '../../geo/reconciliation/reconciliation.ts'
import { explanationText } from '../../geo/reconciliation/words.ts'
import { unitNames } from '../../geo/town/names.ts'

type Cell = string | number | null
const round = (value: number | null) => (value === null ? null : Math.round(value * 1e6) / 1e6)
const SCOPES = { unit: '', total: '各单位合计', part: '清单未分到街镇' } as const

const COLUMNS: { head: string; width: number; format?: string; of: (row: Reconciliation, measure: string) => Cell }[] = [
  { head: '任务', width: 7, of: ({ task }) => task },
  { head: '指标', width: 34, of: ({ measure }, name) => `${measure} ${name}` },
  { head: '单位', width: 14, of: ({ town }) => unitNames(town).zh },
  { head: '范围', width: 15, of: ({ scope }) => SCOPES[scope] || null },
  { head: '计量', width: 7, of: ({ unit }) => unit },
  { head: '上报（审定）', width: 13, of: ({ reported }) => round(reported) },
  { head: '上报月份', width: 10, of: ({ reportedFor }) => reportedFor },
  { head: '待审', width: 11, of: ({ claimed }) => round(claimed) },
  { head: '图上', width: 13, of: ({ drawn }) => round(drawn) },
  { head: '要素数', width: 8, of: ({ features }) => features },
  { head: '差（账−图）', width: 13, of: ({ difference }) => round(difference) },
  { head: '差率', width: 8, format: '0.0%', of: ({ share }) => share },
  { head: '结论', width: 14, of: ({ verdict }) => `${VERDICTS[verdict].sign} ${VERDICTS[verdict].zh}` },
  { head: '超允差', width: 8, of: ({ flagged }) => (flagged ? '是' : null) },
  { head: '说明', width: 60, of: ({ explanations, unit }) => explanations.map((one) => explanationText(one, unit, 'zh-CN')).join('；') || null },
  { head: '数据', width: 7, of: ({ demo }) => (demo ? '演示' : null) },
]

export async function reconciliationWorkbook(rows: readonly Reconciliation[], tasks: readonly Task[], title: string): Promise<Uint8Array<ArrayBuffer>> {
  // Loaded when somebody asks for a file: the server starts without it.
  const { default: excel } = await import('exceljs')
  const book = new excel.Workbook()
  book.creator = '乡图 Xiangtu'
  const sheet = book.addWorksheet('账图核对', { views: [{ state: 'frozen', ySplit: 2, xSplit: 3 }], pageSetup: { paperSize: 9, orientation: 'landscape', fitToPage: true, fitToHeight: 0 } })
  COLUMNS.forEach(({ width, format }, i) => {
    sheet.getColumn(i + 1).width = width
    if (format) sheet.getColumn(i + 1).numFmt = format
  })
  sheet.addRow([`${title}${rows.some(({ demo }) => demo) ? '（含演示数据）' : ''}`])
  sheet.addRow(COLUMNS.map(({ head }) => head))
  const names = new Map(tasks.flatMap(({ name, measures }) => measures.map((measure) => [measure.id, measure.name || name])))
  // Text stays text in a workbook: a cell is a formula only where it is made one.
  for (const row of rows) sheet.addRow(COLUMNS.map(({ of }) => of(row, names.get(row.measure) ?? '')))
  sheet.getRow(1).font = { bold: true, size: 14 }
  sheet.getRow(2).font = { bold: true }
  sheet.autoFilter = { from: { row: 2, column: 1 }, to: { row: 2, column: COLUMNS.length } }
  return new Uint8Array(await book.xlsx.writeBuffer())
}
