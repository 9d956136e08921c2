/** The ledger as files: a workbook for people, GeoJSON for other systems; and the empty workbook that is filled in for an import. */
import { FINDING_SOURCES, FINDING_STATES, isFindingOverdue, SAFETY_CODES } from '../../geo/finding/finding.ts'
import { LEDGER_COLUMNS, type LedgerColumn } from '../../geo/finding/import.ts'
import type { Task } from '../../geo/plan/plan.ts'
import { unitNames } from '../../geo/town/names.ts'
import type { FindingRow } from './queries.ts'

/** More than this is no file to read; what is asked for must be narrowed. */
export const MOST_EXPORTED = 20_000

type Cell = string | number | null
/** The columns of an import first, with the same heads: an exported ledger can be read in again. */
const COLUMNS: { head: string; width: number; of: (finding: FindingRow, today: string, task: string) => Cell }[] = [
  { head: '台账号', width: 9, of: ({ no }) => no },
  { head: LEDGER_COLUMNS.ref.head, width: 14, of: ({ ref }) => ref },
  { head: LEDGER_COLUMNS.task.head, width: 32, of: ({ task }, _, name) => `${task} ${name}` },
  { head: LEDGER_COLUMNS.town.head, width: 13, of: ({ town }) => unitNames(town).zh },
  { head: LEDGER_COLUMNS.title.head, width: 40, of: ({ title }) => title },
  { head: LEDGER_COLUMNS.words.head, width: 40, of: ({ words }) => words || null },
  { head: LEDGER_COLUMNS.address.head, width: 26, of: ({ address }) => address || null },
  { head: LEDGER_COLUMNS.lon.head, width: 13, of: ({ place }) => place[0] },
  { head: LEDGER_COLUMNS.lat.head, width: 13, of: ({ place }) => place[1] },
  { head: LEDGER_COLUMNS.code.head, width: 9, of: ({ code }) => (code ? SAFETY_CODES[code].zh : null) },
  { head: LEDGER_COLUMNS.source.head, width: 11, of: ({ source }) => FINDING_SOURCES[source].zh },
  { head: LEDGER_COLUMNS.foundOn.head, width: 12, of: ({ foundOn }) => foundOn },
  { head: LEDGER_COLUMNS.dueOn.head, width: 12, of: ({ dueOn }) => dueOn },
  { head: '状态', width: 15, of: ({ state }) => FINDING_STATES[state].zh },
  { head: '逾期', width: 7, of: (finding, today) => (isFindingOverdue(finding, today) ? '是' : null) },
  { head: '整改日期', width: 12, of: ({ fixedOn }) => fixedOn },
  { head: '销账日期', width: 12, of: ({ struckOn }) => struckOn },
  { head: '复核日期', width: 12, of: ({ checkedOn }) => checkedOn },
  { head: '最近说明', width: 40, of: ({ stepWords }) => stepWords || null },
  { head: '照片', width: 7, of: ({ photos }) => photos },
  { head: '数据', width: 7, of: ({ demo }) => (demo ? '演示' : null) },
]

export async function ledgerWorkbook(findings: readonly FindingRow[], tasks: readonly Task[], title: string, today: string): Promise<Uint8Array<ArrayBuffer>> {
  // Loaded when somebody asks for a file: the server starts without it.
  const { default: excel } = await import('exceljs')
  const book = new excel.Workbook()
  book.creator = '乡图 Xiangtu'
  const sheet = book.addWorksheet('问题台账', { views: [{ state: 'frozen', ySplit: 2, xSplit: 1 }], pageSetup: { paperSize: 9, orientation: 'landscape', fitToPage: true, fitToHeight: 0 } })
  COLUMNS.forEach(({ width }, i) => (sheet.getColumn(i + 1).width = width))
  sheet.addRow([`${title}${findings.some(({ demo }) => demo) ? '（含演示数据）' : ''}`])
  sheet.addRow(COLUMNS.map(({ head }) => head))
  const names = new Map(tasks.map(({ no, name }) => [no, name]))
  // Text stays text in a workbook: a cell is a formula only where it is made one.
  for (const finding of findings) sheet.addRow(COLUMNS.map(({ of }) => of(finding, today, names.get(finding.task) ?? '')))
  sheet.getRow(1).font = { bold: true, size: 14 }
  sheet.getRow(2).font = { bold: true }
  sheet.autoFilter = { from: { row: 2, column: 1 }, to: { row: 2, column: COLUMNS.length } }
  return new Uint8Array(await book.xlsx.writeBuffer())
}

const HINTS: Partial<Record<LedgerColumn, string>> = {
  task: '清单的区级序号，如 13',
  town: '可不填，按位置判定；农业园区要填',
  lon: 'WGS84，度，如 121.1350',
  lat: 'WGS84，度，如 31.2427',
  code: '红、黄、绿；清单要求的任务必填',
  source: Object.values(FINDING_SOURCES).map(({ zh }) => zh).join('、'),
  foundOn: '如 2023-06-18',
  dueOn: '可不填，按安全码推算',
}

/** What is filled in for an import: heads, a line of hints beside, and nothing else. */
export async function emptyLedger(tasks: readonly Task[]): Promise<Uint8Array<ArrayBuffer>> {
  const { default: excel } = await import('exceljs')
  const book = new excel.Workbook()
  const sheet = book.addWorksheet('问题台账', { views: [{ state: 'frozen', ySplit: 1 }] })
  const columns = Object.entries(LEDGER_COLUMNS) as [LedgerColumn, { head: string; needed: boolean }][]
  sheet.addRow(columns.map(([, { head, needed }]) => (needed ? `${head}*` : head)))
  sheet.getRow(1).font = { bold: true }
  columns.forEach(([column], i) => {
    sheet.getColumn(i + 1).width = column === 'title' || column === 'words' ? 36 : 15
    if (HINTS[column]) sheet.getRow(1).getCell(i + 1).note = HINTS[column]
  })
  const notes = book.addWorksheet('填写说明')
  notes.getColumn(1).width = 14
  notes.getColumn(2).width = 60
  notes.addRow(['列', '说明'])
  for (const [column, { head, needed }] of columns) notes.addRow([head, `${needed ? '必填' : '选填'}${HINTS[column] ? `；${HINTS[column]}` : ''}`])
  notes.addRow([])
  notes.addRow(['任务', '有问题台账的任务'])
  for (const { no, name } of tasks) notes.addRow([no, name])
  return new Uint8Array(await book.xlsx.writeBuffer())
}

export function ledgerGeoJson(findings: readonly FindingRow[], today: string) {
  return {
    type: 'FeatureCollection' as const,
    features: findings.map(({ id, place, photos, departments, ...finding }) => ({
      type: 'Feature' as const,
      id,
      geometry: { type: 'Point' as const, coordinates: [...place] },
      properties: { ...finding, overdue: isFindingOverdue(finding, today), photos, departments },
    })),
  }
}
