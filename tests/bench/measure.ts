/** Two things timed side by side. Absolute times drift with the machine; what holds is how many times one takes as long as the other. */

export interface Side {
  label: string
  run: () => unknown
}

export interface Comparison {
  name: string
  /** The thing measured, and what it is held against. */
  side: { label: string; microseconds: number }
  against: { label: string; microseconds: number }
  /** Time of the thing ÷ time of what it is held against: median of the rounds' ratios, with the lowest and highest. */
  ratio: { median: number; low: number; high: number }
}

const ROUNDS = 15
/** Long enough that the clock's grain and one garbage collection do not decide a round. */
const ROUND_MS = 60

/**
 * Times two sides in rounds that take turns, each beginning every other time, after a warm-up that also finds how often a round repeats.
 */
export async function compare(name: string, side: Side, against: Side): Promise<Comparison> {
  const sides = [side, against]
  const repeats: number[] = []
  for (const { run } of sides) repeats.push(await repeatsFor(run))
  const times: [number[], number[]] = [[], []]
  for (let round = 0; round < ROUNDS; round++) {
    for (const i of round % 2 ? ([1, 0] as const) : ([0, 1] as const)) {
      times[i].push(await timeOf(sides[i]!.run, repeats[i]!))
    }
  }
  const ratios = times[0].map((time, round) => time / times[1][round]!)
  return {
    name,
    side: { label: side.label, microseconds: median(times[0]) },
    against: { label: against.label, microseconds: median(times[1]) },
    ratio: { median: median(ratios), low: Math.min(...ratios), high: Math.max(...ratios) },
  }
}

/** How many runs fill a round; runs at least that long first, to warm up. */
async function repeatsFor(run: Side['run']): Promise<number> {
  for (let repeats = 1; ; repeats *= 2) {
    const microseconds = await timeOf(run, repeats)
    if (microseconds * repeats >= ROUND_MS * 1000) return Math.max(1, Math.ceil((ROUND_MS * 1000) / microseconds))
  }
}

/** Microseconds for one run, over a number of them. */
async function timeOf(run: Side['run'], repeats: number): Promise<number> {
  const start = performance.now()
  for (let i = 0; i < repeats; i++) {
    const result = run()
    if (result instanceof Promise) await result
  }
  return ((performance.now() - start) * 1000) / repeats
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** The comparisons as a table for the terminal. */
export function table(comparisons: readonly Comparison[]): string {
  const time = (microseconds: number) =>
    microseconds < 1000 ? `${microseconds.toFixed(0)} µs` : `${(microseconds / 1000).toFixed(2)} ms`
  const head = ['what', 'takes', 'against', 'takes', 'ratio', 'lowest…highest']
  const rows = comparisons.map(({ name, side, against, ratio }) => [
    `${name}: ${side.label}`,
    time(side.microseconds),
    against.label,
    time(against.microseconds),
    ratio.median.toFixed(2),
    `${ratio.low.toFixed(2)}…${ratio.high.toFixed(2)}`,
  ])
  const widths = head.map((cell, i) => Math.max(cell.length, ...rows.map((row) => row[i]!.length)))
  const line = (cells: string[]) =>
    cells.map((cell, i) => ([1, 3, 4].includes(i) ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!))).join('  ')
  return [line(head), line(widths.map((width) => '─'.repeat(width))), ...rows.map(line)].join('\n')
}
