/**
 * Chainage (桩号): metres along a road from its start, written K1+020, and ranges of it. What ranges cover twice counts once, and what lies past the
 * road's end does not count.
 */
export type Range = readonly [from: number, to: number]

/** `350` → K0+350, `1302.5` → K1+302.5; to a tenth of a metre. */
export function chainageWords(metres: number): string {
  const tenths = Math.round(metres * 10)
  const kilometres = Math.floor(tenths / 10_000)
  const [whole = '0', tenth] = String((tenths - kilometres * 10_000) / 10).split('.')
  return `K${kilometres}+${whole.padStart(3, '0')}${tenth ? `.${tenth}` : ''}`
}

/** K0+000–K0+350. */
export function rangeWords([from, to]: Range): string {
  return `${chainageWords(from)}–${chainageWords(to)}`
}

/** A chainage as people write it: K1+020, 1+020, k1+20.5, or plain metres; null for anything else. */
export function chainageOf(text: string): number | null {
  const plain = text.normalize('NFKC').replace(/\s+/g, '')
  const [, kilometres, metres] = /^[Kk]?(\d{1,4})\+(\d{1,3}(?:\.\d{1,3})?)$/.exec(plain) ?? []
  if (kilometres) return Number(kilometres) * 1000 + Number(metres)
  const [, alone] = /^(\d{1,7}(?:\.\d{1,3})?)(?:m|米)?$/i.exec(plain) ?? []
  return alone ? Number(alone) : null
}

/** The ranges that a text names, with any kind of dash and comma; null where it names anything else. */
export function rangesOf(text: string): [number, number][] | null {
  const pieces = text.normalize('NFKC').split(/[,、;\n]/).filter((piece) => piece.trim())
  const ranges = pieces.map((piece) => piece.split(/[-–—~至到]+/).map(chainageOf))
  return ranges.every((ends) => ends.length === 2 && ends.every((end) => end !== null)) ? (ranges as [number, number][]) : null
}

/** The same stretches in order, each once. */
export function unionOf(ranges: readonly Range[]): Range[] {
  const union: [number, number][] = []
  for (const [from, to] of [...ranges].sort(([a], [b]) => a - b)) {
    const last = union.at(-1)
    if (last && from <= last[1]) last[1] = Math.max(last[1], to)
    else union.push([from, to])
  }
  return union
}

/** What both cover. */
export function commonOf(a: readonly Range[], b: readonly Range[]): Range[] {
  const others = unionOf(b)
  return unionOf(a).flatMap(([from, to]) => others.map(([start, end]): Range => [Math.max(from, start), Math.min(to, end)]).filter(([start, end]) => start < end))
}

/** What the first cover and the others do not. */
export function withoutRanges(ranges: readonly Range[], gone: readonly Range[]): Range[] {
  return unionOf(gone).reduce((left, [start, end]) => left.flatMap(([from, to]): Range[] => [[from, Math.min(to, start)], [Math.max(from, end), to]]).filter(([from, to]) => from < to), unionOf(ranges)) // prettier-ignore
}

/** Metres, all ranges together, each metre once. */
export function metresOf(ranges: readonly Range[]): number {
  return unionOf(ranges).reduce((sum, [from, to]) => sum + to - from, 0)
}

/** How far a range may pass the end of what is drawn: chainage is read off in whole metres, and a line is drawn to about a thousandth of its length. */
export function slackOf(length: number): number {
  return 1 + length / 1000
}

/** The first range that runs past the road's end by more than the slack. */
export function pastEnd(ranges: readonly Range[], length: number): Range | undefined {
  return ranges.find(([, to]) => to > length + slackOf(length))
}

/** Ranges of a road as they stand on a piece of it that begins at `from` and is `long` metres long. */
export function rangesWithin(ranges: readonly Range[], from: number, long: number): [number, number][] {
  const tenth = (metres: number) => Math.round(metres * 10) / 10
  return commonOf(ranges, [[from, from + long]]).map(([a, b]): [number, number] => [tenth(a - from), tenth(b - from)]).filter(([a, b]) => a < b)
}
