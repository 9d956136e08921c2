/**
 * Cells as they come carry tags (`<p>`), entities, non-breaking spaces and the line breaks of a narrow table column, in the middle of words
 * and numbers. Cleaning takes them out; every span of a plan counts in the cleaned text, and `offsets` leads back to the text as given.
 */
export interface CleanText {
  text: string
  /** For each UTF-16 unit of `text` its place in the text as given; one more at the end for the end. */
  offsets: number[]
  /** Tags were taken out. */
  tagged: boolean
}

/** Longer cells are damage; what is over is not read. */
export const MAX_CELL = 100_000

const MARKUP = /<\/?[a-zA-Z][^<>]{0,300}>|&(?:[a-zA-Z]{2,8}|#\d{1,6});/y
/** Letters, digits and Chinese: nothing to clean. Most of every cell is. */
const isPlain = (code: number): boolean =>
  (code > 0x3000 && code < 0xfe00) || (code > 0xff00 && code < 0xffef) || (code > 0x28 && code < 0x3c)
const ENTITIES: Record<string, string> = {
  '&nbsp;': ' ', '&ensp;': ' ', '&emsp;': ' ', '&lt;': '<', '&gt;': '>', '&amp;': '&', '&quot;': '"', '&ldquo;': '“', '&rdquo;': '”',
} // prettier-ignore
const INVISIBLE = /[\u200b-\u200f\u2060\ufeff\u00ad]/
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/ // eslint-disable-line no-control-regex
const SPACE = /[ \t\u00a0\u2000-\u200a\u202f\u205f\u3000]/

/** Stands for the end of a paragraph in markup: it parts, wherever it stands. */
const PARAGRAPH = '\u2029'

/** After these a line break parts sentences and stays; elsewhere it is only the column's width. */
const SENTENCE_END = /[。；;：:！!？?]$/
/** A dot with digits behind it is a decimal's ("12.5公里"), unless they are a year ("1.2023年…"). */
const NEW_ITEM = /^(?:\d{1,2}(?:[、)）]|[.．](?!\d)|[.．](?=\d{4}年))|[（(]\d{1,2}[)）]|[（(][一二三四五六七八九十]{1,3}[)）]|[①-⑳]|[-•·●])/
const TOWN_END = /(?:镇|街道|乡|园区|开发区|工业区|度假区|农场|管委会|[0-9０-９](?:[^\s0-9０-９]{0,3}))$/
const NUMBER_END = /[0-9０-９.．,，]$/
const NUMBER_START = /^[0-9０-９.．]/

/** Cleans a cell. `listed` says that the cell may list towns or departments line by line: breaks after a complete name stay. */
export function clean(raw: string, listed = false): CleanText {
  const chars: string[] = []
  const from: number[] = []
  let tagged = false
  const push = (char: string, at: number): void => {
    chars.push(char)
    from.push(at)
  }
  const end = Math.min(raw.length, MAX_CELL)
  for (let at = 0; at < end;) {
    const char = raw[at] as string
    if (isPlain(raw.charCodeAt(at))) {
      push(char, at++)
      continue
    }
    MARKUP.lastIndex = at
    const markup = char === '<' || char === '&' ? MARKUP.exec(raw) : null
    if (markup && char === '<') {
      tagged = true
      if (/^<\/(?:p|div|li|tr)\b/i.test(markup[0])) push(PARAGRAPH, at)
      else if (/^<br\b/i.test(markup[0])) push('\n', at)
    } else if (markup) push(ENTITIES[markup[0].toLowerCase()] ?? ' ', at)
    else if (char === '\r' || char === '\n') push('\n', at)
    else if (SPACE.test(char) || CONTROL.test(char)) push(' ', at)
    else if (!INVISIBLE.test(char)) push(char, at)
    at += markup ? markup[0].length : 1
  }
  return { ...joinLines(chars, from, listed, end), tagged }
}

function joinLines(chars: string[], from: number[], listed: boolean, end: number): { text: string; offsets: number[] } {
  const out: string[] = []
  const offsets: number[] = []
  let i = 0
  while (i < chars.length) {
    const char = chars[i] as string
    if (char !== ' ' && char !== '\n' && char !== PARAGRAPH) {
      out.push(char)
      offsets.push(from[i] as number)
      i++
      continue
    }
    let next = i
    let broken = false
    let parted = false
    for (; next < chars.length && [' ', '\n', PARAGRAPH].includes(chars[next] as string); next++) {
      broken ||= chars[next] === '\n'
      parted ||= chars[next] === PARAGRAPH
    }
    if (out.length > 0 && next < chars.length) {
      const between = parted
        ? '\n'
        : broken
          ? lineBreak(out.slice(-12).join(''), chars.slice(next, next + 8).join(''), listed)
          : ' '
      if (between) {
        out.push(between)
        offsets.push(from[i] as number)
      }
    }
    i = next
  }
  offsets.push(end)
  return { text: out.join(''), offsets }
}

function lineBreak(before: string, after: string, listed: boolean): string {
  if (SENTENCE_END.test(before) || NEW_ITEM.test(after))
    return NUMBER_END.test(before) && /^\d+[.．]\d/.test(after) ? '' : '\n'
  if (NUMBER_END.test(before) && NUMBER_START.test(after)) return ''
  if (/[a-zA-Z]$/.test(before) && /^[a-zA-Z]/.test(after)) return ' '
  return listed && TOWN_END.test(before) ? '\n' : ''
}

/**
 * A name without the spaces that some converters put where a narrow column broke the line: between two Chinese characters none belongs.
 * Around digits and Latin letters they stay as written.
 */
export const tight = (text: string): string =>
  text.replace(/(?<=[\u3400-\u9fff”》）、，]) (?=[\u3400-\u9fff“《（])/g, '')

/** The text of a head or a name: cleaned and without any space or line break. */
export function squeeze(raw: string): string {
  return clean(raw).text.replace(/\s+/g, '')
}
