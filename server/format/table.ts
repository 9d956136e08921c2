/** Tables with coordinates: CSV and Excel. Points from two columns, or any shape from a column of well-known text. */
import { read as readBook, set_cptable, utils } from '@e965/xlsx'
import * as codepages from '@e965/xlsx/dist/cpexcel'
import ExcelJS from 'exceljs'
import { WGS84 } from '../../geo/crs/crs.ts'
import { records } from '../task-list/doors/csv.ts'
import { damaged, DoorError } from '../task-list/doors/error.ts'
import { checkXml } from '../task-list/doors/xml.ts'
import { pack, unzip } from '../task-list/doors/zip.ts'
import type { Column, Format, Look, MapFile, RawFeature, Reading, ReadOptions, Value, Writing } from './format.ts'
import { together } from './geojson.ts'
import { MAP_LIMITS } from './limits.ts'
import { readWkt, wktOf } from './shape.ts'
import { decodeMapText, mustBeShort } from './text.ts'

type Cell = string | number | boolean | null

/** Columns that hold coordinates, as people call them. What surveyors call X runs north; which is which the place on the map tells. */
const X_NAMES = /^(x|lon|lng|long|longitude|east(ing)?|point_?x|经度|东经|横坐标|东坐标|x坐标|坐标x|e)$/i
const Y_NAMES = /^(y|lat|latitude|north(ing)?|point_?y|纬度|北纬|纵坐标|北坐标|y坐标|坐标y|n)$/i
const WKT_NAMES = /^(wkt|geom(etry)?|the_geom|shape|图形|图形（wkt）|图形\(wkt\)|_wkt)$/i

