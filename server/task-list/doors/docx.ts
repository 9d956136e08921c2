import type { SourceBlock, SourceCell, SourceRow } from '../../../geo/task-list/source.ts'
import type { Door } from './door.ts'
import { numberingOf, type Numbering } from './docx-numbering.ts'
import { damaged, DoorError } from './error.ts'
import { cell, CellBudget, paragraphs, tableBlocks, trimmed } from './table.ts'
import { child, elements, isOn, parseXml, valueOf, type XmlElement } from './xml.ts'
import { unzip } from './zip.ts'

/**
 * Word files. Read from word/document.xml itself and not through mammoth: that drops automatic numbers (a column 序号 comes out empty) and
 * cells merged across the rows that repeat as head.
 */
export const docxDoor: Door = {
  format: 'docx',
  recognises(look) {
    if (look.kind === 'ole' && look.streams.has('WordDocument')) throw new DoorError('doc-legacy')
    return look.kind === 'zip' && [...look.parts].some((part) => /^word\/document\d*\.xml$/.test(part))
  },
  async open(look, { bytes }) {
    const names = look.kind === 'zip' ? [...look.parts] : []
    if (names.some((name) => /(^|\/)vbaProject\.bin$/i.test(name)))
      throw new DoorError('file-with-macros', { format: 'docx' })
    try {
      return blocksOf(unzip(bytes, (name) => /^word\/(document|numbering|styles)\d*\.xml$/.test(name)))
    } catch (error) {
      throw damaged('docx', error)
    }
  },
}

function blocksOf(parts: ReadonlyMap<string, Uint8Array>): SourceBlock[] {
  // Word on the web calls them document2.xml and the like.
  const part = (name: string) => [...parts].find(([found]) => found.startsWith(`word/${name}`))?.[1]
  const optional = (name: string) => (part(name) === undefined ? null : parseXml(part(name)!))
  const body = child(parseXml(part('document')!), 'body')
  if (body === undefined) throw new Error('no body')
  const reading: Reading = {
    numbering: numberingOf(optional('numbering'), optional('styles')),
    budget: new CellBudget(),
  }
  return content(body, reading)
}

interface Reading {
  numbering: Numbering
  budget: CellBudget
}

/** Wrappers whose content counts as if they were not there: content controls, accepted insertions, smart tags. */
const TRANSPARENT = new Set([
  'sdt',
  'sdtContent',
  'customXml',
  'smartTag',
  'ins',
  'moveTo',
  'hyperlink',
  'fldSimple',
  'dir',
  'bdo',
  'AlternateContent',
  'Choice',
  'ruby',
  'rubyBase',
])

/** The children with transparent wrappers opened; deletions and moved-away text are not among them. */
function opened(parent: XmlElement): XmlElement[] {
  return elements(parent).flatMap((element) => (TRANSPARENT.has(element.name) ? opened(element) : [element]))
}

function content(parent: XmlElement, reading: Reading): SourceBlock[] {
  return opened(parent).flatMap((element) => {
    if (element.name === 'p') return paragraphs(paragraphText(element, reading))
    if (element.name === 'tbl') return table(element, reading)
    return []
  })
}

function table(element: XmlElement, reading: Reading): SourceBlock[] {
  const trs = opened(element).filter(({ name }) => name === 'tr')
  const frame = trs.length === 1 ? opened(trs[0]!).filter(({ name }) => name === 'tc') : []
  // A table of one cell around another table is a frame for the eye.
  if (frame.length === 1 && opened(frame[0]!).some(({ name }) => name === 'tbl')) return content(frame[0]!, reading)
  return tableBlocks(tableRows(trs, reading), null, null)
}

