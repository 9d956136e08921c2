/** Layers of the planning map on a page: what of them is drawn, and by which words and colours. Pure. */
import { FINDING_STATES, type FindingState } from '../finding/finding.ts'
import type { LayerGeometry, Figure } from '../layer/layer.ts'
import { LAYERS } from '../layer/layers.ts'
import type { Lang } from '../number/in-words.ts'
import type { Action } from '../right/right.ts'

/** Findings are no layer of their own in storage; on a page they lie on top of all. */
export const FINDINGS = 'findings'

/** How a layer's features came onto the page: each as it is; what they cover of a grid; the longest of them only. */
export const LAYER_WAYS = ['each', 'cells', 'longest'] as const
export type LayerWay = (typeof LAYER_WAYS)[number]

export interface PageLayer {
  id: string
  /** The data version: the layer's own, or the hash of what was read. */
  version: string
  way: LayerWay
  /** By class of the legend; null: of none. */
  classes: { class: string | null; features: number; areaM2: number; lengthM: number }[]
  shapes: PageShape[]
  demo: boolean
}

/** Rings, lines or places, WGS84. */
export interface PageShape {
  class: string | null
  lines: (readonly [lon: number, lat: number])[][]
}

interface Drawable {
  id: string
  zh: string
  en: string
  geometry: LayerGeometry
  figure: Figure
  sees: 'reader' | Action
  classes: Record<string, { zh: string; en: string; colour: string; outline?: true | undefined }>
}

const FINDING_COLOURS: Record<FindingState, string> = { hung: '#b3261e', fixed: '#c68600', struck: '#1d6f91', checked: '#1a7a4c', cancelled: '#8d97a0' }

/** In the order of drawing, from below. */
export const PAGE_LAYERS: readonly Drawable[] = [
  ...LAYERS.map(
    ({ id, zh, en, geometry, figure, sees, legend, fields }): Drawable => ({
      id,
      zh,
      en,
      geometry,
      figure,
      sees,
      classes: Object.fromEntries(Object.entries(legend.classes).map(([name, look]) => [name, { ...(fields[legend.field]?.options?.[name] ?? { zh: name, en: name }), colour: look.colour, outline: look.outline }])),
    }),
  ),
  {
    id: FINDINGS,
    zh: '问题台账',
    en: 'Findings',
    geometry: 'point',
    figure: 'count',
    sees: 'finding.read',
    classes: Object.fromEntries(Object.entries(FINDING_STATES).map(([state, { zh, en }]) => [state, { zh, en, colour: FINDING_COLOURS[state as FindingState] }])),
  },
]
export const PAGE_LAYER_IDS = PAGE_LAYERS.map(({ id }) => id)

export function drawableOf(id: string): Drawable {
  return PAGE_LAYERS.find((layer) => layer.id === id)!
}

/** Those of the ids that there are, in the order of drawing. */
export function tidyLayers(ids: readonly string[]): string[] {
  return PAGE_LAYER_IDS.filter((id) => ids.includes(id))
}

/** What a class is called beside others: short names say which layer they are of. */
export function className({ zh, en, classes }: Drawable, name: string | null, lang: Lang): string {
  const own = name === null ? undefined : classes[name]
  if (!own) return lang === 'en' ? en : zh
  if (lang === 'en') return own.en.length <= 8 ? `${en}: ${own.en}` : own.en
  return own.zh.length <= 2 || /^已|^挂/.test(own.zh) ? `${zh}·${own.zh}` : own.zh
}

/** So many features of a layer are drawn one by one. */
export const MOST_SHAPES = 3000
/** Points of all a layer's shapes together: a page stays a few megabytes. */
export const MOST_POINTS = 60_000
/** Side of a cell, in metres, for a page of the district and of one town. */
export const CELL_M = { district: 250, town: 80 } as const
/** What may be smoothed away, in metres: a tenth of a millimetre on an A4 page. */
export const TOLERANCE_M = { district: 25, town: 4 } as const

/** Cells that cover something, as rectangles: side by side in one row are one, and rows of the same width beneath each other too. */
export function cellShapes(cells: readonly { x: number; y: number; class: string | null }[], step: readonly [lon: number, lat: number]): PageShape[] {
  const found: PageShape[] = []
  for (const [name, its] of Map.groupBy(cells, (cell) => cell.class)) {
    const rows = Map.groupBy(its, ({ y }) => y)
    /** By from and to, the block that the row above ended with. */
    let above = new Map<string, { west: number; east: number; south: number; north: number }>()
    const blocks: { west: number; east: number; south: number; north: number }[] = []
    let last = NaN
    for (const y of [...rows.keys()].sort((a, b) => a - b)) {
      const here: typeof above = new Map()
      const xs = rows.get(y)!.map(({ x }) => x).sort((a, b) => a - b)
      for (let i = 0; i < xs.length; ) {
        let j = i
        while (j + 1 < xs.length && xs[j + 1]! <= xs[j]! + 1) j++
        const key = `${xs[i]} ${xs[j]}`
        const block = last === y - 1 ? above.get(key) : undefined
        if (block) block.north = y + 1
        else blocks.push({ west: xs[i]!, east: xs[j]! + 1, south: y, north: y + 1 })
        here.set(key, block ?? blocks.at(-1)!)
        i = j + 1
      }
      above = here
      last = y
    }
    const round = (n: number) => Math.round(n * 1e6) / 1e6
    for (const { west, east, south, north } of blocks) {
      const [w, e, s, n] = [west * step[0], east * step[0], south * step[1], north * step[1]].map(round) as [number, number, number, number]
      found.push({ class: name, lines: [[[w, s], [e, s], [e, n], [w, n], [w, s]]] })
    }
  }
  return found
}
