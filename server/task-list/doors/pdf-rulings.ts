import type { SourceRow } from '../../../geo/task-list/source.ts'
import { cellText, linesOf, type Line } from './pdf-lines.ts'
import type { PageContent, Piece, Ruling } from './pdf-page.ts'
import { cell, type CellBudget } from './table.ts'

/** A table found on a page, with the place that it takes. */
export interface PlacedTable {
  top: number
  bottom: number
  left: number
  right: number
  rows: SourceRow[]
  /** Whether a line closes the table at its lower end; where none does, the last row goes on on the next page. */
  closedBelow: boolean
}

/** Lines closer than this (points) are one: double lines, borders of neighbouring cells. */
const NEAR = 3.5
/** Crossings of lines that are tried; pages with more are drawings. */
const MOST_CROSSINGS = 20_000_000

/** The tables that the page's lines draw. Lines that cross or touch belong to one table; at least two columns make one. */
export function ruledTables(page: PageContent, budget: CellBudget): PlacedTable[] {
  if (page.horizontal.length * page.vertical.length > MOST_CROSSINGS) return []
  return components(page.horizontal, page.vertical).flatMap(({ horizontal, vertical }) => {
    // Tables of official documents are often open at the sides: the ends of the cross lines stand for the missing ones.
    const xs = clusters([...vertical.map(({ at }) => at), ...ends(horizontal)])
    const ys = clusters([...horizontal.map(({ at }) => at), ...ends(vertical)])
    if (xs.length < 3 || ys.length < 2) return []
    budget.take((xs.length - 1) * (ys.length - 1))
    return [gridTable(page.pieces, xs, ys, horizontal, vertical)]
  })
}

const ends = (lines: Ruling[]) => [Math.min(...lines.map(({ from }) => from)), Math.max(...lines.map(({ to }) => to))]

interface Component {
  horizontal: Ruling[]
  vertical: Ruling[]
}

function components(horizontal: Ruling[], vertical: Ruling[]): Component[] {
  const parent = [...horizontal, ...vertical].map((_, i) => i)
  const root = (i: number): number => {
    while (parent[i] !== i) i = parent[i] = parent[parent[i]!]!
    return i
  }
  horizontal.forEach((h, i) =>
    vertical.forEach((v, j) => {
      const meet = v.at > h.from - NEAR && v.at < h.to + NEAR && h.at > v.from - NEAR && h.at < v.to + NEAR
      if (meet) parent[root(i)] = root(horizontal.length + j)
    }),
  )
  const found = new Map<number, Component>()
  const component = (i: number) =>
    found.get(root(i)) ?? found.set(root(i), { horizontal: [], vertical: [] }).get(root(i))!
  horizontal.forEach((line, i) => component(i).horizontal.push(line))
  vertical.forEach((line, j) => component(horizontal.length + j).vertical.push(line))
  return [...found.values()].filter((one) => one.horizontal.length > 0 && one.vertical.length > 0)
}

/** Sorted places, near ones as one. */
function clusters(values: number[]): number[] {
  const groups: number[][] = []
  for (const value of [...values].sort((one, other) => one - other)) {
    const group = groups.at(-1)
    if (group !== undefined && value - group.at(-1)! <= NEAR) group.push(value)
    else groups.push([value])
  }
  return groups.map((group) => group.reduce((sum, value) => sum + value, 0) / group.length)
}

/** Base cells of the grid, those without a line between them as one region; each piece of text goes to the region under it. */
function gridTable(pieces: Piece[], xs: number[], ys: number[], horizontal: Ruling[], vertical: Ruling[]): PlacedTable {
  const [width, height] = [xs.length - 1, ys.length - 1]
  const regions = regionsOf(xs, ys, horizontal, vertical)
  const inside = new Map<number, Piece[]>()
  for (const piece of pieces) {
    for (const part of splitAt(piece, xs)) {
      const x = slot(xs, (part.left + part.right) / 2)
      const y = slot(ys, part.y - 0.35 * part.size)
      if (x < 0 || y < 0) continue
      const region = regions[y * width + x]!
      inside.set(region, [...(inside.get(region) ?? []), part])
    }
  }
  const lines = new Map([...inside].map(([region, found]) => [region, linesOf(found)]))
  const padding = paddingOf(lines, regions, xs)
  const rows = Array.from({ length: height }, (_, y) => ({
    cells: Array.from({ length: width }, (_, x) => {
      const at = y * width + x
      const region = regions[at]!
      if (region !== at)
        return { text: '', merged: Math.floor(region / width) === y ? ('left' as const) : ('above' as const) }
      let right = x + 1
      while (right < width && regions[y * width + right] === at) right++
      return cell(cellText(lines.get(at) ?? [], xs[right]! - xs[x]! - 2 * padding))
    }),
  }))
  const bottom = ys.at(-1)!
  const closedBelow = covered(horizontal, bottom, xs[0]!, xs.at(-1)!) > 0.5
  return { top: ys[0]!, bottom, left: xs[0]!, right: xs.at(-1)!, rows, closedBelow }
}

