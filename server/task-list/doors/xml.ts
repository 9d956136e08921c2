import { SaxesParser } from 'saxes'
import { LIMITS } from './limits.ts'

/** An element of an office file's XML; names without their prefix, since producers choose prefixes freely. */
export interface XmlElement {
  name: string
  attributes: Record<string, string>
  children: (XmlElement | string)[]
}

const local = (name: string) => name.slice(name.indexOf(':') + 1)

/** Throws where `parseXml` would, without building anything: for parts that a library reads by itself. */
export function checkXml(bytes: Uint8Array): void {
  let depth = 0
  const parser = strictParser()
  parser.on('opentag', () => {
    if (++depth > LIMITS.depth) throw new Error('XML nested too deeply')
  })
  parser.on('closetag', () => {
    depth--
  })
  parser.write(decodeXml(bytes)).close()
}

function strictParser(): SaxesParser<{ xmlns: false }> {
  const parser = new SaxesParser({ xmlns: false as const })
  parser.on('doctype', () => {
    throw new Error('XML with a DOCTYPE')
  })
  return parser
}

/**
 * The root of well-formed XML. Throws an Error for anything else, and for a DOCTYPE: office files have none, and entity bombs and
 * references to outside files need one.
 */
export function parseXml(bytes: Uint8Array): XmlElement {
  const root: XmlElement = { name: '', attributes: {}, children: [] }
  const open = [root]
  const parser = strictParser()
  const append = (text: string) => open.at(-1)!.children.push(text)
  parser.on('opentag', ({ name, attributes }) => {
    const element: XmlElement = { name: local(name), attributes: {}, children: [] }
    for (const key in attributes) element.attributes[local(key)] = attributes[key]!
    open.at(-1)!.children.push(element)
    if (open.push(element) > LIMITS.depth) throw new Error('XML nested too deeply')
  })
  parser.on('closetag', () => {
    open.pop()
  })
  parser.on('text', append)
  parser.on('cdata', append)
  parser.write(decodeXml(bytes)).close()
  return elements(root)[0] ?? root
}

function decodeXml(bytes: Uint8Array): string {
  const utf16 =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : null
  return new TextDecoder(utf16 ?? 'utf-8', { fatal: true }).decode(bytes)
}

export function elements(parent: XmlElement, name?: string): XmlElement[] {
  return parent.children.filter(
    (child): child is XmlElement => typeof child !== 'string' && (name === undefined || child.name === name),
  )
}

export function child(parent: XmlElement | undefined, ...path: string[]): XmlElement | undefined {
  return path.reduce<XmlElement | undefined>(
    (at, name) => (at === undefined ? undefined : elements(at, name)[0]),
    parent,
  )
}

/** The `val` attribute of a child, which is how WordprocessingML writes most things; undefined where the child is missing. */
export function valueOf(parent: XmlElement | undefined, ...path: string[]): string | undefined {
  const found = child(parent, ...path)
  return found === undefined ? undefined : (found.attributes.val ?? '')
}

/** A switch such as `<w:vanish/>`: there and not said to be off. */
export function isOn(parent: XmlElement | undefined, ...path: string[]): boolean {
  const value = valueOf(parent, ...path)
  return value !== undefined && !['0', 'false', 'off'].includes(value)
}
