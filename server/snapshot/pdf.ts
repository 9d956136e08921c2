/** Drawings as a PDF: vectors, and text that is text: selectable, found by a search, its glyphs embedded. One page a drawing, in true size. */
import { readFile } from 'node:fs/promises'
import {
  appendBezierCurve,
  beginText,
  clip,
  closePath,
  concatTransformationMatrix,
  drawObject,
  endPath,
  endText,
  lineTo,
  moveTo,
  PDFDocument,
  PDFOperator,
  popGraphicsState,
  pushGraphicsState,
  setDashPattern,
  setFillingRgbColor,
  setFontAndSize,
  setLineJoin,
  LineJoinStyle,
  setLineWidth,
  setStrokingRgbColor,
  setTextMatrix,
  setTextRenderingMode,
  showText,
  TextRenderingMode,
  type PDFFont,
  type PDFImage,
  type PDFName,
} from '@cantoo/pdf-lib'
import * as fontkit from 'fontkit'
import type { DrawnBlock, Drawing, Item, Stroke, Weight } from '../../geo/snapshot/drawing.ts'
import { MM_PER_INCH } from '../../geo/snapshot/paper.ts'
import { widthOf } from '../../geo/snapshot/type.ts'
import { FONT_FILES } from './fonts.ts'

const POINTS_PER_MM = 72 / MM_PER_INCH
/** How far a circle's control points stand out. */
const KAPPA = 0.5522847498

interface Fonts {
  font: PDFFont
  /** Its name on the page. */
  name: ReturnType<typeof nameOn>
}
const nameOn = (page: ReturnType<PDFDocument['addPage']>, font: PDFFont) => page.node.newFontDictionary(font.name, font.ref)

export interface PdfFacts {
  title: string
  author: string
  madeAt: Date
  language: string
}

export async function pdfOf(drawings: readonly Drawing[], { title, author, madeAt, language }: PdfFacts): Promise<Uint8Array> {
  const document = await PDFDocument.create({ updateMetadata: false })
  document.registerFontkit(fontkit as never)
  document.setTitle(title, { showInWindowTitleBar: true })
  document.setAuthor(author)
  document.setProducer('Xiangtu')
  document.setCreator('Xiangtu')
  document.setCreationDate(madeAt)
  document.setModificationDate(madeAt)
  document.setLanguage(language)
  const embedded = new Map<Weight, PDFFont>()
  for (const weight of [400, 700] as const) embedded.set(weight, await document.embedFont(await readFile(FONT_FILES[weight]), { subset: true }))
  // One picture is in the file once, however many pages have it.
  const pictures = new Map<string, PDFImage>()
  for (const { href } of drawings.flatMap(imagesOf)) if (!pictures.has(href)) pictures.set(href, await document.embedPng(href))
  for (const drawing of drawings) {
    const page = document.addPage([drawing.width * POINTS_PER_MM, drawing.height * POINTS_PER_MM])
    const fonts = new Map([...embedded].map(([weight, font]) => [weight, { font, name: nameOn(page, font) }]))
    const images = new Map([...pictures].map(([href, image]) => [href, page.node.newXObject('Logo', image.ref)]))
    page.pushOperators(
      pushGraphicsState(),
      // Millimetres from the upper left corner, as the drawing has them.
      concatTransformationMatrix(POINTS_PER_MM, 0, 0, -POINTS_PER_MM, 0, drawing.height * POINTS_PER_MM),
      setLineJoin(LineJoinStyle.Round),
      ...drawing.blocks.flatMap((block) => blockOperators(block, { fonts, images })),
      popGraphicsState(),
    )
  }
  return document.save()
}

/** What a page draws with. */
interface Tools {
  fonts: ReadonlyMap<Weight, Fonts>
  images: ReadonlyMap<string, PDFName>
}

function imagesOf({ blocks }: Drawing) {
  return blocks.flatMap(({ items }) => items.flatMap((item) => (item.kind === 'image' ? [item] : [])))
}

