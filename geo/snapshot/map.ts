/** The map: shapes on the page, what lies on it without covering the land, and names that do not cover each other. */
import type { Position } from 'geojson'
import { legend, legendWidth, plate, summary, type Drawn } from './panels.ts'
import { headingOf, text, type PageContext } from './context.ts'
import { sizeAsChanged, type BlockId } from './block.ts'
import type { At, Box, Item } from './drawing.ts'
import type { TownShape, UnitFigure } from './figures.ts'
import { northArrow, scaleBar } from './furniture.ts'
import { layerItems } from './layer-items.ts'
import type { LightColour } from '../light/light.ts'
import { extentOf, isInside, meridianOf, placingOf, transverseMercator, type Extent, type Placing, type Rings } from './projection.ts'
import { faded, filledWith, markOf } from './theme.ts'
import { cut, widthOf } from './type.ts'

/** What may lie on the map, the largest first. */
const FURNITURE = ['legend', 'summary', 'overview', 'cards', 'scale', 'north'] as const satisfies readonly BlockId[]
type Furniture = (typeof FURNITURE)[number]

export interface PlacedMap {
  /** The map's own block. */
  map: Drawn
  /** What lies on it. */
  pieces: { id: BlockId; box: Box; drawn: Drawn }[]
  scale: number
  meridian: number
}

interface Placed {
  code: string
  rings: Rings
  label: At
}

/** Draws the map into a box, with what of the furniture is wanted. */
export function mapIn(context: PageContext, box: Box, wanted: (id: BlockId) => boolean, onMap: readonly BlockId[]): PlacedMap {
  const { figures, theme, unit } = context
  const { view, focus } = figures
  const meridian = meridianOf(middleLon(figures.shapes))
  const flat = figures.shapes.map((shape) => ({ code: shape.code, rings: ringsOf(shape).map((ring) => ring.map((at) => transverseMercator(at as [number, number], meridian))), label: shape.labelPoint }))
  const own = flat.filter(({ code }) => code === focus)
  const close = view.extent === 'town' && own.length > 0
  const whole = extentOf(flat.map(({ rings }) => rings))
  const near = close ? extentOf(own.map(({ rings }) => rings)) : whole
  const margin = unit * (close ? 7 : 2.4)
  const inner = { x: box.x + margin, y: box.y + margin, width: Math.max(1, box.width - margin * 2), height: Math.max(1, box.height - margin * 2) }
  const land = landOf(figures.shapes, flat, close ? focus : null)
  const sizesAt = ({ place }: Placing): Record<Furniture, { width: number; height: number } | null> => ({
    legend: onMap.includes('legend') ? padded(context, legendWidth(context), legend.height(context, legendWidth(context))) : null,
    summary: onMap.includes('summary') ? padded(context, unit * 24, summary.height(context, unit * 24)) : null,
    overview: isPartly(whole, place, box) ? { width: unit * 11, height: unit * (2 + 11 * ratio(whole)) } : null,
    cards: cardsOf(context).length > 0 ? { width: unit * CARD_WIDTH, height: unit * (CARD_HEIGHT + 0.4) * cardsOf(context).length - unit * 0.4 } : null,
    scale: { width: unit * 13, height: unit * 3.3 },
    north: { width: unit * 2.6, height: unit * 4.2 },
  })
  const piecesAt = (placing: Placing) => {
    const sizes = sizesAt(placing)
    return FURNITURE.flatMap((id) => (sizes[id] && wanted(id) ? [{ id, size: sizeAsChanged(id, sizes[id], context.options.blocks, box) }] : []))
  }
  const layout = layoutOf({ near, inner, box, fixed: view.scale, unit, land, piecesAt })
  const { place, scale } = layout.placing
  const shapes: Placed[] = flat.map(({ code, rings, label }) => ({
    code,
    rings: rings.map((ring) => ring.map(place)),
    label: place(label ? transverseMercator(label, meridian) : rings[0]![0]!),
  }))
  const around: Around = { scale, shapes: flat.map(({ code, rings }) => ({ code, rings })), view: { near: viewedFrom(place, box, scale), whole } }
  const pieces: PlacedMap['pieces'] = layout.pieces.map(({ id, box: at }) => ({ id, box: at, drawn: FURNISH[id](context, at, around) }))

  const items: Item[] = [{ kind: 'rect', ...box, fill: theme.ground }]
  const figureOf = new Map(figures.units.map((figure) => [figure.code, figure]))
  for (const { code, rings } of shapes) {
    const answer = figureOf.get(code)?.answer
    const dim = focus !== null && own.length > 0 && code !== focus
    const filling = figures.layered ? BARE : { colour: answer?.colour ?? '#ffffff', shade: figureOf.get(code)?.shade ?? 0, texture: answer?.texture ?? ('blank' as const) }
    items.push(...(dim && theme.mono ? [{ kind: 'path' as const, lines: rings, closed: true, fill: '#ffffff' }] : filledWith(rings, dim ? { ...filling, colour: faded(filling.colour, 0.72) } : filling, theme, unit)))
  }
  items.push(...layerItems(figures.layers, (at) => place(transverseMercator(at, meridian)), box, theme, unit))
  for (const { rings } of shapes) items.push({ kind: 'path', lines: rings, closed: true, stroke: { colour: theme.mono ? '#000000' : '#8797a6', width: unit * 0.07 } })
  for (const line of outlineOf(shapes)) items.push({ kind: 'path', lines: [line], closed: false, stroke: { colour: theme.mono ? '#000000' : '#47586a', width: unit * 0.17 } })
  for (const { code, rings } of shapes) if (code === focus) items.push({ kind: 'path', lines: rings, closed: true, stroke: { colour: theme.accent, width: unit * 0.3 } })
  items.push(...labelsOf(context, box, shapes, pieces.map((piece) => piece.box), figureOf))
  items.push({ kind: 'rect', ...box, stroke: { colour: theme.frame, width: unit * 0.08 } })
  return { map: { items }, pieces, scale, meridian }
}

