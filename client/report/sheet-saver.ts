/**
 * Saves the cells of a sheet a little after they changed: one request at a time, each cell with the version that it was made on. A cell that
 * somebody else changed meanwhile waits for a person to choose; the others are saved all the same. Knows no screen and no server.
 */

export const SHEET_SAVE_STATES = ['saved', 'waiting', 'saving', 'failed'] as const
export type SheetSaveState = (typeof SHEET_SAVE_STATES)[number]

/** What somebody else put into a cell meanwhile. */
export interface CellConflict<T> {
  version: number
  theirs: T
  by: string | null
  at: string | null
}

/** How a request went: all cells saved, with their versions; or which one stopped them all. */
export type SaveOutcome<T> =
  | { kind: 'saved'; versions: ReadonlyMap<string, number> }
  | { kind: 'conflict'; subject: string; conflict: CellConflict<T> }
  | { kind: 'refused'; subject: string; why: unknown }
  | { kind: 'failed' }

export interface CellToSave<T> {
  subject: string
  version: number
  entry: T
}

export interface SheetSaver<T> {
  /** What stands in the sheet now. */
  change(entries: Readonly<Record<string, T>>): void
  /** Saves what waits, now; resolves once nothing is under way. False: something could not be saved. */
  flush(): Promise<boolean>
  /** A person has chosen: `mine` is saved onto their version, `theirs` is what counts. */
  settle(subject: string, choice: 'mine' | 'theirs'): void
  /** What the server has now, from a fresh look: versions and contents of all cells. */
  refresh(known: ReadonlyMap<string, { version: number; entry: T }>): void
  versionOf(subject: string): number
  isDirty(subject: string): boolean
  stop(): void
}

export const SAVE_DELAY = 600
export const RETRY_DELAY = 5000

export function createSheetSaver<T>(options: {
  known: ReadonlyMap<string, { version: number; entry: T }>
  save: (cells: CellToSave<T>[]) => Promise<SaveOutcome<T>>
  same: (subject: string, a: T, b: T) => boolean
  savable: (subject: string, entry: T) => boolean
  onState: (state: SheetSaveState) => void
  onConflicts: (conflicts: ReadonlyMap<string, CellConflict<T>>) => void
  onRefused: (refused: ReadonlyMap<string, unknown>) => void
  /** Cells of one kind go in one request. */
  groupOf: (subject: string) => string
  delay?: number
  retryDelay?: number
}): SheetSaver<T> {
  const { save, same, savable, groupOf, delay = SAVE_DELAY, retryDelay = RETRY_DELAY } = options
  let known = new Map(options.known)
  let entries: Readonly<Record<string, T>> = {}
  const conflicts = new Map<string, CellConflict<T>>()
  /** What the server will not take, with the entry that it refused: another entry is tried again. */
  const refused = new Map<string, { entry: T; why: unknown }>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let running: Promise<void> | null = null
  let failed = false
  let stopped = false

  const isDirty = (subject: string) => {
    const entry = entries[subject]
    const there = known.get(subject)
    return entry !== undefined && there !== undefined && savable(subject, entry) && !same(subject, entry, there.entry)
  }
  const waiting = () =>
    Object.keys(entries).filter((subject) => {
      if (!isDirty(subject) || conflicts.has(subject)) return false
      const no = refused.get(subject)
      return !no || !same(subject, no.entry, entries[subject]!)
    })
  const tell = () => options.onState(running ? 'saving' : failed ? 'failed' : waiting().length ? 'waiting' : 'saved')
  const plan = (ms: number) => {
    clearTimeout(timer)
    if (!stopped) timer = setTimeout(() => void run(), ms)
  }

  function run(): Promise<void> {
    clearTimeout(timer)
    if (running) return running
    const subjects = waiting()
    if (subjects.length === 0) {
      tell()
      return Promise.resolve()
    }
    const group = groupOf(subjects[0]!)
    const cells = subjects.filter((subject) => groupOf(subject) === group).map((subject) => ({ subject, version: known.get(subject)!.version, entry: entries[subject]! }))
    failed = false
    running = save(cells)
      .catch((): SaveOutcome<T> => ({ kind: 'failed' }))
      .then((outcome) => {
        running = null
        take(outcome, cells)
        tell()
        if (failed) plan(retryDelay)
        else if (waiting().length) plan(0)
      })
    tell()
    return running
  }

  function take(outcome: SaveOutcome<T>, cells: CellToSave<T>[]): void {
    if (outcome.kind === 'failed') return void (failed = true)
    if (outcome.kind === 'saved') {
      for (const { subject, entry } of cells) {
        refused.delete(subject)
        known.set(subject, { version: outcome.versions.get(subject) ?? known.get(subject)!.version, entry })
      }
      return options.onRefused(whys())
    }
    const { subject } = outcome
    const mine = cells.find((cell) => cell.subject === subject)
    // Which one it was cannot be told: nothing more can be done by itself.
    if (!mine) return void (failed = true)
    if (outcome.kind === 'refused') {
      refused.set(subject, { entry: mine.entry, why: outcome.why })
      return options.onRefused(whys())
    }
    const { conflict } = outcome
    known.set(subject, { version: conflict.version, entry: conflict.theirs })
    // Both entered the same: nothing to choose.
    if (!same(subject, mine.entry, conflict.theirs)) conflicts.set(subject, conflict)
    options.onConflicts(new Map(conflicts))
  }

  const whys = () => new Map([...refused].map(([subject, { why }]) => [subject, why]))

  return {
    change(next) {
      entries = next
      if (waiting().length) plan(delay)
      if (!running) tell()
    },
    async flush() {
      while (running || (waiting().length && !failed)) await run()
      if (failed && waiting().length) {
        failed = false
        await run()
      }
      while (running) await running
      return waiting().length === 0 && conflicts.size === 0
    },
    settle(subject, choice) {
      const conflict = conflicts.get(subject)
      if (!conflict) return
      conflicts.delete(subject)
      if (choice === 'theirs') entries = { ...entries, [subject]: conflict.theirs }
      options.onConflicts(new Map(conflicts))
      if (waiting().length) plan(0)
      tell()
    },
    refresh(next) {
      const before = known
      known = new Map(next)
      for (const [subject, entry] of Object.entries(entries)) {
        const was = before.get(subject)
        const now = known.get(subject)
        if (!was || !now || was.version === now.version) continue
        // Changed on both sides: a person chooses.
        if (!same(subject, entry, was.entry) && !same(subject, entry, now.entry) && savable(subject, entry)) {
          conflicts.set(subject, { version: now.version, theirs: now.entry, by: null, at: null })
        }
      }
      for (const subject of conflicts.keys()) if (!known.has(subject)) conflicts.delete(subject)
      options.onConflicts(new Map(conflicts))
      tell()
    },
    versionOf: (subject) => known.get(subject)?.version ?? 0,
    isDirty,
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}
