/**
 * A sheet that is being filled in: what stands in it, undo and redo, saving by itself, what others changed meanwhile, and handing in. What the
 * server does not have yet is kept in this browser too, so that neither a reload nor a lost connection loses it.
 */
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import { useEventListener } from '@vueuse/core'
import type { Task } from '../../geo/plan/plan.ts'
import { queryClient } from '../api.ts'
import { recordStep, redoStep, startHistory, undoStep, type History } from '../task-list/history.ts'
import { actOnCells, fetchSheet, saveCells, type Sheet, type SheetAct, type SheetAddress } from './sheet-api.ts'
import { cellsOf, entryOf, isHandedIn, isReady, isSavable, isWritable, sameEntry, type Entries, type Entry, type SheetCell } from './sheet-cells.ts'
import { createSheetSaver, type CellConflict, type SheetSaver, type SheetSaveState } from './sheet-saver.ts'

const EMPTY: Entry = { text: '', words: '', answers: [] }
/** The same as no entry that anybody could have made. */
const UNLIKE: Entry = { text: '\u0000', words: '\u0000', answers: [] }

/** What was typed and not yet saved, as this browser keeps it. */
type Kept = Record<string, { version: number; entry: Entry }>

export interface UseSheetOptions {
  at: SheetAddress
  /** Whose unsaved entries are kept apart on a shared machine. */
  account: string
  first: Sheet
  taskOf: (no: number) => Task | undefined
}