export const csv: Format = {
  id: 'csv',
  recognises: ({ kind, head }) => kind === 'text' && !/^\s*[{<]/.test(head) && /[,;\t]/.test(head.split('\n', 1)[0] ?? ''),
  read({ bytes }, _, options) {
    mustBeShort(bytes)
    const { text, encoding } = decodeMapText(bytes, options.encoding)
    const [first = ''] = text.split(/\r?\n/, 1)
    const separator = [',', '\t', ';'].toSorted((a, b) => first.split(b).length - first.split(a).length)[0]!
    return { ...tableReading(records(text, separator), options, [], null), encoding }
  },
  write: null,
}

const isWorkbook = ({ kind, entries }: Look) => kind === 'ole' || (kind === 'zip' && entries.some((name) => /^xl\/workbook.*\.xml$/i.test(name)))
const PARTS = /^(\[Content_Types\]\.xml|_rels\/\.rels|xl\/(_rels\/)?[^/]+\.(xml|rels)|xl\/worksheets\/(_rels\/)?[^/]+\.(xml|rels))$/i
const MOST_ROWS = 200_000

export const excel: Format = {
  id: 'excel',
  recognises: isWorkbook,
  read(file, look, options) {
    const book = openBook(file, look)
    const names = book.SheetNames.filter((_, i) => (book.Workbook?.Sheets?.[i]?.Hidden ?? 0) === 0)
    const part = names.find((name) => name === options.part) ?? names[0]
    const sheet = part === undefined ? undefined : book.Sheets[part]
    if (!sheet) throw new DoorError('table-missing', { format: 'Excel' })
    const rows = utils.sheet_to_json<Cell[]>(sheet, { header: 1, raw: true, blankrows: false, defval: null })
    if (rows.length > MOST_ROWS) throw new DoorError('file-too-long', { limit: MOST_ROWS, what: 'rows' })
    return tableReading(rows, options, names, part ?? null)
  },
  write: writeExcel,
}

function openBook({ bytes }: MapFile, look: Look) {
  let plain = bytes
  if (look.kind === 'zip') {
    if (look.entries.some((name) => /(^|\/)vbaProject\.bin$/i.test(name))) throw new DoorError('file-with-macros', { format: 'xlsx' })
    const parts = unzip(bytes, (name) => PARTS.test(name))
    try {
      for (const part of parts.values()) checkXml(part)
    } catch (error) {
      throw damaged('xlsx', error)
    }
    plain = pack(parts)
  }
  try {
    set_cptable(codepages)
    return readBook(Buffer.from(plain.buffer, plain.byteOffset, plain.byteLength), { type: 'buffer', dense: true, cellFormula: false, cellHTML: false, cellDates: false, codepage: 936, sheetRows: MOST_ROWS + 1 })
  } catch (error) {
    if (error instanceof Error && /password|encrypt/i.test(error.message)) throw new DoorError('file-encrypted', { format: 'Excel' })
    throw damaged('Excel', error)
  }
}

function tableReading(rows: Cell[][], { x, y, wkt }: ReadOptions, parts: string[], part: string | null): Reading {
  // The head is the first row that fills most of the table's width: a title may stand above.
  const width = rows.slice(0, 50).reduce((most, row) => Math.max(most, row.filter(isFilled).length), 0)
  const at = rows.findIndex((row) => row.filter(isFilled).length >= Math.max(2, width * 0.7))
  if (at < 0 || rows.length < at + 2) throw new DoorError('table-missing', { format: 'table' })
  const names = new Set<string>()
  const head = Array.from(rows[at]!, (cell, i) => {
    let name = String(cell ?? '').trim().replace(/\s+/g, ' ').slice(0, 100) || `#${i + 1}`
    while (names.has(name)) name += '_'
    names.add(name)
    return name
  })
  if (head.length > MAP_LIMITS.fields) throw new DoorError('file-too-long', { limit: MAP_LIMITS.fields, what: 'columns' })
  const body = rows.slice(at + 1).filter((row) => row.some(isFilled))
  const columns = head.map((name, i): Column => {
    let type: Column['type'] | null = null
    for (const row of body.slice(0, 2000)) type = together(type, isFilled(row[i] ?? null) ? plainValue(row[i] ?? null) : null)
    return { name, type: type ?? 'text' }
  })
  const plain = (name: string) => name.replace(/[\s（(].*$/, '')
  const named = (given: string | undefined, pattern: RegExp) => (given && names.has(given) ? given : (head.find((name) => pattern.test(name)) ?? head.find((name) => pattern.test(plain(name))) ?? null))
  const places = { x: named(x, X_NAMES), y: named(y, Y_NAMES), wkt: named(wkt, WKT_NAMES) }
  const [ix, iy, iw] = [places.x, places.y, places.wkt].map((name) => (name === null ? -1 : head.indexOf(name))) as [number, number, number]
  const isByWkt = iw >= 0 && !(x && y)
  function* features(): Iterable<RawFeature> {
    for (const row of body) {
      const values = head.map((_, i) => plainValue(row[i] ?? null))
      if (isByWkt) yield { ...wktShape(row[iw] ?? null), values }
      else if (ix < 0 || iy < 0 || (!isFilled(row[ix] ?? null) && !isFilled(row[iy] ?? null))) yield { shape: null, values }
      else yield { shape: { kind: 'point', parts: [[Float64Array.of(degreesOf(row[ix] ?? null), degreesOf(row[iy] ?? null))]] }, values }
    }
  }
  return { columns, features: features(), crs: undefined, crsName: null, oldDatum: null, encoding: null, parts: parts.length > 1 ? parts : [], part, places }
}

function wktShape(cell: Cell): Omit<RawFeature, 'values'> {
  if (!isFilled(cell)) return { shape: null }
  try {
    return { shape: readWkt(String(cell)) }
  } catch (error) {
    return { shape: null, fault: error instanceof DoorError && error.key === 'shape-unknown' ? 'collection' : 'broken' }
  }
}

const isFilled = (cell: Cell | undefined): boolean => cell !== null && cell !== undefined && String(cell).trim() !== ''

function plainValue(cell: Cell): Value {
  if (typeof cell !== 'string') return typeof cell === 'number' && !Number.isFinite(cell) ? null : cell
  const text = cell.trim().slice(0, MAP_LIMITS.text)
  if (text === '') return null
  // A number that would come out written otherwise (007, 1e5, eighteen digits) is a name.
  return /^-?(0|[1-9]\d{0,14})(\.\d{1,12})?$/.test(text) ? Number(text) : text
}

/** A number, or degrees, minutes and seconds as GPS devices show them: 121°06′24.5″. */
function degreesOf(cell: Cell): number {
  if (typeof cell === 'number') return cell
  const text = String(cell ?? '').trim().replace(/[,，](?=\d{3}\b)/g, '')
  if (/^[-+]?\d+(\.\d+)?$/.test(text)) return Number(text)
  const [, d, m, s] = /^(\d{1,3})\s*[°度]\s*(?:(\d{1,2}(?:\.\d+)?)\s*[′'分])?\s*(?:(\d{1,2}(?:\.\d+)?)\s*(?:[″"秒]|''))?\s*[NEne]?$/.exec(text) ?? []
  return d === undefined ? NaN : Number(d) + Number(m ?? 0) / 60 + Number(s ?? 0) / 3600
}

/** More than Excel takes in one cell. */
const MOST_CELL = 32_000

async function writeExcel({ name, columns, features, crs, geometry }: Writing) {
  const book = new ExcelJS.Workbook()
  const sheet = book.addWorksheet(name.replace(/[[\]*?:/\\]/g, '_').slice(0, 31) || 'layer')
  const [xName, yName] = crs.kind === 'geographic' ? ['经度', '纬度'] : ['东坐标', '北坐标']
  sheet.columns = [...columns.map((column) => ({ header: column.name, width: Math.min(40, Math.max(10, column.name.length * 2 + 2)) })), ...(geometry === 'point' ? [{ header: xName, width: 18 }, { header: yName, width: 18 }] : [{ header: '图形(WKT)', width: 40 }])] // prettier-ignore
  sheet.getRow(1).font = { bold: true }
  sheet.views = [{ state: 'frozen', ySplit: 1 }]
  for (const { shape, values } of features) {
    const places = geometry === 'point' ? [shape?.parts[0]![0]![0] ?? null, shape?.parts[0]![0]![1] ?? null] : [shape && wktCell(wktOf(shape))]
    sheet.addRow([...values, ...places].map(safe))
  }
  // The system has no column of its own that a reader would look for: it stands on a sheet beside.
  const about = book.addWorksheet('坐标系')
  about.addRow(['坐标系 / CRS', crs.id, crs.zh, crs.en])
  if (crs.epsg === WGS84.epsg) about.addRow(['WGS84'])
  return { bytes: new Uint8Array(await book.xlsx.writeBuffer()), extension: 'xlsx', type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' }
}

const wktCell = (text: string) => (text.length > MOST_CELL ? '（过长，请导出为其他格式 / too long: export another format）' : text)
/** Nothing that a spreadsheet would compute. */
const safe = (value: Value | undefined) => (typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : (value ?? null))