interface Around {
  scale: number
  /** On the plane, in metres. */
  shapes: { code: string; rings: Rings }[]
  view: { near: ReturnType<typeof extentOf>; whole: ReturnType<typeof extentOf> }
}

const padded = ({ unit }: PageContext, width: number, height: number | null) => height === null ? null : { width: width + unit * 1.6, height: height + unit * 1.1 }
const ratio = ({ west, south, east, north }: ReturnType<typeof extentOf>) => Math.min(1.2, (north - south) / (east - west))

const FURNISH: Record<Furniture, (context: PageContext, box: Box, around: Around) => Drawn> = {
  legend: (context, box) => onPlate(context, box, legend.draw),
  summary: (context, box) => onPlate(context, box, summary.draw),
  scale: (context, box, { scale }) => ({ items: scaleBar(context, box, scale) }),
  north: (context, box) => ({ items: northArrow(context, box) }),
  overview(context, box, { shapes, view }) {
    const { figures, theme, unit, words } = context
    const inside = { x: box.x + unit * 0.5, y: box.y + unit * 1.7, width: box.width - unit, height: box.height - unit * 2.2 }
    const { place } = placingOf(view.whole, inside, null)
    const [x0, y0] = place([view.near.west, view.near.north])
    const [x1, y1] = place([view.near.east, view.near.south])
    const clamp = (n: number, low: number, high: number) => Math.min(high, Math.max(low, n))
    const frame = { left: clamp(x0, box.x, box.x + box.width), top: clamp(y0, box.y + unit * 1.5, box.y + box.height), right: clamp(x1, box.x, box.x + box.width), bottom: clamp(y1, box.y, box.y + box.height) }
    return {
      items: [
        { kind: 'rect', ...box, fill: '#ffffff', stroke: { colour: theme.frame, width: unit * 0.06 } },
        text(box.x + unit * 0.5, box.y + unit * 1.15, cut(headingOf(context, 'overview', words.overview), box.width - unit, unit * 0.88, 700), { size: unit * 0.88, weight: 700, colour: theme.ink2 }),
        ...shapes.map(
          ({ code, rings }): Item => ({
            kind: 'path',
            lines: rings.map((ring) => ring.map(place)),
            closed: true,
            fill: code === figures.focus ? theme.accent : theme.mono ? '#ffffff' : '#dfe5ea',
            stroke: { colour: theme.mono ? '#000000' : '#ffffff', width: unit * 0.04 },
          }),
        ),
        { kind: 'rect', x: frame.left, y: frame.top, width: frame.right - frame.left, height: frame.bottom - frame.top, stroke: { colour: theme.mono ? '#000000' : '#b3261e', width: unit * 0.09 } },
      ],
    }
  },
  cards(context, box) {
    const { theme, unit, figures } = context
    const items: Item[] = []
    for (const [i, figure] of cardsOf(context).entries()) {
      const card = { x: box.x, y: box.y + i * unit * (CARD_HEIGHT + 0.4), width: box.width, height: unit * CARD_HEIGHT }
      const { answer } = figure
      const mark = { x: card.x, y: card.y, width: unit * 0.9, height: card.height }
      const ring: At[] = [
        [mark.x, mark.y],
        [mark.x + mark.width, mark.y],
        [mark.x + mark.width, mark.y + mark.height],
        [mark.x, mark.y + mark.height],
      ]
      items.push({ kind: 'rect', ...card, fill: '#ffffff' })
      items.push(...filledWith([ring], { colour: answer.colour, shade: figure.shade, texture: answer.texture }, theme, unit))
      items.push({ kind: 'rect', ...card, stroke: { colour: figure.code === figures.focus ? theme.accent : theme.frame, width: unit * (figure.code === figures.focus ? 0.22 : 0.07) } })
      const keyWidth = widthOf(figure.key, unit * 1.15, 700) + (lightOf(figure) ? unit * 1.3 : 0)
      items.push(text(card.x + unit * 1.4, card.y + card.height / 2 + unit * 0.36, cut(figure.name, card.width - unit * 2.6 - keyWidth, unit * 0.95), { size: unit * 0.95, colour: theme.ink }))
      items.push(text(card.x + card.width - unit * 0.6, card.y + card.height / 2 + unit * 0.42, figure.key, { size: unit * 1.15, weight: 700, colour: theme.ink, anchor: 'end' }))
      const light = lightOf(figure)
      if (light) items.push(markOf(light, card.x + card.width - unit * 0.6 - widthOf(figure.key, unit * 1.15, 700) - unit * 0.75, card.y + card.height / 2, unit * 0.85, theme))
    }
    return { items }
  },
}

