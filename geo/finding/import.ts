/**
 * A ledger that was kept in Excel: rows of text become findings, and every cell that will not do is named. Pure; whose a place is only the
 * boundaries know, so that comes in from outside.
 */
import type { Calendar } from '../month/workday.ts'
import { isoDay } from '../month/day.ts'
import type { Task } from '../plan/plan.ts'
import type { District } from '../town/town.ts'
import { codeUseOf, dueDayOf, FINDING_LIMITS, FINDING_SOURCES, hasLedger, SAFETY_CODES, type FindingSource, type SafetyCode } from './finding.ts'
import { degreesOf } from './place.ts'

/** The columns of a ledger, by their heads; others are left alone. */
export const LEDGER_COLUMNS = {
  ref: { head: '编号', also: ['问题编号', '台账编号'], needed: false },
  task: { head: '任务', also: ['任务序号', '区级序号', '任务编号'], needed: true },
  town: { head: '街镇', also: ['所属街镇', '责任单位'], needed: false },
  title: { head: '问题', also: ['问题描述', '问题名称'], needed: true },
  words: { head: '情况说明', also: ['说明', '备注'], needed: false },
  address: { head: '地点', also: ['位置', '地址'], needed: false },
  lon: { head: '经度', also: ['经度(WGS84)', 'lon', 'lng'], needed: true },
  lat: { head: '纬度', also: ['纬度(WGS84)', 'lat'], needed: true },
  code: { head: '安全码', also: ['红黄绿码'], needed: false },
  source: { head: '来源', also: ['问题来源'], needed: false },
  foundOn: { head: '发现日期', also: ['发现时间', '挂账日期'], needed: true },
  dueOn: { head: '整改期限', also: ['整改时限', '期限'], needed: false },
} as const satisfies Record<string, { head: string; also: readonly string[]; needed: boolean }>
export type LedgerColumn = keyof typeof LEDGER_COLUMNS

export const LEDGER_PROBLEMS = {
  'column-missing': { zh: '缺少这一列', en: 'this column is missing' },
  'task-unknown': { zh: '清单里没有这项任务', en: 'the list has no such task' },
  'task-without-ledger': { zh: '这项任务没有问题台账', en: 'this task keeps no ledger' },
  'town-unknown': { zh: '没有这个街镇', en: 'there is no such town' },
  'town-other': { zh: '位置在别的街镇', en: 'the place lies in another town' },
  'road-unknown': { zh: '没有这条路段，或路段尚未定位', en: 'there is no such road, or it has no place yet' },
  'chainage-past-end': { zh: '桩号超出路段终点', en: 'the chainage lies past the road’s end' },
  outside: { zh: '位置不在本区', en: 'the place lies outside of the district' },
  'not-yours': { zh: '不在您负责的街镇或任务之内', en: 'outside of your towns and tasks' },
  'title-missing': { zh: '没有写问题', en: 'the problem is not named' },
  'text-too-long': { zh: '文字过长', en: 'the text is too long' },
  'degrees-invalid': { zh: '不是 WGS84 经纬度', en: 'no degrees (WGS84)' },
  'code-unknown': { zh: '只能是红、黄、绿', en: 'must be red, yellow or green (红, 黄, 绿)' },
  'code-missing': { zh: '这项任务要填安全码', en: 'this task asks for a safety code' },
  'code-needless': { zh: '这项任务不用安全码', en: 'this task has no safety codes' },
  'source-unknown': { zh: '没有这种来源', en: 'there is no such source' },
  'day-invalid': { zh: '不是日期', en: 'no date' },
  'day-in-future': { zh: '日期还没有到', en: 'the day is still to come' },
  'day-before-plan': { zh: '早于清单年度', en: 'before the year of the list' },
  'due-before-found': { zh: '期限早于发现日期', en: 'due before it was found' },
  'ref-repeated': { zh: '编号重复', en: 'the number is there twice' },
  'ref-known': { zh: '台账里已有这个编号', en: 'the ledger has this number already' },
} as const satisfies Record<string, { zh: string; en: string }>
export type LedgerProblem = keyof typeof LEDGER_PROBLEMS

