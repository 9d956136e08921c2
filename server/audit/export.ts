/** The trail as files: CSV for programs, a workbook for people. */
import type { AuditLine } from './queries.ts'

/** Columns in both languages: the file may go to people of either. */
const COLUMNS: { head: string; width: number; of: (line: AuditLine) => string }[] = [
  { head: '编号 No', width: 10, of: ({ id }) => String(id) },
  { head: '时间 Time (UTC+8)', width: 21, of: ({ at }) => inChina(at) },
  { head: '账号 Account', width: 18, of: ({ actor }) => actor },
  { head: '姓名 Name', width: 16, of: ({ person }) => person ?? '' },
  { head: '以何人身份 Looking as', width: 18, of: ({ looksAs }) => looksAs ?? '' },
  { head: '来源 From', width: 16, of: ({ origin }) => origin },
  { head: '操作 Action', width: 22, of: ({ action }) => action },
  { head: '对象 Subject', width: 34, of: ({ subject }) => subject },
  { head: '之前 Before', width: 40, of: ({ before }) => asText(before) },
  { head: '之后 After', width: 60, of: ({ after }) => asText(after) },
]

/** More than this is no file to read; what is asked for must be narrowed. */
export const MOST_LINES = 50_000
/** A cell of a workbook holds no more. */
const LONGEST_CELL = 32_767

/** Comma-separated, UTF-8 with the mark by which Excel knows it, lines as RFC 4180 has them. */
export function auditCsv(lines: readonly AuditLine[]): string {
  const rows = [COLUMNS.map(({ head }) => head), ...lines.map((line) => COLUMNS.map(({ of }) => of(line)))]
  return `\ufeff${rows.map((row) => row.map((cell) => `"${harmless(cell).replaceAll('"', '""')}"`).join(',')).join('\r\n')}\r\n`
}

export async function auditWorkbook(lines: readonly AuditLine[]): Promise<Uint8Array<ArrayBuffer>> {
  const { default: excel } = await import('exceljs')
  const workbook = new excel.Workbook()
  const sheet = workbook.addWorksheet('审计记录', { views: [{ state: 'frozen', ySplit: 1 }] })
  sheet.columns = COLUMNS.map(({ head, width }) => ({ header: head, width }))
  // Text stays text in a workbook: a cell is a formula only where it is made one.
  for (const line of lines) sheet.addRow(COLUMNS.map(({ of }) => of(line).slice(0, LONGEST_CELL)))
  sheet.getRow(1).font = { bold: true }
  sheet.autoFilter = { from: { row: 1, column: 1 }, to: { row: 1, column: COLUMNS.length } }
  return new Uint8Array(await workbook.xlsx.writeBuffer())
}

/** A cell that begins like a formula would be computed by whoever opens the file. */
function harmless(cell: string): string {
  return /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
}

function asText(value: unknown): string {
  if (value == null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** To the second, as people in China read it. */
function inChina(instant: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'medium' }).format(new Date(instant))
}