/** Towns beneath layers. */
const BARE = { colour: '#ffffff', shade: 0, texture: 'blank' } as const

const CARD_WIDTH = 14.5
const CARD_HEIGHT = 2.35

/** What has no shape stands as a card: the park, and the district itself. */
function cardsOf({ figures }: PageContext): UnitFigure[] {
  if (figures.layered) return []
  const shaped = new Set(figures.shapes.map(({ code }) => code))
  const unshaped = [...figures.units.filter(({ code }) => !shaped.has(code)), figures.district]
  // A page about one town has no use for the others' cards.
  return unshaped.filter(({ code, answer }) => answer.texture !== 'blank' && (figures.view.extent === 'district' || code === figures.focus))
}

function lightOf({ answer, key }: UnitFigure) {
  if (answer.light) return answer.light
  return answer.counts && answer.texture === 'plain' && key !== '' && key !== '0' && answer.share === null && answer.target === null ? ('red' as const) : null
}

function onPlate(context: PageContext, box: Box, draw: (context: PageContext, box: Box) => Drawn): Drawn {
  const { theme, unit } = context
  const inside = { x: box.x + unit * 0.8, y: box.y + unit * 0.65, width: box.width - unit * 1.6, height: box.height - unit * 1.1 }
  return { items: [{ kind: 'rect', ...box, fill: '#ffffff', stroke: { colour: theme.frame, width: unit * 0.06 }, radius: theme.mono ? 0 : unit * 0.3 }, ...draw(context, inside).items] }
}