function blockOperators(block: DrawnBlock, tools: Tools): PDFOperator[] {
  const drawn = block.items.flatMap((item) => itemOperators(item, tools))
  if (!block.clipped) return drawn
  return [pushGraphicsState(), ...rectangle(block.x, block.y, block.width, block.height), clip(), endPath(), ...drawn, popGraphicsState()]
}

function itemOperators(item: Item, { fonts, images }: Tools): PDFOperator[] {
  // Pictures are one unit high upwards; the page stands on its head here.
  if (item.kind === 'image') return [pushGraphicsState(), concatTransformationMatrix(item.width, 0, 0, -item.height, item.x, item.y + item.height), drawObject(images.get(item.href)!), popGraphicsState()]
  if (item.kind === 'text') return textOperators(item, fonts.get(item.weight)!)
  const path = pathOf(item)
  if (path.length === 0) return []
  const operators: PDFOperator[] = []
  // `f*`: even-odd, as the drawing fills.
  if (item.fill) operators.push(setFillingRgbColor(...rgb(item.fill)), ...path, PDFOperator.of('f*' as never))
  if (item.stroke) operators.push(...strokeOperators(item.stroke), ...path, PDFOperator.of('S' as never))
  return operators
}

function strokeOperators({ colour, width, dash }: Stroke): PDFOperator[] {
  return [setStrokingRgbColor(...rgb(colour)), setLineWidth(width), setDashPattern(dash ? [...dash] : [], 0)]
}

function pathOf(item: Exclude<Item, { kind: 'text' | 'image' }>): PDFOperator[] {
  if (item.kind === 'rect') return item.radius ? roundedRectangle(item.x, item.y, item.width, item.height, item.radius) : rectangle(item.x, item.y, item.width, item.height)
  if (item.kind === 'circle') return roundedRectangle(item.x - item.radius, item.y - item.radius, item.radius * 2, item.radius * 2, item.radius)
  return item.lines.flatMap((line) => line.map(([x, y], i) => (i === 0 ? moveTo(x, y) : lineTo(x, y))).concat(item.closed ? [closePath()] : []))
}

function rectangle(x: number, y: number, width: number, height: number): PDFOperator[] {
  return [moveTo(x, y), lineTo(x + width, y), lineTo(x + width, y + height), lineTo(x, y + height), closePath()]
}

function roundedRectangle(x: number, y: number, width: number, height: number, radius: number): PDFOperator[] {
  const [right, bottom, k] = [x + width, y + height, radius * (1 - KAPPA)]
  return [
    moveTo(x + radius, y),
    lineTo(right - radius, y),
    appendBezierCurve(right - k, y, right, y + k, right, y + radius),
    lineTo(right, bottom - radius),
    appendBezierCurve(right, bottom - k, right - k, bottom, right - radius, bottom),
    lineTo(x + radius, bottom),
    appendBezierCurve(x + k, bottom, x, bottom - k, x, bottom - radius),
    lineTo(x, y + radius),
    appendBezierCurve(x, y + k, x + k, y, x + radius, y),
    closePath(),
  ]
}

function textOperators({ x, y, text, size, weight, colour, anchor, halo }: Item & { kind: 'text' }, { font, name }: Fonts): PDFOperator[] {
  if (text === '') return []
  const start = anchor === 'start' ? x : x - widthOf(text, size, weight) / (anchor === 'middle' ? 2 : 1)
  const glyphs = font.encodeText(text)
  // The page stands on its head here; letters do not.
  const set = (mode: TextRenderingMode) => [beginText(), setTextRenderingMode(mode), setFontAndSize(name, size), setTextMatrix(1, 0, 0, -1, start, y), showText(glyphs), endText()]
  return [
    ...(halo ? [setStrokingRgbColor(...rgb(halo)), setLineWidth(size * 0.22), setDashPattern([], 0), ...set(TextRenderingMode.Outline)] : []),
    setFillingRgbColor(...rgb(colour)),
    ...set(TextRenderingMode.Fill),
  ]
}

function rgb(colour: string): [number, number, number] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255) as [number, number, number]
}
