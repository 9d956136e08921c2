/** Which features of a file may meet each other, by the boxes around them. */
import Flatbush from 'flatbush'

/** Features with numbers above `from` up to `until` (the first is 1), and pairs of one of them with an earlier one that may be the same or lie over it. */
export interface Span {
  from: number
  until: number
  ones: number[]
  others: number[]
}

/** Features in one span at most, and pairs before it ends. */
const SPAN = 10_000
const PAIRS = 20_000
/**
 * Earlier features that one is held against at most. Whoever really meets so many is found out by far fewer; without a bound a file of one shape over
 * and over would have as many pairs as the square of its features.
 */
export const MOST_PAIRS_OF_ONE = 200

/** Boxes of features in the order of the file, with the class of each; west, south, east, north in any unit. */
export class Boxes {
  readonly #isArea: boolean
  #edges = new Float64Array(4 * 1024)
  readonly #classes: string[] = []

  /** @param isArea areas of one class may overlap; everything else is only ever the same, and so are areas of two classes */
  constructor(isArea: boolean) {
    this.#isArea = isArea
  }

  /** The next feature; without a shape it meets nothing. */
  add(box: readonly [number, number, number, number] | null, ofClass: string): void {
    const at = this.#classes.push(ofClass) * 4 - 4
    if (at === this.#edges.length) {
      const longer = new Float64Array(at * 2)
      longer.set(this.#edges)
      this.#edges = longer
    }
    if (box) this.#edges.set(box, at)
    else this.#edges.fill(NaN, at, at + 4)
  }

  /** All features span by span, in their order, also where nothing meets. */
  *spans(): Iterable<Span> {
    const count = this.#classes.length
    const index = this.#indexed()
    let span: Span = { from: 0, until: 0, ones: [], others: [] }
    for (let i = 0; i < count; i++) {
      for (const other of index ? this.#earlier(index, i) : []) {
        span.ones.push(i + 1)
        span.others.push(other + 1)
      }
      span.until = i + 1
      if (span.until - span.from < SPAN && span.ones.length < PAIRS) continue
      yield span
      span = { from: span.until, until: span.until, ones: [], others: [] }
    }
    if (span.until > span.from) yield span
  }

  #indexed(): { tree: Flatbush; numbers: number[] } | null {
    const numbers = this.#classes.flatMap((_, i) => (Number.isNaN(this.#edges[i * 4]!) ? [] : [i]))
    if (numbers.length < 2) return null
    const tree = new Flatbush(numbers.length)
    for (const i of numbers) tree.add(this.#edges[i * 4]!, this.#edges[i * 4 + 1]!, this.#edges[i * 4 + 2]!, this.#edges[i * 4 + 3]!)
    tree.finish()
    return { tree, numbers }
  }

  #earlier({ tree, numbers }: { tree: Flatbush; numbers: number[] }, i: number): number[] {
    const edges = this.#edges
    const [west, south, east, north] = [edges[i * 4]!, edges[i * 4 + 1]!, edges[i * 4 + 2]!, edges[i * 4 + 3]!]
    if (Number.isNaN(west)) return []
    let found = 0
    const isSame = (j: number) => edges[j * 4] === west && edges[j * 4 + 1] === south && edges[j * 4 + 2] === east && edges[j * 4 + 3] === north
    // Side by side is not over each other.
    const overlaps = (j: number) => edges[j * 4]! < east && edges[j * 4 + 2]! > west && edges[j * 4 + 1]! < north && edges[j * 4 + 3]! > south
    const may = (at: number) => {
      const j = numbers[at]!
      return j < i && found < MOST_PAIRS_OF_ONE && (isSame(j) || (this.#isArea && this.#classes[j] === this.#classes[i] && overlaps(j))) && ++found > 0
    }
    return tree.search(west, south, east, north, may).map((at) => numbers[at]!).sort((a, b) => a - b)
  }
}