/** Where each piece would rather be: its corner, as shares of the room. */
const HOMES: Record<Furniture, At> = { legend: [0, 1], summary: [1, 0], overview: [0, 0], cards: [1, 1], scale: [0, 1], north: [1, 0] }

interface Layout {
  placing: Placing
  pieces: { id: Furniture; box: Box }[]
}

interface Laying {
  near: Extent
  inner: Box
  box: Box
  fixed: number | null
  unit: number
  land: Land
  piecesAt: (placing: Placing) => { id: Furniture; size: { width: number; height: number } }[]
}

/** By so much the map gives way, and to which sides, where something would have to lie on the land. */
const YIELDS = [0.06, 0.12, 0.18, 0.25, 0.33].flatMap((share) => ([[1, 0], [-1, 0], [0, 1], [0, -1], [1, 1], [1, -1], [-1, 1], [-1, -1]] as const).map(([x, y]) => [x * share, y * share] as const))
/** What is covered, in square units, against a map that is smaller by its whole size, and against a piece that stands at the other end of it. */
const SMALLER = 30
const STRAYED = 1.5
/** So little spoils nothing. */
const ENOUGH = 0.3

/** The map as large as it fits, and what lies on it; smaller and to one side where the land would be covered otherwise. */
function layoutOf({ near, inner, box, fixed, unit, land, piecesAt }: Laying): Layout {
  const tried = (room: Box): Layout & { spoilt: number } => {
    const placing = placingOf(near, room, fixed)
    const view = (spot: Box) => land(viewedFrom(placing.place, spot, placing.scale))
    const pieces: Layout['pieces'] = []
    let spoilt = 0
    for (const { id, size } of piecesAt(placing)) {
      const at = quietSpot(id, size, box, pieces.map((piece) => piece.box), view, unit)
      spoilt += (view(at) * at.width * at.height) / unit ** 2 + STRAYED * Math.hypot((at.x - box.x) / Math.max(1, box.width - at.width) - HOMES[id][0], (at.y - box.y) / Math.max(1, box.height - at.height) - HOMES[id][1])
      pieces.push({ id, box: at })
    }
    return { placing, pieces, spoilt }
  }
  let best = tried(inner)
  const { scale } = best.placing
  let cost = best.spoilt
  if (fixed === null)
    for (const [x, y] of YIELDS) {
      const room = { x: inner.x + Math.max(0, x) * inner.width, y: inner.y + Math.max(0, y) * inner.height, width: inner.width * (1 - Math.abs(x)), height: inner.height * (1 - Math.abs(y)) }
      if (cost < ENOUGH) break
      const smaller = SMALLER * (placingOf(near, room, null).scale / scale - 1)
      if (smaller >= cost) continue
      const next = tried(room)
      if (next.spoilt + smaller < cost - 1e-9) [best, cost] = [next, next.spoilt + smaller]
    }
  return best
}

/** Places in a map, by shares of its room, with how far each is from a piece's home; in the middle of the map it may only stand where there is no other place. */
const STEPS = 20
function spotsFrom([x, y]: At) {
  const shares = Array.from({ length: STEPS + 1 }, (_, i) => i / STEPS)
  const all = shares.flatMap((sx) => shares.map((sy) => ({ sx, sy, far: Math.hypot(sx - x, sy - y) + Math.min(sx, 1 - sx, sy, 1 - sy) * 4 })))
  return all.sort((one, other) => one.far - other.far)
}
const SPOTS = { legend: spotsFrom(HOMES.legend), summary: spotsFrom(HOMES.summary), overview: spotsFrom(HOMES.overview), cards: spotsFrom(HOMES.cards), scale: spotsFrom(HOMES.scale), north: spotsFrom(HOMES.north) } satisfies Record<Furniture, unknown>

