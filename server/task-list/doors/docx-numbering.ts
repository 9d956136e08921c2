import { child, elements, valueOf, type XmlElement } from './xml.ts'

/**
 * Automatic numbers of a Word file. A column 序号 or a category （一） is often an automatic number: no text in the file, only a
 * reference to a list definition, so it has to be counted here or it is lost (mammoth loses it).
 */
export interface Numbering {
  /** The number in front of the paragraph with these properties, '' if none. Call once for each shown paragraph, in document order. */
  next(properties: XmlElement | undefined): string
}

interface Level {
  start: number
  format: string
  text: string
}

/** Reads word/numbering.xml and the numbered paragraph styles of word/styles.xml; either may be missing. */
export function numberingOf(numbering: XmlElement | null, styles: XmlElement | null): Numbering {
  const abstracts = new Map<string, Map<number, Level>>()
  const lists = new Map<string, { abstract: string; levels: Map<number, Level>; restarts: Map<number, number> }>()
  for (const found of numbering === null ? [] : elements(numbering, 'abstractNum')) {
    abstracts.set(found.attributes.abstractNumId ?? '', levelsOf(found))
  }
  for (const found of numbering === null ? [] : elements(numbering, 'num')) {
    const abstract = valueOf(found, 'abstractNumId') ?? ''
    const levels = new Map(abstracts.get(abstract))
    const restarts = new Map<number, number>()
    for (const override of elements(found, 'lvlOverride')) {
      levelsOf(override).forEach((level, depth) => levels.set(depth, level))
      const start = valueOf(override, 'startOverride')
      if (start !== undefined) restarts.set(Number(override.attributes.ilvl), Number(start))
    }
    lists.set(found.attributes.numId ?? '', { abstract, levels, restarts })
  }
  const byStyle = new Map(
    (styles === null ? [] : elements(styles, 'style')).map((style) => [
      style.attributes.styleId ?? '',
      child(style, 'pPr', 'numPr'),
    ]),
  )
  /** Lists over one definition count on together, unless one says where to start. */
  const counters = new Map<string, number[]>()
  const begun = new Set<string>()

  function next(properties: XmlElement | undefined): string {
    const own = child(properties, 'numPr')
    const style = byStyle.get(valueOf(properties, 'pStyle') ?? '')
    const id = valueOf(own, 'numId') ?? valueOf(style, 'numId')
    const list = id === undefined || id === '0' ? undefined : lists.get(id)
    if (id === undefined || list === undefined) return ''
    const depth = Number(valueOf(own, 'ilvl') ?? valueOf(style, 'ilvl') ?? 0)
    const level = list.levels.get(depth)
    if (level === undefined) return ''
    const counter = counters.get(list.abstract) ?? []
    counters.set(list.abstract, counter)
    if (!begun.has(id)) {
      begun.add(id)
      list.restarts.forEach((start, at) => (counter[at] = start - 1))
    }
    counter[depth] = (counter[depth] ?? level.start - 1) + 1
    counter.length = depth + 1
    if (level.format === 'bullet') return '•'
    return level.text.replace(/%([1-9])/g, (_, digit: string) => {
      const at = Number(digit) - 1
      const shown = list.levels.get(at)
      return shown === undefined ? '' : writeNumber(counter[at] ?? shown.start, shown.format)
    })
  }
  return { next }
}

function levelsOf(parent: XmlElement): Map<number, Level> {
  const levels = elements(parent, 'lvl').map((level): [number, Level] => [
    Number(level.attributes.ilvl),
    {
      start: Number(valueOf(level, 'start') ?? 1),
      format: valueOf(level, 'numFmt') ?? 'decimal',
      text: valueOf(level, 'lvlText') ?? '',
    },
  ])
  return new Map(levels)
}

const DIGITS = '〇一二三四五六七八九'

/** A number in one of the ways of writing that lists in Chinese documents use (ECMA-376 part 1, 17.18.59); others as decimal. */
export function writeNumber(value: number, format: string): string {
  if (!Number.isInteger(value) || value < 0 || value > 9999) return String(value)
  switch (format) {
    case 'none':
      return ''
    case 'chineseCounting':
    case 'chineseCountingThousand':
    case 'japaneseCounting':
    case 'taiwaneseCounting':
    case 'taiwaneseCountingThousand':
      return countingNumber(value)
    case 'ideographDigital':
    case 'taiwaneseDigital':
    case 'japaneseDigitalTenThousand':
      return String(value).replace(/\d/g, (digit) => DIGITS[Number(digit)]!)
    case 'ideographTraditional':
      return '甲乙丙丁戊己庚辛壬癸'[value - 1] ?? String(value)
    case 'decimalZero':
      return String(value).padStart(2, '0')
    case 'decimalFullWidth':
    case 'decimalFullWidth2':
      return String(value).replace(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit)))
    case 'decimalEnclosedCircle':
    case 'decimalEnclosedCircleChinese':
      return value >= 1 && value <= 20 ? String.fromCharCode(0x2460 + value - 1) : String(value)
    case 'decimalEnclosedParen':
      return value >= 1 && value <= 20 ? String.fromCharCode(0x2474 + value - 1) : String(value)
    case 'lowerLetter':
    case 'upperLetter': {
      if (value < 1 || value > 780) return String(value)
      const letter = String.fromCharCode(97 + ((value - 1) % 26)).repeat(Math.ceil(value / 26))
      return format === 'upperLetter' ? letter.toUpperCase() : letter
    }
    case 'lowerRoman':
      return roman(value)
    case 'upperRoman':
      return roman(value).toUpperCase()
    default:
      return String(value)
  }
}

function countingNumber(value: number): string {
  if (value === 0) return '零'
  const places = ['', '十', '百', '千']
  const written = [...String(value)]
    .map((digit, i, all) => (digit === '0' ? '零' : DIGITS[Number(digit)]! + places[all.length - 1 - i]!))
    .join('')
    .replace(/零+/g, '零')
    .replace(/零$/, '')
  return value >= 10 && value < 20 ? written.slice(1) : written
}

function roman(value: number): string {
  const steps: [number, string][] = [
    [1000, 'm'], [900, 'cm'], [500, 'd'], [400, 'cd'], [100, 'c'], [90, 'xc'], [50, 'l'], [40, 'xl'], [10, 'x'], [9, 'ix'], [5, 'v'], [4, 'iv'], [1, 'i'],
  ] // prettier-ignore
  let left = value
  return steps.map(([step, letters]) => {
    const times = Math.floor(left / step)
    left -= times * step
    return letters.repeat(times)
  }).join('') // prettier-ignore
}
