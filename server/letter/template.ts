/**
 * Templates as files: taken apart with bounds before any library sees them, looked through for what they ask for, and filled in. docxtemplater
 * finds the placeholders, also where Word has cut them into pieces; what they may say is ours (geo/letter).
 */
import Docxtemplater from 'docxtemplater'
import InspectModule from 'docxtemplater/js/inspect-module.js'
import PizZip from 'pizzip'
import { faultsOfTemplate, keyOf, LETTERS, type Fields, type LetterFault, type LetterKind, type LetterValues, type Placeholder } from '../../geo/letter/letter.ts'
import { Problem } from '../problems.ts'
import { DoorError } from '../task-list/doors/error.ts'
import { checkXml, parseXml, type XmlElement } from '../task-list/doors/xml.ts'
import { unzip, zip, zipEntries } from '../task-list/doors/zip.ts'

/** A letterhead with a picture is far below. */
export const LARGEST_TEMPLATE = 5 * 1024 * 1024
const UNPACKED = 24 * 1024 * 1024
const MAIN = 'word/document.xml'
const MAIN_TYPE = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml'
/** Parts that act, or bring other programs' files along. */
const ACTIVE = /(^|\/)(vba(Project|Data)[^/]*|activeX|embeddings|macrosheets)(\/|\.|$)|\.(bin|exe|dll|js|vbs|ps1|bat)$/i

/** What is wrong with an uploaded template, with where it stands. */
export interface FoundFault {
  fault: LetterFault
  name: string
  /** 正文第 12 段, and the words around. */
  place: string
  text: string
}

/**
 * A template's parts, checked: a Word file, without macros, embedded files or links to outside that load by themselves.
 * @throws Problem letter-file
 */
export function openTemplate(bytes: Uint8Array): Map<string, Uint8Array> {
  const refuse = (why: string, whyEn: string) => new Problem('letter-file', { why, whyEn }, 'file')
  if (bytes.length > LARGEST_TEMPLATE) throw refuse('超过 5 MB', 'it is larger than 5 MB')
  let parts: Map<string, Uint8Array>
  try {
    if (zipEntries(bytes).some(({ name }) => ACTIVE.test(name))) throw refuse('含有宏、控件或嵌入的文件', 'it has macros, controls or embedded files')
    parts = unzip(bytes, () => true, UNPACKED)
  } catch (error) {
    if (error instanceof DoorError) throw refuse('不是完好的 Word 文件（.docx）', 'it is no sound Word file (.docx)')
    throw error
  }
  const text = (name: string) => new TextDecoder().decode(parts.get(name) ?? new Uint8Array())
  if (!parts.has(MAIN) || !text('[Content_Types].xml').includes(MAIN_TYPE)) throw refuse('不是 Word 文件（.docx）；模板请另存为 .docx', 'it is no Word file (.docx)')
  try {
    for (const [name, part] of parts) if (/\.(xml|rels)$/i.test(name)) checkXml(part)
  } catch {
    throw refuse('文件内容已损坏', 'its contents are damaged')
  }
  for (const name of parts.keys())
    if (/\.rels$/i.test(name))
      for (const { attributes } of elementsOf(parseXml(parts.get(name)!), 'Relationship')) {
        const { TargetMode, Type = '', Target = '' } = attributes
        // A link that somebody clicks is fine; what Word would fetch by itself is not.
        if (TargetMode === 'External' && !(Type.endsWith('/hyperlink') && /^(https?:|mailto:)/i.test(Target))) throw refuse('引用了外部文件', 'it refers to files elsewhere')
      }
  return parts
}

function elementsOf(element: XmlElement, name: string): XmlElement[] {
  return [...(element.name === name ? [element] : []), ...element.children.flatMap((child) => (typeof child === 'string' ? [] : elementsOf(child, name)))]
}

