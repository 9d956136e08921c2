import type { Category } from '../plan/plan.ts'
import { chineseNumber } from '../number/chinese.ts'
import { tight } from './clean.ts'
import { halfWidth } from '../number/written.ts'

const NUMERAL =
  /^\s*(?:[（(]\s*([一二三四五六七八九十]{1,3})\s*[)）]|第\s*([一二三四五六七八九十]{1,3})\s*[章节部分类]{1,2}|([一二三四五六七八九十]{1,3})\s*[、.．:：]|[（(]\s*(\d{1,2})\s*[)）])\s*[、.．:：]?\s*/

/** Numeral and title of a category: "(三)优化提升人居环境" → 3. Without a numeral `no` is null. */
export function categoryTitle(written: string): { no: number | null; name: string } {
  const text = tight(written.trim())
  const match = NUMERAL.exec(text)
  if (!match) return { no: null, name: text }
  const numeral = match[1] ?? match[2] ?? match[3]
  const no = numeral ? chineseNumber(numeral) : Number(halfWidth(match[4] as string))
  const name = text.slice(match[0].length).trim()
  return no === null || name === '' ? { no: null, name: text } : { no, name }
}

export interface CategoryTable {
  categories: Category[]
  /** Category number by the text as it stood in the document. */
  numberOf: ReadonlyMap<string, number>
  /** For each number whose title differs: all titles, the chosen one first. */
  differing: ReadonlyMap<number, string[]>
}

/**
 * One category for each numeral, whatever typos its title has where it is repeated. Categories without numerals count in the order of their
 * first appearance. Which of several titles is right: one that appears three times as often; else the one whose words the rest of the
 * document uses more ("调整优化" rather than "调优调整", "乡村" rather than "多村"); else the first.
 */
export function readCategories(appearances: readonly string[], corpus: string): CategoryTable {
  const numberOf = new Map<string, number>()
  const titles = new Map<number, Map<string, number>>()
  const unnumbered = new Map<string, number>()
  const used = new Set(appearances.map((text) => categoryTitle(text).no))
  let next = 1
  for (const text of appearances) {
    const { no: numeral, name } = categoryTitle(text)
    const key = name.replace(/\s+/g, '')
    let no = numeral ?? unnumbered.get(key)
    if (no === undefined) {
      while (used.has(next)) next++
      no = next++
      unnumbered.set(key, no)
    }
    numberOf.set(text, no)
    const counts = titles.get(no) ?? new Map<string, number>()
    counts.set(name, (counts.get(name) ?? 0) + 1)
    titles.set(no, counts)
  }
  const categories: Category[] = []
  const differing = new Map<number, string[]>()
  for (const [no, counts] of titles) {
    const distinct = [...counts.keys()].filter(
      (name, i, all) => all.findIndex((other) => plain(other) === plain(name)) === i,
    )
    const chosen = distinct.length === 1 ? (distinct[0] as string) : choose(distinct, counts, corpus)
    categories.push({ no, name: chosen })
    if (distinct.length > 1) differing.set(no, [chosen, ...distinct.filter((name) => name !== chosen)].slice(0, 10))
  }
  return { categories: categories.sort((a, b) => a.no - b.no), numberOf, differing }
}

const plain = (name: string): string => name.replace(/[\s“”"'《》]/g, '')

function choose(names: string[], counts: ReadonlyMap<string, number>, corpus: string): string {
  const [first] = names as [string]
  const often = names.find((name) =>
    names.every((other) => other === name || (counts.get(name) ?? 0) >= 3 * (counts.get(other) ?? 0)),
  )
  if (often !== undefined) return often
  let best = first
  let bestScore = -1
  for (const name of names.slice(0, 10)) {
    const others = names.filter((other) => other !== name)
    const own = pairs(plain(name)).filter((pair) => !others.every((other) => plain(other).includes(pair)))
    const score =
      own.length === 0 ? 0 : own.reduce((sum, pair) => sum + Math.log1p(occurrences(corpus, pair)), 0) / own.length
    if (score > bestScore + 1e-9) [best, bestScore] = [name, score]
  }
  return best
}

const pairs = (text: string): string[] =>
  Array.from({ length: Math.max(0, text.length - 1) }, (_, i) => text.slice(i, i + 2))

function occurrences(corpus: string, pair: string): number {
  let count = 0
  for (let at = corpus.indexOf(pair); at >= 0 && count < 200; at = corpus.indexOf(pair, at + 1)) count++
  return count
}
