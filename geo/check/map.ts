/** A check's map as a drawing: the land around, the plot, what of it lies on permanent basic farmland, and what is left if that is avoided. */
import type { MultiPolygon, Polygon } from 'geojson'
import { FARMLAND } from '../layer/farmland.ts'
import type { Lang } from '../number/in-words.ts'
import { ringsOf } from '../shape/measure.ts'
import { text } from '../snapshot/context.ts'
import type { At, Box, DrawnBlock, Item } from '../snapshot/drawing.ts'
import { northArrow, scaleBar } from '../snapshot/furniture.ts'
import { extentOf, hatchOf, placingOf, type Rings } from '../snapshot/projection.ts'
import { COLOUR, faded } from '../snapshot/theme.ts'
import { widthOf } from '../snapshot/type.ts'
import { PAGE_WORDS } from '../snapshot/words.ts'
import { labelPoint } from '../town/label.ts'
import { unitNames } from '../town/names.ts'
import type { CheckContent } from './content.ts'
import { MAP_FRAME, ringsOnPlane, viewOf } from './view.ts'
import { SHEET_WORDS } from './words.ts'

/** Colours of what a check marks: on its sheet and on the screens' map. */
export const CHECK_COLOURS = { plot: '#1d4f91', touched: '#b3261e', slivers: '#e8a33d', remaining: '#1a7a4c' } as const

const UNIT = 2.6

export interface CheckMap {
  blocks: DrawnBlock[]
  scale: number
  meridian: number
}

/** Draws the map at a place of the page; it has the size of {@link MAP_FRAME}. */
export function checkMap(content: CheckContent, at: { x: number; y: number }, lang: Lang): CheckMap {
  const { plot, touched, sliverShapes, remaining, ground } = content
  const box: Box = { ...at, ...MAP_FRAME }
  const { scale, meridian, extent } = viewOf(plot)
  const { place } = placingOf(extent, box, scale)
  const placed = (shape: Polygon | MultiPolygon): Rings => ringsOnPlane(ringsOf(shape).flat(), meridian).map((ring) => ring.map(place))
  const filled = (rings: Rings, fill: string): Item => ({ kind: 'path', lines: rings, closed: true, fill })
  const outlined = (rings: Rings, colour: string, width: number, dash?: readonly [number, number]): Item => ({ kind: 'path', lines: rings, closed: true, stroke: { colour, width, ...(dash ? { dash } : {}) } })

  const items: Item[] = [{ kind: 'rect', ...box, fill: '#eef1f4' }]
  const towns = ground.towns.map(({ town, geometry }) => ({ town, geometry, rings: placed(geometry) }))
  for (const { rings } of towns) items.push(filled(rings, '#ffffff'))
  const parcels = ground.parcels.map(({ kind, geometry }) => ({ look: FARMLAND.legend.classes[kind], rings: placed(geometry) }))
  for (const { look, rings } of parcels) if (look && !look.outline) items.push(filled(rings, faded(look.colour, 0.35)), outlined(rings, look.colour, 0.08))
  for (const { look, rings } of parcels) if (look?.outline) items.push(outlined(rings, look.colour, 0.3))
  for (const { rings } of towns) items.push(outlined(rings, '#7c8b9a', 0.25, [1.6, 0.7]))
  if (touched) {
    const rings = placed(touched)
    items.push(filled(rings, faded(CHECK_COLOURS.touched, 0.62)), { kind: 'path', lines: hatchOf(rings, 1.5, 45), closed: false, stroke: { colour: CHECK_COLOURS.touched, width: 0.18 } }, outlined(rings, CHECK_COLOURS.touched, 0.25))
  }
  if (sliverShapes) items.push(filled(placed(sliverShapes), faded(CHECK_COLOURS.slivers, 0.2)), outlined(placed(sliverShapes), CHECK_COLOURS.slivers, 0.2))
  // Where the plot's own edge stays, both are seen: green on blue.
  items.push(outlined(placed(plot), '#ffffff', 1.6), outlined(placed(plot), CHECK_COLOURS.plot, 1.1))
  if (remaining && touched) items.push(outlined(placed(remaining), '#ffffff', 0.65), outlined(placed(remaining), CHECK_COLOURS.remaining, 0.45))
  items.push(...namesOf(towns, placed(plot), (point) => place(ringsOnPlane([[point]], meridian)[0]![0]!), box, lang))
  items.push({ kind: 'rect', ...box, stroke: { colour: COLOUR.frame, width: 0.3 } })

  const context = { theme: COLOUR, unit: UNIT, words: PAGE_WORDS[lang] }
  const bar: Box = { x: box.x + 1.5, y: box.y + box.height - UNIT * 3.5, width: UNIT * 13, height: UNIT * 3.3 }
  const north: Box = { x: box.x + box.width - UNIT * 3.4, y: box.y + 1.5, width: UNIT * 2.6, height: UNIT * 4.2 }
  const block = (id: DrawnBlock['id'], where: Box, own: Item[], more: Partial<DrawnBlock> = {}): DrawnBlock => ({ id, ...where, clipped: false, onMap: false, items: own, ...more })
  return {
    blocks: [
      block('map', box, items, { clipped: true }),
      block('scale', bar, [{ kind: 'rect', ...bar, fill: '#ffffff', radius: 0.6 }, ...scaleBar(context, bar, scale)], { onMap: true }),
      block('north', north, [{ kind: 'rect', ...north, fill: '#ffffff', radius: 0.6 }, ...northArrow(context, north)], { onMap: true }),
      legendIn(content, { x: box.x, y: box.y + box.height + 1.2, width: box.width, height: 0 }, lang),
    ],
    scale,
    meridian,
  }
}