/** The spot along the map's edges that covers the least land, nearest to home, free of other pieces. */
function quietSpot(id: Furniture, size: { width: number; height: number }, box: Box, taken: readonly Box[], land: (spot: Box) => number, unit: number): Box {
  const gap = unit * 0.8
  const room = { x: box.width - size.width - gap * 2, y: box.height - size.height - gap * 2 }
  let best: { box: Box; cost: number } | null = null
  for (const { sx, sy, far } of SPOTS[id]) {
    // Whatever follows is further off than this one costs.
    if (best && far >= best.cost) break
    const spot = { x: box.x + gap + room.x * sx, y: box.y + gap + room.y * sy, ...size }
    if (taken.some((other) => overlap(spot, other, gap * 0.6))) continue
    const cost = far + land(spot) * 24
    if (!best || cost < best.cost - 1e-9) best = { box: spot, cost }
  }
  return best?.box ?? { x: box.x + gap, y: box.y + gap, ...size }
}

/** The share of a part of the plane that is land; on a page about one town its own counts double, and that of others hardly. */
type Land = (view: Extent) => number
const OWN = 2
const BESIDE = 0.12

/** By the shapes as they were given: an atlas asks for the same again and again, and so does whoever drags a block. */
const LANDS = new WeakMap<object, Map<string, Land>>()

function landOf(given: object, shapes: readonly { code: string; rings: Rings }[], own: string | null): Land {
  const known = LANDS.get(given) ?? new Map<string, Land>()
  LANDS.set(given, known)
  const land = known.get(own ?? '') ?? measuredLand(shapes, own)
  known.set(own ?? '', land)
  return land
}

/** Looks once where land is, in squares, and adds them up from the corner: any part is four look-ups then. */
function measuredLand(shapes: readonly { code: string; rings: Rings }[], own: string | null): Land {
  const [nx, ny] = [96, 96]
  const whole = extentOf(shapes.map(({ rings }) => rings))
  const [stepX, stepY] = [(whole.east - whole.west) / nx, (whole.north - whole.south) / ny]
  const extents = shapes.map(({ rings }) => extentOf([rings]))
  const sums = new Float64Array((nx + 1) * (ny + 1))
  for (let j = 0; j < ny; j++)
    for (let i = 0; i < nx; i++) {
      const at: At = [whole.west + (i + 0.5) * stepX, whole.south + (j + 0.5) * stepY]
      const hit = shapes.find(({ rings }, n) => {
        const { west, east, south, north } = extents[n]!
        return at[0] >= west && at[0] <= east && at[1] >= south && at[1] <= north && isInside(at, rings)
      })
      const weight = !hit ? 0 : own === null ? 1 : hit.code === own ? OWN : BESIDE
      sums[(j + 1) * (nx + 1) + i + 1] = weight + sums[j * (nx + 1) + i + 1]! + sums[(j + 1) * (nx + 1) + i]! - sums[j * (nx + 1) + i]!
    }
  const cell = (value: number, from: number, step: number, n: number) => Math.max(0, Math.min(n, Math.round((value - from) / step)))
  return ({ west, east, south, north }) => {
    const [x0, x1] = [cell(west, whole.west, stepX, nx), cell(east, whole.west, stepX, nx)]
    const [y0, y1] = [cell(south, whole.south, stepY, ny), cell(north, whole.south, stepY, ny)]
    const hits = sums[y1 * (nx + 1) + x1]! - sums[y0 * (nx + 1) + x1]! - sums[y1 * (nx + 1) + x0]! + sums[y0 * (nx + 1) + x0]!
    return (hits * stepX * stepY) / ((east - west) * (north - south))
  }
}

export function overlap(a: Box, b: Box, gap = 0): boolean {
  return a.x < b.x + b.width + gap && b.x < a.x + a.width + gap && a.y < b.y + b.height + gap && b.y < a.y + a.height + gap
}

const SHIFTS = [0, -0.3, 0.3, -0.6, 0.6, -0.9, 0.9].flatMap((dy) => [0, -0.25, 0.25, -0.5, 0.5, -0.8, 0.8].map((dx) => [dx, dy] as const)).sort((a, b) => Math.hypot(...a) - Math.hypot(...b))

/** Where a name goes that finds no place near its town: round about, further and further. */
const FAR = [1.5, 2, 2.6, 3.3, 4].flatMap((radius) => Array.from({ length: 16 }, (_, i) => [radius * Math.cos((i * Math.PI) / 8), radius * Math.sin((i * Math.PI) / 8)] as const))