export interface CellProblem {
  /** As Excel numbers rows. */
  row: number
  column: LedgerColumn
  /** As Excel names columns; '' where the file has no such column. */
  letter: string
  content: string
  problem: LedgerProblem
}

/** A table as it stands in a file. */
export interface LedgerTable {
  /** Cells as text by row, with empty ones, from the file's first row and column. */
  rows: readonly (readonly string[])[]
}

/** A row that can be a finding; its town is what the row says, or null. */
export interface LedgerRow {
  row: number
  ref: string | null
  task: number
  town: string | null
  title: string
  words: string
  address: string
  place: [number, number]
  code: SafetyCode | null
  source: FindingSource
  foundOn: string
  dueOn: string
}

export interface LedgerReading {
  rows: LedgerRow[]
  problems: CellProblem[]
  /** Letters of the columns that were found. */
  letters: Partial<Record<LedgerColumn, string>>
}

export interface LedgerContext {
  tasks: readonly Pick<Task, 'no' | 'name' | 'requirement' | 'mechanisms'>[]
  district: District
  calendar: Calendar
  today: string
  startsOn: string
}

/** The head stands in one of the first rows: a title may be above it. */
const HEAD_ROWS = 10

/** Null: no row of the table is the head of a ledger. */
export function readLedger(table: LedgerTable, context: LedgerContext): LedgerReading | null {
  const at = table.rows.slice(0, HEAD_ROWS).findIndex((row) => columnsOf(row).size >= 3)
  if (at < 0) return null
  const columns = columnsOf(table.rows[at]!)
  const letters = Object.fromEntries([...columns].map(([column, x]) => [column, letterOf(x)])) as Partial<Record<LedgerColumn, string>>
  const reading: LedgerReading = { rows: [], problems: [], letters }
  for (const [column, { needed }] of Object.entries(LEDGER_COLUMNS) as [LedgerColumn, { needed: boolean }][]) {
    if (needed && !columns.has(column)) reading.problems.push({ row: at + 1, column, letter: '', content: '', problem: 'column-missing' })
  }
  if (reading.problems.length) return reading
  const refs = new Map<string, number>()
  table.rows.slice(at + 1).forEach((cells, i) => {
    if (cells.every((cell) => cell.trim() === '')) return
    readRow(cells, at + 2 + i, columns, refs, context, reading)
  })
  return reading
}

function readRow(cells: readonly string[], row: number, columns: ReadonlyMap<LedgerColumn, number>, refs: Map<string, number>, context: LedgerContext, reading: LedgerReading): void {
  const text = (column: LedgerColumn) => (columns.has(column) ? (cells[columns.get(column)!] ?? '').trim() : '')
  const before = reading.problems.length
  const wrong = (column: LedgerColumn, problem: LedgerProblem): null => {
    reading.problems.push({ row, column, letter: reading.letters[column] ?? '', content: text(column).slice(0, 80), problem })
    return null
  }
  const within = (column: 'title' | 'words' | 'address' | 'ref') => {
    if (text(column).length > FINDING_LIMITS[column]) wrong(column, 'text-too-long')
    return text(column)
  }
  const ref = within('ref')
  const number = /^\s*(\d{1,4})(?=\D|$)/.exec(text('task'))?.[1]
  const task = context.tasks.find(({ no }) => no === Number(number)) ?? wrong('task', 'task-unknown')
  const ledger = task !== null && (hasLedger(task) || wrong('task', 'task-without-ledger') !== null)
  const town = text('town') === '' ? null : (townCalled(text('town'), context.district) ?? wrong('town', 'town-unknown'))
  const title = within('title')
  if (title === '') wrong('title', 'title-missing')
  const lon = degrees(text('lon'), 180) ?? wrong('lon', 'degrees-invalid')
  const lat = degrees(text('lat'), 90) ?? wrong('lat', 'degrees-invalid')
  const code = text('code') === '' ? null : (codeCalled(text('code')) ?? wrong('code', 'code-unknown'))
  if (task && ledger && text('code') === '' && codeUseOf(task) === 'asked') wrong('code', 'code-missing')
  if (task && ledger && code && codeUseOf(task) === 'none') wrong('code', 'code-needless')
  const source = text('source') === '' ? 'self' : (sourceCalled(text('source')) ?? wrong('source', 'source-unknown'))
  const foundOn = dayWritten(text('foundOn')) ?? wrong('foundOn', 'day-invalid')
  if (foundOn && foundOn > context.today) wrong('foundOn', 'day-in-future')
  if (foundOn && foundOn < context.startsOn) wrong('foundOn', 'day-before-plan')
  const due = text('dueOn') === '' ? null : (dayWritten(text('dueOn')) ?? wrong('dueOn', 'day-invalid'))
  if (due && foundOn && due < foundOn) wrong('dueOn', 'due-before-found')
  if (ref !== '' && task) {
    const key = `${task.no}|${ref}`
    if (refs.has(key)) wrong('ref', 'ref-repeated')
    else refs.set(key, row)
  }
  const words = within('words')
  const address = within('address')
  if (reading.problems.length > before) return
  const dueOn = due ?? dueDayOf(foundOn!, code, context.calendar)
  reading.rows.push({ row, ref: ref || null, task: task!.no, town, title, words, address, place: [lon!, lat!], code, source: source!, foundOn: foundOn!, dueOn })
}