/** The towns' names where they stand best; in the corner where that is over the plot, or the town is all around. */
function namesOf(towns: readonly { town: string; geometry: Polygon | MultiPolygon }[], plot: Rings, place: (point: [number, number]) => At, box: Box, lang: Lang): Item[] {
  const { west, east, south, north } = extentOf([plot])
  let corner = box.y + UNIT * 1.6
  return towns.flatMap(({ town, geometry }) => {
    const name = unitNames(town)[lang === 'en' ? 'en' : 'zh']
    const [x, y] = place(labelPoint(geometry))
    const half = widthOf(name, UNIT) / 2
    const isFree = x + half < west || x - half > east || y < south || y - UNIT > north
    const isSeen = x - half > box.x && x + half < box.x + box.width && y - UNIT > box.y && y < box.y + box.height - UNIT * 4
    if (isFree && isSeen && towns.length > 1) return [text(x, y, name, { size: UNIT, colour: '#44515e', anchor: 'middle', halo: '#ffffff' })]
    if (isFree && towns.length > 1) return []
    const line = text(box.x + UNIT * 0.8, corner, name, { size: UNIT, colour: '#44515e', halo: '#ffffff' })
    corner += UNIT * 1.4
    return [line]
  })
}

/** What is on the map, in rows beneath it: what the check marks, then the kinds of parcels. */
function legendIn(content: CheckContent, box: Box, lang: Lang): DrawnBlock {
  const words = SHEET_WORDS[lang]
  const swatch = (x: number, y: number): Box => ({ x, y, width: 5, height: UNIT })
  type Entry = { words: string; draw: (x: number, y: number) => Item[] }
  const ring = ({ x, y, width, height }: Box): Rings => [[[x, y], [x + width, y], [x + width, y + height], [x, y + height]]] // prettier-ignore
  const kinds = Object.entries(FARMLAND.legend.classes).filter(([kind]) => content.ground.parcels.some((one) => one.kind === kind))
  const entries: Entry[] = [
    { words: words.legend.plot, draw: (x, y) => [{ kind: 'rect', ...swatch(x, y), stroke: { colour: CHECK_COLOURS.plot, width: 1 } }] },
    ...(content.touched
      ? [
          {
            words: words.legend.touched,
            draw: (x: number, y: number): Item[] => [
              { kind: 'rect', ...swatch(x, y), fill: faded(CHECK_COLOURS.touched, 0.62), stroke: { colour: CHECK_COLOURS.touched, width: 0.2 } },
              { kind: 'path', lines: hatchOf(ring(swatch(x, y)), 1.1, 45), closed: false, stroke: { colour: CHECK_COLOURS.touched, width: 0.18 } },
            ],
          },
        ]
      : []),
    ...(content.sliverShapes ? [{ words: words.legend.slivers, draw: (x: number, y: number): Item[] => [{ kind: 'rect', ...swatch(x, y), fill: faded(CHECK_COLOURS.slivers, 0.2), stroke: { colour: CHECK_COLOURS.slivers, width: 0.2 } }] }] : []),
    ...(content.touched && content.remaining ? [{ words: words.legend.remaining, draw: (x: number, y: number): Item[] => [{ kind: 'rect', ...swatch(x, y), stroke: { colour: CHECK_COLOURS.remaining, width: 0.45 } }] }] : []),
    ...kinds.map(([kind, { colour, outline }]) => ({
      words: FARMLAND.fields.kind!.options![kind]![lang === 'en' ? 'en' : 'zh'],
      draw: (x: number, y: number): Item[] => [{ kind: 'rect', ...swatch(x, y), ...(outline ? { stroke: { colour, width: 0.3 } } : { fill: faded(colour, 0.35), stroke: { colour, width: 0.1 } }) }],
    })),
  ]
  const items: Item[] = []
  let [x, y] = [box.x, box.y]
  for (const entry of entries) {
    const width = 6.2 + widthOf(entry.words, UNIT) + 4
    if (x > box.x && x + width > box.x + box.width) [x, y] = [box.x, y + UNIT * 1.6]
    items.push(...entry.draw(x, y), text(x + 6.2, y + UNIT * 0.86, entry.words, { size: UNIT, colour: COLOUR.ink2 }))
    x += width
  }
  if (content.ground.cut) items.push(text(box.x + box.width, y + UNIT * 0.86, words.cut, { size: UNIT * 0.9, colour: COLOUR.ink3, anchor: 'end' }))
  return { id: 'legend', x: box.x, y: box.y, width: box.width, height: y - box.y + UNIT * 1.4, clipped: false, onMap: false, items }
}