/** Everything that is wrong with a template's placeholders; nothing: it can be used. */
export function checkTemplate(kind: LetterKind, parts: ReadonlyMap<string, Uint8Array>): FoundFault[] {
  const paragraphs = paragraphsOf(parts)
  const at = (fault: LetterFault, name: string): FoundFault => {
    const found = name ? paragraphs.find(({ text }) => new RegExp(`\\{[#/^@]?\\s*${escaped(name)}\\s*\\}?`).test(text)) : undefined
    return { fault, name, place: found?.place ?? '', text: found?.text.slice(0, 120) ?? '' }
  }
  let placeholders: Placeholder[]
  try {
    placeholders = placeholdersOf(parts)
  } catch (error) {
    return errorsOf(error).map((tag) => at('unbalanced', tag))
  }
  return faultsOfTemplate(kind, placeholders).map(({ fault, name }) => at(fault, name))
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

interface Part {
  type?: string
  value?: string
  module?: string
  subparsed?: Part[]
}

function placeholdersOf(parts: ReadonlyMap<string, Uint8Array>): Placeholder[] {
  // Its types speak of a default export that the module does not have.
  const inspect = new (InspectModule as unknown as new () => { getAllStructuredTags(): Part[] })()
  open(parts, (name) => ({ get: () => name }), [inspect])
  const tags = inspect.getAllStructuredTags()
  const read = (list: readonly Part[]): Placeholder[] =>
    list.flatMap(({ type, value = '', module = '', subparsed }) => {
      if (type !== 'placeholder') return []
      return [{ name: value.trim(), kind: module.includes('rawxml') ? ('raw' as const) : subparsed ? ('loop' as const) : ('value' as const), inside: read(subparsed ?? []) }]
    })
  return read(tags)
}

/** Names of the placeholders that are not in pairs. */
function errorsOf(error: unknown): string[] {
  const { properties } = error as { properties?: { errors?: unknown[]; xtag?: string; openingtag?: string } }
  if (!properties) throw error
  const all = Array.isArray(properties.errors) ? properties.errors : [error]
  const names = all.map((one) => {
    const own = (one as { properties?: { xtag?: string; openingtag?: string } }).properties
    return String(own?.xtag ?? own?.openingtag ?? '').replace(/^[#/^]/, '').trim().slice(0, 60)
  })
  return [...new Set(names)]
}

/** The text of each paragraph, and where it stands. */
function paragraphsOf(parts: ReadonlyMap<string, Uint8Array>): { place: string; text: string }[] {
  const files = [...parts.keys()].filter((name) => /^word\/(document|header\d*|footer\d*|footnotes)\.xml$/.test(name)).sort()
  return files.flatMap((name) => {
    const where = name === MAIN ? '正文' : /header/.test(name) ? '页眉' : /footer/.test(name) ? '页脚' : '脚注'
    return elementsOf(parseXml(parts.get(name)!), 'p').map((paragraph, i) => ({ place: `${where}第 ${i + 1} 段`, text: elementsOf(paragraph, 't').map(({ children }) => children.filter((child) => typeof child === 'string').join('')).join('') }))
  })
}

/** All text of a letter, line by line: what is shown of it on the screen. */
export function textOfLetter(bytes: Uint8Array): string[] {
  return paragraphsOf(unzip(bytes, (name) => name === MAIN)).map(({ text }) => text).filter(Boolean)
}

type Parser = (tag: string) => { get: (scope: never, context: never) => unknown }

function open(parts: ReadonlyMap<string, Uint8Array>, parser: Parser, modules: object[] = []): Docxtemplater {
  const packed = zip(parts)
  return new Docxtemplater(new PizZip(Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength)), {
    paragraphLoop: true,
    linebreaks: true,
    parser: parser as never,
    nullGetter: () => '',
    modules: modules as never,
    errorLogging: false,
  })
}

/** A letter: the template with the values in it. The template must have passed {@link checkTemplate}. */
export function fillTemplate(kind: LetterKind, template: Uint8Array, values: LetterValues): Uint8Array<ArrayBuffer> {
  const document = open(unzip(template, () => true, UNPACKED), (tag) => ({
    get(scope: LetterValues, { scopePath }: { scopePath: string[] }) {
      const key = keyOf(tag.trim(), scopesOf(LETTERS[kind].fields, scopePath))?.key
      return key === undefined ? undefined : scope[key]
    },
  }))
  document.render(values)
  return new Uint8Array(document.getZip().generate({ type: 'uint8array', compression: 'DEFLATE' }))
}

/** The fields of each loop that a placeholder stands in, the whole letter's first. */
function scopesOf(fields: Fields, path: readonly string[]): Fields[] {
  const scopes = [fields]
  for (const name of path) {
    const inner = keyOf(name.trim(), scopes)?.field.fields
    if (inner) scopes.push(inner)
  }
  return scopes
}