function tableRows(trs: XmlElement[], reading: Reading): SourceRow[] {
  /** Columns of the row above that belong to a cell merged downwards. */
  let reaching = new Set<number>()
  const rows: SourceRow[] = []
  for (const tr of trs) {
    const properties = child(tr, 'trPr')
    if (child(properties, 'del') !== undefined) continue
    const cells: SourceCell[] = []
    const reachingOn = new Set<number>()
    for (let i = span(valueOf(properties, 'gridBefore'), 0); i > 0; i--) cells.push(cell(''))
    for (const tc of opened(tr).filter(({ name }) => name === 'tc')) {
      const tcPr = child(tc, 'tcPr')
      const vertical = valueOf(tcPr, 'vMerge')
      const at = cells.length
      const width = span(valueOf(tcPr, 'gridSpan'), 1)
      reading.budget.take(width)
      // Without a value vMerge means "continue"; a continuation of nothing is a cell of its own.
      const continues = vertical !== undefined && vertical !== 'restart' && reaching.has(at)
      const attached = valueOf(tcPr, 'hMerge') === 'continue' && at > 0
      if (continues) cells.push({ text: '', merged: 'above' })
      else if (attached) cells.push({ text: '', merged: 'left' })
      else cells.push(cell(cellText(tc, reading)))
      for (let i = 1; i < width; i++) cells.push({ text: '', merged: continues ? 'above' : 'left' })
      if (vertical !== undefined) for (let i = 0; i < width; i++) reachingOn.add(at + i)
    }
    reaching = reachingOn
    rows.push({ cells })
  }
  return rows
}

/** A number of columns; what is no sensible number is the default. */
function span(value: string | undefined, otherwise: number): number {
  const columns = Number(value ?? otherwise)
  return Number.isInteger(columns) && columns >= 0 && columns <= 1000 ? Math.max(columns, otherwise) : otherwise
}

/** Paragraphs of a cell on lines of their own; a table inside the cell as lines too, its cells apart by a space. */
function cellText(tc: XmlElement, reading: Reading): string {
  const lines = opened(tc).flatMap((element) => {
    if (element.name === 'p') return [paragraphText(element, reading)]
    if (element.name !== 'tbl') return []
    const rows = tableRows(
      opened(element).filter(({ name }) => name === 'tr'),
      reading,
    )
    return rows.map(({ cells }) => cells.map(({ text }) => text).join(' '))
  })
  return trimmed(lines.join('\n'), '\n')
}

function paragraphText(paragraph: XmlElement, reading: Reading): string {
  const properties = child(paragraph, 'pPr')
  const text = runsText(paragraph)
  // A paragraph that Word hides altogether does not count either.
  if (isOn(properties, 'rPr', 'vanish') && text === '') return ''
  const number = reading.numbering.next(properties)
  return number !== '' && text !== '' ? `${number} ${text}` : number + text
}

function runsText(parent: XmlElement): string {
  return opened(parent)
    .map((element) => {
      if (element.name === 'r') return isOn(element, 'rPr', 'vanish') ? '' : opened(element).map(pieceText).join('')
      return element.name === 'oMath' || element.name === 'oMathPara' ? mathText(element) : ''
    })
    .join('')
}

function pieceText(piece: XmlElement): string {
  switch (piece.name) {
    case 't': {
      const text = plainText(piece)
      return piece.attributes.space === 'preserve' ? text : trimmed(text, ' \t\r\n')
    }
    case 'r':
      return opened(piece).map(pieceText).join('')
    case 'tab':
    case 'ptab':
      return '\t'
    case 'br':
      return piece.attributes.type === undefined || piece.attributes.type === 'textWrapping' ? '\n' : ''
    case 'cr':
      return '\n'
    case 'noBreakHyphen':
      return '-'
    case 'sym':
      return symbol(piece.attributes.char)
    default:
      return ''
  }
}

function mathText(element: XmlElement): string {
  return elements(element)
    .map((inner) => (inner.name === 't' ? plainText(inner) : mathText(inner)))
    .join('')
}

const plainText = (element: XmlElement) => element.children.filter((part) => typeof part === 'string').join('')

/** A character of a symbol font; those live in the private area and mean nothing without the font, so they show as a replacement mark. */
function symbol(hex: string | undefined): string {
  const code = Number.parseInt(hex ?? '', 16)
  if (!(code > 0x20 && code < 0xfffe)) return ''
  return code >= 0xe000 && code < 0xf900 ? '\ufffd' : String.fromCharCode(code)
}