/** Sizes of names, by the running text's. */
const FACTORS = [1.12, 1, 0.9, 0.8] as const

interface Name {
  shape: Placed
  figure: UnitFigure
  dim: boolean
  key: string
  light: LightColour | null
}

interface PlacedName {
  name: Name
  spot: Box
  size: number
  keyWidth: number
}

/** Names and numbers, each in its town if it fits there, else beside its place with a line to it; none over another or over a piece. */
function labelsOf({ theme, unit, figures }: PageContext, box: Box, shapes: readonly Placed[], pieces: readonly Box[], figureOf: ReadonlyMap<string, UnitFigure>): Item[] {
  const areaOf = ({ rings }: Placed) => {
    const { west, south, east, north } = extentOf([rings])
    return (east - west) * (north - south)
  }
  const focused = figures.focus !== null && shapes.some((shape) => shape.code === figures.focus)
  // The smallest towns have the least choice, and the one in question comes first.
  const names = [...shapes]
    .sort((a, b) => Number(b.code === figures.focus) - Number(a.code === figures.focus) || areaOf(a) - areaOf(b))
    .flatMap((shape): Name[] => {
      const figure = figureOf.get(shape.code)
      const [x, y] = shape.label
      if (!figure || x < box.x || x > box.x + box.width || y < box.y || y > box.y + box.height) return []
      const key = figures.layered ? '' : figure.key
      return [{ shape, figure, dim: focused && shape.code !== figures.focus, key, light: key === '' ? null : lightOf(figure) }]
    })
  // All as large as all of them find their places: a map whose towns are set in many sizes says something that it does not mean.
  const placed = FACTORS.map((factor) => placedNames(names, factor, factor === FACTORS.at(-1), box, pieces, unit)).find((all) => all !== null) ?? []
  return placed.flatMap(({ name: { shape, figure, dim, key, light }, spot, size, keyWidth }) => {
    const items: Item[] = []
    const [cx, top] = [spot.x + spot.width / 2, spot.y]
    const [lx, ly] = shape.label
    // A line leads to the place that a name stands beside.
    if (!isInside([cx, spot.y + spot.height / 2], shape.rings) && !(lx > spot.x && lx < spot.x + spot.width && ly > spot.y && ly < spot.y + spot.height))
      items.push({ kind: 'path', lines: [[shape.label, [cx, ly < spot.y ? spot.y : spot.y + spot.height]]], closed: false, stroke: { colour: theme.ink3, width: unit * 0.05 } })
    const ink = dim ? theme.ink3 : theme.ink
    items.push(text(cx, top + size * 1.02, figure.shortName, { size, weight: 700, colour: ink, anchor: 'middle', halo: '#ffffff' }))
    if (key === '') return items
    const start = cx - keyWidth / 2
    const middle = top + size * 1.85
    if (light) items.push(plate(start + size * 0.5, middle, size * 0.62), markOf(light, start + size * 0.5, middle, size * 0.85, dim ? { ...theme, light: { ...theme.light, [light]: faded(theme.light[light], 0.4) } } : theme))
    items.push(text(start + (light ? size * 1.25 : 0), middle + size * 0.42, key, { size: size * 1.12, weight: 700, colour: ink, halo: '#ffffff' }))
    return items
  })
}

