import { defaultTreeAdapter as tree, parse, type DefaultTreeAdapterTypes as Tree } from 'parse5'
import type { SourceBlock } from '../../../geo/task-list/source.ts'
import type { Door } from './door.ts'
import { DoorError } from './error.ts'
import { LIMITS } from './limits.ts'
import { add, CellBudget, layOut, paragraphs, tableBlocks, trimmed, type ReachingCell } from './table.ts'

/** A web page, or a table cut out of one; also what many office systems call .xls and is HTML. */
export const htmlDoor: Door = {
  format: 'html',
  recognises: (look) =>
    look.kind === 'text' && (FIRST_TAG.test(withoutPreamble(look.text)) || holdsTableTags(look.text)),
  async open(look) {
    if (look.kind !== 'text') return []
    return blocksOf(parse(look.text), new CellBudget())
  },
}

const FIRST_TAG = /^<(!doctype\s+html|html|head|body|meta|table)\b/i

/** A part of a page, or a table of tags in a text; lines apart by tabs may carry tags in their cells and are not meant. */
const holdsTableTags = (text: string) => /<table\b/i.test(text) && /<tr\b/i.test(text) && /<t[dh]\b/i.test(text)

/** The text from its first element on: without comments and the XML declaration that pages may begin with. */
function withoutPreamble(text: string): string {
  let at = 0
  for (;;) {
    while (/\s/.test(text[at] ?? '')) at++
    const close = text.startsWith('<!--', at) ? '-->' : text.startsWith('<?', at) ? '>' : null
    const end = close === null ? -1 : text.indexOf(close, at)
    if (close === null || end < 0) return text.slice(at, at + 200)
    at = end + close.length
  }
}

const SILENT = new Set([
  'script',
  'style',
  'noscript',
  'template',
  'head',
  'select',
  'textarea',
  'svg',
  'object',
  'iframe',
  'button',
])
const BLOCKS = new Set([
  'p',
  'div',
  'li',
  'ul',
  'ol',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'section',
  'article',
  'main',
  'header',
  'footer',
  'nav',
  'aside',
  'blockquote',
  'pre',
  'center',
  'dl',
  'dt',
  'dd',
  'form',
  'body',
  'figure',
  'figcaption',
  'address',
  'hr',
  'caption',
  'tr',
])
const SECTIONS = new Set(['thead', 'tbody', 'tfoot'])

const attribute = (element: Tree.Element, name: string) => element.attrs.find((found) => found.name === name)?.value

function isHidden(element: Tree.Element): boolean {
  return (
    SILENT.has(element.tagName) ||
    attribute(element, 'hidden') !== undefined ||
    /display\s*:\s*none/i.test(attribute(element, 'style') ?? '')
  )
}

function children(element: Tree.ParentNode): Tree.Element[] {
  return element.childNodes.filter((node) => tree.isElementNode(node) && !isHidden(node)) as Tree.Element[]
}

/** Text and tables in reading order. A table that holds tables is there for the layout of the page; its cells are read like a page. */
function blocksOf(root: Tree.ParentNode, budget: CellBudget): SourceBlock[] {
  const blocks: SourceBlock[] = []
  let text = ''
  const flush = () => {
    add(blocks, paragraphs(text))
    text = ''
  }
  const visit = (node: Tree.ChildNode, depth: number) => {
    if (depth > LIMITS.depth) throw new DoorError('file-damaged', { format: 'html', detail: 'nested too deeply' })
    if (tree.isTextNode(node)) text += node.value.replace(/[ \t\r\n\f]+/g, ' ')
    if (!tree.isElementNode(node) || isHidden(node)) return
    if (node.tagName === 'table' && !holdsTable(node)) {
      flush()
      for (const caption of children(node).filter(({ tagName }) => tagName === 'caption'))
        add(blocks, paragraphs(cellText(caption)))
      add(blocks, tableBlocks(layOut(rowsOf(node), budget), null, null))
      return
    }
    const breaks = BLOCKS.has(node.tagName) || node.tagName === 'br' || node.tagName === 'td'
    if (breaks) flush()
    for (const inner of node.childNodes) visit(inner, depth + 1)
    if (breaks) flush()
  }
  for (const node of root.childNodes) visit(node, 0)
  flush()
  return blocks
}

function holdsTable(element: Tree.Element): boolean {
  const left = [...children(element)]
  for (let found = left.pop(); found !== undefined; found = left.pop()) {
    if (found.tagName === 'table') return true
    for (const inner of children(found)) left.push(inner)
  }
  return false
}

function rowsOf(table: Tree.Element): ReachingCell[][] {
  const trs = children(table)
    .flatMap((part) => (SECTIONS.has(part.tagName) ? children(part) : [part]))
    .filter(({ tagName }) => tagName === 'tr')
  return trs.map((tr) =>
    children(tr)
      .filter(({ tagName }) => tagName === 'td' || tagName === 'th')
      .map((td) => ({
        text: cellText(td),
        rows: reach(attribute(td, 'rowspan'), 65_534),
        columns: reach(attribute(td, 'colspan'), 1000),
      })),
  )
}

/** rowspan and colspan as the HTML standard bounds them; rowspan 0 means "to the end". */
function reach(value: string | undefined, most: number): number {
  const cells = Number.parseInt(value ?? '1', 10)
  if (!Number.isFinite(cells) || cells < 0) return 1
  return cells === 0 ? (most > 1000 ? most : 1) : Math.min(cells, most)
}

/** The text of a cell as a browser shows it: runs of white space are one space, <br> and blocks break the line. */
export function cellText(element: Tree.ParentNode): string {
  let text = ''
  const breakLine = () => {
    if (text !== '' && !text.endsWith('\n')) text += '\n'
  }
  const visit = (node: Tree.ChildNode, depth: number) => {
    if (depth > LIMITS.depth) throw new DoorError('file-damaged', { format: 'html', detail: 'nested too deeply' })
    if (tree.isTextNode(node)) {
      const words = node.value.replace(/[ \t\r\n\f]+/g, ' ')
      text += /(^|[ \n])$/.test(text.slice(-1)) ? words.replace(/^ /, '') : words
    }
    if (!tree.isElementNode(node) || isHidden(node)) return
    if (node.tagName === 'br') text = `${text.trimEnd()}\n`
    const breaks = BLOCKS.has(node.tagName)
    if (breaks) breakLine()
    for (const inner of node.childNodes) visit(inner, depth + 1)
    if (breaks) breakLine()
  }
  for (const node of element.childNodes) visit(node, 0)
  return trimmed(text, ' \n')
}