export function useSheet({ at, account, first, taskOf }: UseSheetOptions) {
  const sheet = shallowRef(first)
  const cells = computed(() => cellsOf(sheet.value, taskOf))
  const bySubject = computed(() => new Map(cells.value.map((cell) => [cell.subject, cell])))
  const cellOf = (subject: string) => bySubject.value.get(subject)!

  const fromServer = () => Object.fromEntries(cells.value.map((cell) => [cell.subject, entryOf(cell)])) as Entries
  const history = shallowRef<History<Entries>>(startHistory(fromServer()))
  const entries = computed(() => history.value.present)
  const entry = (cell: SheetCell): Entry => (isWritable(cell) ? (entries.value[cell.subject] ?? EMPTY) : entryOf(cell))

  const state = ref<SheetSaveState>('saved')
  const savedAt = ref<Date | null>(null)
  const conflicts = shallowRef<ReadonlyMap<string, CellConflict<Entry>>>(new Map())
  const refused = shallowRef<ReadonlyMap<string, unknown>>(new Map())
  const known = () => new Map(cells.value.map((cell) => [cell.subject, { version: cell.row.version, entry: entryOf(cell) }]))

  const name = `xiangtu-sheet-${account}-${at.year}-${at.month}-${at.town}`
  const saver: SheetSaver<Entry> = createSheetSaver<Entry>({
    known: known(),
    save: async (some) => {
      const outcome = await saveCells(at, some, cellOf)
      if (outcome.kind === 'saved') savedAt.value = new Date()
      return outcome
    },
    same: (subject, a, b) => sameEntry(cellOf(subject), a, b),
    savable: (subject, e) => bySubject.value.has(subject) && isSavable(cellOf(subject), e),
    groupOf: (subject) => cellOf(subject).kind,
    onState: (next) => {
      state.value = next
      keep()
    },
    onConflicts: (next) => void (conflicts.value = next),
    onRefused: (next) => void (refused.value = next),
  })
  watch(entries, (next) => saver.change(next), { flush: 'sync' })

  function keep(): void {
    const kept: Kept = {}
    for (const cell of cells.value) {
      const mine = entries.value[cell.subject]
      if (mine && isWritable(cell) && !sameEntry(cell, mine, entryOf(cell)) && (saver.isDirty(cell.subject) || !isSavable(cell, mine))) {
        kept[cell.subject] = { version: saver.versionOf(cell.subject), entry: mine }
      }
    }
    store(name, Object.keys(kept).length ? JSON.stringify(kept) : null)
  }

  /** What this browser kept from a visit that ended before it was saved. */
  function restore(): number {
    const kept = parse(stored(name))
    const back = Object.entries(kept).filter(([subject, { entry: mine }]) => {
      const cell = bySubject.value.get(subject)
      return cell && isWritable(cell) && !sameEntry(cell, mine, entryOf(cell))
    })
    if (back.length === 0) return 0
    // Those that somebody else changed since look as if both had just typed, so that a person chooses.
    const before = known()
    for (const [subject, { version }] of back) if (version !== before.get(subject)!.version) before.set(subject, { version, entry: UNLIKE })
    const newest = known()
    saver.refresh(before)
    history.value = recordStep(history.value, { ...entries.value, ...Object.fromEntries(back.map(([subject, { entry: mine }]) => [subject, mine])) })
    saver.refresh(newest)
    return back.length
  }

  function edit(changes: Readonly<Record<string, Partial<Entry>>>): void {
    const next: Record<string, Entry> = { ...entries.value }
    let changed = false
    for (const [subject, change] of Object.entries(changes)) {
      const cell = bySubject.value.get(subject)
      if (!cell || !isWritable(cell)) continue
      const before = next[subject] ?? EMPTY
      const after = { ...before, ...change }
      if (JSON.stringify(after) === JSON.stringify(before)) continue
      next[subject] = after
      changed = true
    }
    if (changed) history.value = recordStep(history.value, next)
  }

  /** Typing goes on in one step as long as it is the same field of the same cell. */
  let typing: string | null = null
  function type(subject: string, field: 'text' | 'words', text: string): void {
    const mark = `${subject} ${field}`
    if (typing === mark && history.value.past.length) {
      const now = history.value.present
      history.value = { ...history.value, present: { ...now, [subject]: { ...(now[subject] ?? EMPTY), [field]: text } }, future: [] }
      return
    }
    edit({ [subject]: { [field]: text } })
    typing = mark
  }
  const endTyping = () => void (typing = null)

  function settle(subject: string, choice: 'mine' | 'theirs'): void {
    const conflict = conflicts.value.get(subject)
    if (!conflict) return
    endTyping()
    saver.settle(subject, choice)
    if (choice === 'theirs') edit({ [subject]: conflict.theirs })
  }

  /** Looks what the server has now. What was not touched here follows; what was changed on both sides waits for a choice. */
  async function refresh(): Promise<void> {
    const next = await fetchSheet(at)
    const clean = cells.value.filter((cell) => !saver.isDirty(cell.subject) && isSavableNow(cell)).map(({ subject }) => subject)
    sheet.value = next
    const fresh = fromServer()
    const taken = Object.fromEntries(
      cells.value.flatMap((cell) => (clean.includes(cell.subject) || !(cell.subject in entries.value) ? [[cell.subject, fresh[cell.subject]!]] : [])),
    )
    const differs = Object.entries(taken).some(([subject, e]) => !entries.value[subject] || !sameEntry(cellOf(subject), e, entries.value[subject]!))
    saver.refresh(known())
    if (differs) history.value = { ...history.value, present: { ...entries.value, ...taken } }
    keep()
  }
  const isSavableNow = (cell: SheetCell) => !isWritable(cell) || isSavable(cell, entries.value[cell.subject] ?? EMPTY)

  /** Hands cells in, takes them back, approves or returns them; everything typed is saved first. */
  async function act(which: SheetAct, some: readonly SheetCell[], reason?: string): Promise<void> {
    endTyping()
    await saver.flush()
    const ready = some.filter(({ subject }) => !conflicts.value.has(subject) && !refused.value.has(subject))
    try {
      await actOnCells(at, which, ready.map((cell) => ({ cell, version: saver.versionOf(cell.subject) })), reason)
    } finally {
      await refresh()
      void queryClient.invalidateQueries({ queryKey: ['progress', at.year] })
    }
  }

  useEventListener(window, 'focus', () => void refresh().catch(() => {}))
  useEventListener(window, 'beforeunload', (event: BeforeUnloadEvent) => {
    keep()
    if (state.value === 'waiting' || state.value === 'saving') {
      void saver.flush()
      event.preventDefault()
    }
  })
  onScopeDispose(() => {
    keep()
    void saver.flush().finally(() => saver.stop())
  })

  const ready = computed(() => cells.value.filter((cell) => isReady(cell, entry(cell)) && cell.row.state !== 'submitted' && !conflicts.value.has(cell.subject) && !refused.value.has(cell.subject)))
  return {
    sheet,
    cells,
    entry,
    state,
    savedAt,
    conflicts,
    refused,
    ready,
    handedIn: computed(() => cells.value.filter(isHandedIn).length),
    canUndo: computed(() => history.value.past.length > 0),
    canRedo: computed(() => history.value.future.length > 0),
    undo: () => {
      endTyping()
      history.value = undoStep(history.value)
    },
    redo: () => {
      endTyping()
      history.value = redoStep(history.value)
    },
    edit: (changes: Readonly<Record<string, Partial<Entry>>>) => {
      endTyping()
      edit(changes)
    },
    type,
    endTyping,
    settle,
    refresh,
    restore,
    act,
    flush: () => saver.flush(),
  }
}
export type UseSheet = ReturnType<typeof useSheet>

function stored(name: string): string | null {
  try {
    return localStorage.getItem(name)
  } catch {
    return null
  }
}

function store(name: string, text: string | null): void {
  try {
    if (text === null) localStorage.removeItem(name)
    else localStorage.setItem(name, text)
  } catch {
    // Full or forbidden: the server's copy is the one that counts.
  }
}

function parse(text: string | null): Kept {
  try {
    const kept = JSON.parse(text ?? '{}') as Kept
    const sound = ({ version, entry }: Partial<Kept[string]>) => Number.isInteger(version) && typeof entry?.text === 'string' && typeof entry.words === 'string' && Array.isArray(entry.answers)
    return Object.fromEntries(Object.entries(kept).filter(([, one]) => sound(one)))
  } catch {
    return {}
  }
}
