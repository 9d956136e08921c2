/** Where names stand so that none covers another. Pure. */

export interface LabelBox {
  id: string
  /** Where the middle of the label should be, in pixels. */
  x: number
  y: number
  width: number
  height: number
  /** The height when only the name is shown, where there is no room for more. */
  lowHeight: number
  /** Whoever has more is placed first and so keeps its place. */
  weight: number
}

export interface PlacedLabel {
  id: string
  x: number
  y: number
  /** There was no free place for the whole: only the name fits (or not even that). */
  crowded: boolean
}

/** Tried in this order, in parts of the label's own size: on the spot, then a little aside, up and down first (a town is wider than a line). */
const SHIFTS = [0, -0.45, 0.45, -0.8, 0.8].flatMap((dy) => [0, -0.3, 0.3].map((dx) => [dx, dy] as const))
  .sort((a, b) => Math.hypot(...a) - Math.hypot(...b)) // prettier-ignore

/** Places labels one after the other; one that finds no free place tries with its name alone, and if need be stands where it should. */
export function placeLabels(boxes: readonly LabelBox[], gap = 2): PlacedLabel[] {
  const taken: LabelBox[] = []
  const placed = new Map<string, PlacedLabel>()
  for (const box of [...boxes].sort((a, b) => b.weight - a.weight)) {
    const free = (height: number) =>
      SHIFTS.map(([dx, dy]) => ({ ...box, height, x: box.x + dx * box.width, y: box.y + dy * box.height })).find(
        (tried) => taken.every((other) => !overlap(tried, other, gap)),
      )
    const whole = free(box.height)
    const spot = whole ?? free(box.lowHeight) ?? { ...box, height: box.lowHeight }
    taken.push(spot)
    placed.set(box.id, { id: box.id, x: spot.x, y: spot.y, crowded: !whole })
  }
  return boxes.map(({ id }) => placed.get(id)!)
}

function overlap(a: LabelBox, b: LabelBox, gap: number): boolean {
  return (
    Math.abs(a.x - b.x) * 2 < a.width + b.width + gap * 2 && Math.abs(a.y - b.y) * 2 < a.height + b.height + gap * 2
  )
}

export const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] } as const
export type Arrow = keyof typeof ARROWS

/** The label that an arrow key leads to: the nearest within the quarter that the arrow points to; null at the edge. */
export function neighbour(labels: readonly PlacedLabel[], from: string, arrow: Arrow): string | null {
  const start = labels.find(({ id }) => id === from)
  if (!start) return labels[0]?.id ?? null
  const [ax, ay] = ARROWS[arrow]
  const ahead = labels.flatMap((label) => {
    const [dx, dy] = [label.x - start.x, label.y - start.y]
    const along = dx * ax + dy * ay
    const aside = Math.abs(dx * ay) + Math.abs(dy * ax)
    // Straight ahead counts more than near but far to the side.
    return along > 1 && aside <= along * 1.4 ? [{ id: label.id, cost: along + aside * 1.5 }] : []
  })
  return ahead.sort((a, b) => a.cost - b.cost)[0]?.id ?? null
}