/** Which columns a row of heads names, the first of each. */
function columnsOf(row: readonly string[]): Map<LedgerColumn, number> {
  const found = new Map<LedgerColumn, number>()
  row.forEach((cell, x) => {
    const head = cell.normalize('NFKC').replace(/[\s*＊]/g, '').toLowerCase()
    if (head === '') return
    for (const [column, names] of Object.entries(LEDGER_COLUMNS) as [LedgerColumn, { head: string; also: readonly string[] }][]) {
      if (!found.has(column) && [names.head, ...names.also].some((name) => name.toLowerCase() === head)) found.set(column, x)
    }
  })
  return found
}

/** A, B … Z, AA. */
export function letterOf(column: number): string {
  let letters = ''
  for (let n = column + 1; n > 0; n = Math.floor((n - 1) / 26)) letters = String.fromCharCode(65 + ((n - 1) % 26)) + letters
  return letters
}

function degrees(text: string, most: number): number | null {
  const value = degreesOf(text)
  return value !== null && value <= most && value > 0 ? value : null
}

function townCalled(text: string, district: District): string | null {
  return district.towns.find(({ code, name, shortName }) => [code, name, shortName].some((known) => known.toLowerCase() === text.toLowerCase()))?.code ?? null
}

function codeCalled(text: string): SafetyCode | null {
  return (Object.keys(SAFETY_CODES) as SafetyCode[]).find((code) => code === text.toLowerCase() || [SAFETY_CODES[code].zh, SAFETY_CODES[code].zh.slice(0, 1), `${SAFETY_CODES[code].zh.slice(0, 1)}色`].includes(text)) ?? null
}

function sourceCalled(text: string): FindingSource | null {
  return (Object.keys(FINDING_SOURCES) as FindingSource[]).find((source) => source === text.toLowerCase() || FINDING_SOURCES[source].zh === text || (text.length >= 2 && FINDING_SOURCES[source].zh.includes(text))) ?? null
}

/** A date as ledgers have it: 2023-06-18, 2023/6/18, 2023.6.18, 2023年6月18日; null where it is none or does not exist. */
export function dayWritten(text: string): string | null {
  const match = /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?$/.exec(text.normalize('NFKC').trim())
  if (!match) return null
  const [, year, month, day] = match
  const date = `${year}-${month!.padStart(2, '0')}-${day!.padStart(2, '0')}`
  // 30 February is no day, though it would be taken for one in March.
  const time = Date.UTC(Number(year), Number(month) - 1, Number(day))
  return isoDay(time / 86_400_000) === date ? date : null
}