/** For each base cell the first cell of its region, row by row. */
function regionsOf(xs: number[], ys: number[], horizontal: Ruling[], vertical: Ruling[]): number[] {
  const [width, height] = [xs.length - 1, ys.length - 1]
  const first = Array.from({ length: width * height }, (_, i) => i)
  const root = (i: number): number => (first[i] === i ? i : (first[i] = root(first[i]!)))
  const merge = (one: number, other: number) => {
    const [a, b] = [root(one), root(other)]
    first[Math.max(a, b)] = Math.min(a, b)
  }
  for (let x = 0; x < width; x++) {
    const between = near(vertical, xs[x + 1]!)
    const below = horizontal
    for (let y = 0; y < height; y++) {
      if (x + 1 < width && covered(between, xs[x + 1]!, ys[y]!, ys[y + 1]!) < 0.5)
        merge(y * width + x, y * width + x + 1)
      if (y + 1 < height && covered(below, ys[y + 1]!, xs[x]!, xs[x + 1]!) < 0.5)
        merge(y * width + x, (y + 1) * width + x)
    }
  }
  return first.map((_, i) => root(i))
}

const near = (lines: Ruling[], at: number) => lines.filter((line) => Math.abs(line.at - at) <= NEAR)

/** The share of the stretch that lines at this place cover. */
function covered(lines: Ruling[], at: number, from: number, to: number): number {
  const length = near(lines, at).reduce(
    (sum, line) => sum + Math.max(0, Math.min(line.to, to) - Math.max(line.from, from)),
    0,
  )
  return length / Math.max(to - from, 0.01)
}

/** The slot between sorted places that a value lies in, -1 outside of all. */
function slot(places: number[], value: number): number {
  if (value < places[0]! || value > places.at(-1)!) return -1
  const after = places.findIndex((place) => place > value)
  return after < 0 ? places.length - 2 : after - 1
}

/** The distance that the table's text keeps from its lines; the least that is seen anywhere. */
function paddingOf(lines: Map<number, Line[]>, regions: number[], xs: number[]): number {
  const width = xs.length - 1
  const distances = [...lines].flatMap(([region, found]) =>
    found.map(({ left }) => left - xs[regions[region]! % width]!),
  )
  return Math.max(0, Math.min(...distances, Infinity) === Infinity ? 0 : Math.min(...distances))
}

/** A piece that reaches over a line between columns, cut there: readers of PDF join texts that stand close. */
function splitAt(piece: Piece, xs: number[]): Piece[] {
  const crossing = xs.filter((x) => x > piece.left + 0.4 * piece.size && x < piece.right - 0.4 * piece.size)
  if (crossing.length === 0) return [piece]
  const characters = [...piece.text]
  const weights = characters.map((character) => (character > '\u2e7f' ? 2 : 1))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const parts: Piece[] = []
  let at = piece.left
  let part = { ...piece, text: '' }
  characters.forEach((character, i) => {
    const next = at + (weights[i]! / total) * (piece.right - piece.left)
    const middle = (at + next) / 2
    if (part.text !== '' && slotOf(crossing, middle) !== slotOf(crossing, part.left + 0.01)) {
      parts.push({ ...part, right: at })
      part = { ...piece, text: '', left: at }
    }
    part.text += character
    at = next
  })
  return [...parts, { ...part, right: piece.right }]
    .map((one) => ({ ...one, text: one.text.trim() }))
    .filter(({ text }) => text !== '')
}

const slotOf = (places: number[], value: number) => places.filter((place) => place <= value).length