/** Where names of one size stand; null: not all of them found a place in their towns. `anyhow`: those that find none stand elsewhere, and only what has no place at all is left out. */
function placedNames(names: readonly Name[], factor: number, anyhow: boolean, box: Box, pieces: readonly Box[], unit: number): PlacedName[] | null {
  const taken: Box[] = [...pieces]
  const within = (spot: Box) => spot.x >= box.x + unit * 0.3 && spot.y >= box.y + unit * 0.3 && spot.x + spot.width <= box.x + box.width - unit * 0.3 && spot.y + spot.height <= box.y + box.height - unit * 0.3
  const isFree = (spot: Box) => within(spot) && !taken.some((other) => overlap(spot, other, unit * 0.12))
  const found: PlacedName[] = []
  for (const name of names) {
    const { shape, figure, dim, key, light } = name
    const size = unit * factor * (dim ? 0.85 : 1)
    const keyWidth = key === '' ? 0 : widthOf(key, size * 1.12, 700) + (light ? size * 1.25 : 0)
    const width = Math.max(widthOf(figure.shortName, size, 700), keyWidth) + size * 0.2
    const height = size * (key === '' ? 1.3 : 2.55)
    const at = (dx: number, dy: number): Box => ({ x: shape.label[0] + dx * width - width / 2, y: shape.label[1] + dy * height - height / 2, width, height })
    const free = SHIFTS.map(([dx, dy]) => at(dx, dy * 1.2)).filter(isFree)
    let best: { spot: Box; share: number } | null = null
    for (const spot of free) {
      const share = insideShare(spot, shape.rings)
      if (share > (best?.share ?? 0)) best = { spot, share }
      if (share === 1) break
    }
    let spot = best && (best.share >= 0.55 || anyhow || dim) ? best.spot : undefined
    if (!spot) {
      if (!anyhow && !dim) return null
      spot = free[0] ?? FAR.map(([dx, dy]) => at(dx, dy)).find(isFree)
    }
    if (!spot) continue
    taken.push(spot)
    found.push({ name, spot, size, keyWidth })
  }
  return found
}

/** How much of a box lies in a shape, by nine of its places; nothing of it where its middle does not. */
function insideShare({ x, y, width, height }: Box, rings: Rings): number {
  if (!isInside([x + width / 2, y + height / 2], rings)) return 0
  const places = [0, 0.5, 1].flatMap((sy) => [0, 0.5, 1].map((sx): At => [x + sx * width, y + sy * height]))
  return places.filter((place) => isInside(place, rings)).length / places.length
}

/** The outer border: edges that only one shape has, joined to lines. */
function outlineOf(shapes: readonly Placed[]): At[][] {
  const edges = new Map<string, [At, At]>()
  const name = ([x, y]: At) => `${x.toFixed(3)} ${y.toFixed(3)}`
  for (const { rings } of shapes)
    for (const ring of rings)
      for (let i = 1; i < ring.length; i++) {
        const [from, to] = [ring[i - 1]!, ring[i]!]
        if (!edges.delete(`${name(to)} ${name(from)}`) && !edges.delete(`${name(from)} ${name(to)}`)) edges.set(`${name(from)} ${name(to)}`, [from, to])
      }
  const leaving = new Map<string, [At, At][]>()
  for (const edge of edges.values()) leaving.set(name(edge[0]), [...(leaving.get(name(edge[0])) ?? []), edge])
  const used = new Set<[At, At]>()
  const found: At[][] = []
  for (const first of edges.values()) {
    if (used.has(first)) continue
    const line = [first[0]]
    let edge: [At, At] | undefined = first
    while (edge) {
      used.add(edge)
      line.push(edge[1])
      edge = leaving.get(name(edge[1]))?.find((next) => !used.has(next))
    }
    found.push(line)
  }
  return found
}

/** What of the plane a box of the page shows. */
function viewedFrom(place: Placing['place'], box: Box, scale: number): Extent {
  const [x0, y0] = place([0, 0])
  const perMm = scale / 1000
  return { west: (box.x - x0) * perMm, east: (box.x + box.width - x0) * perMm, north: (y0 - box.y) * perMm, south: (y0 - box.y - box.height) * perMm }
}

function isPartly({ west, south, east, north }: Extent, place: Placing['place'], box: Box): boolean {
  const [left, top] = place([west, north])
  const [right, bottom] = place([east, south])
  return left < box.x || right > box.x + box.width || top < box.y || bottom > box.y + box.height
}

function ringsOf({ geometry }: TownShape): Position[][] {
  return geometry.type === 'Polygon' ? geometry.coordinates : geometry.coordinates.flat()
}

function middleLon(shapes: readonly TownShape[]): number {
  const lons = shapes.flatMap((shape) => ringsOf(shape).flatMap((ring) => ring.map(([lon]) => lon!)))
  return lons.length ? (Math.min(...lons) + Math.max(...lons)) / 2 : 120
}
