/**
 * A draft under review: what was read, what was corrected since, undo and redo, and saving with the version that was read. Corrections that
 * the server does not have yet are kept in this browser too, so that neither a reload nor a lost connection loses them.
 */
import { computed, onScopeDispose, ref, shallowRef } from 'vue'
import type { Correction } from '../../geo/task-list/corrections.ts'
import { createAutosave } from './autosave.ts'
import type { SaveResult, SaveState } from './autosave.ts'
import { recordStep, redoStep, startHistory, undoStep } from './history.ts'
import { mergeEdits } from './merge.ts'
import type { Merge, ReviewEdits } from './merge.ts'

export type Edits = ReviewEdits<Correction>

/** What the other one saved meanwhile, and what would come of putting mine onto it. */
export interface Conflict {
  version: number
  theirs: Edits
  merge: Merge<Correction>
}

export interface DraftServer {
  save(version: number, edits: Edits): Promise<SaveResult>
  load(): Promise<{ version: number } & Edits>
}

export interface DraftStore {
  get(): string | null
  set(text: string | null): void
}

/** This browser's keeping place for one draft's unsaved corrections; without storage (private windows) nothing is kept. */
export function browserStore(id: number): DraftStore {
  const name = `xiangtu-draft-${id}`
  return {
    get() {
      try {
        return localStorage.getItem(name)
      } catch {
        return null
      }
    },
    set(text) {
      try {
        if (text === null) localStorage.removeItem(name)
        else localStorage.setItem(name, text)
      } catch {
        // Full or forbidden: the server's copy is the one that counts.
      }
    },
  }
}

export interface DraftRules {
  /** Takes out corrections that can no longer be made. */
  prune?: (corrections: readonly Correction[]) => Correction[]
  clock?: () => Date
}

export function useDraft(
  draft: { version: number } & Edits,
  server: DraftServer,
  store: DraftStore,
  rules: DraftRules = {},
) {
  const { prune = (corrections) => [...corrections], clock = () => new Date() } = rules
  const pick = ({ corrections, confirmed }: Edits): Edits => ({ corrections, confirmed })
  const history = shallowRef(startHistory(pick(draft)))
  const edits = computed(() => history.value.present)
  const state = ref<SaveState>('saved')
  const savedAt = ref<Date | null>(null)
  const conflict = shallowRef<Conflict | null>(null)
  /** What the server had when we last agreed with it. */
  let base = pick(draft)

  const autosave = createAutosave<Edits>({
    version: draft.version,
    async save(version, value) {
      const result = await server.save(version, value)
      if (result.ok) {
        base = value
        savedAt.value = clock()
        if (edits.value === value) store.set(null)
      } else if (result.reason === 'conflict') await openConflict()
      return result
    },
    onState: (next) => void (state.value = next),
  })
  onScopeDispose(() => {
    void autosave.flush().finally(() => autosave.stop())
  })

  async function openConflict() {
    const theirs = await server.load()
    conflict.value = { version: theirs.version, theirs: pick(theirs), merge: mergeEdits(base, edits.value, theirs) }
  }

  function become(next: typeof history.value) {
    if (next === history.value) return
    history.value = next
    store.set(JSON.stringify({ base, edits: next.present }))
    autosave.change(next.present)
  }

  function correct(path: string, read: unknown, corrected: unknown, reason: string) {
    const others = edits.value.corrections.filter((c) => c.path !== path)
    const at = clock().toISOString()
    // Correcting back to what was read is no correction.
    const corrections = same(read, corrected) ? others : [...others, { path, read, corrected, reason, at }]
    become(recordStep(history.value, { ...edits.value, corrections }))
  }

  function takeBack(path: string) {
    become(
      recordStep(history.value, {
        ...edits.value,
        corrections: prune(edits.value.corrections.filter((c) => c.path !== path)),
      }),
    )
  }

  function confirm(keys: readonly string[], confirmed: boolean) {
    const rest = edits.value.confirmed.filter((key) => !keys.includes(key))
    become(recordStep(history.value, { ...edits.value, confirmed: confirmed ? [...rest, ...keys] : rest }))
  }

  /** Decides a conflict: `merged` puts mine onto theirs, `theirs` gives mine up. */
  function decide(choice: 'merged' | 'theirs') {
    if (!conflict.value) return
    const { version, theirs } = conflict.value
    const merged = mergeEdits(base, edits.value, theirs).merged
    merged.corrections = prune(merged.corrections)
    conflict.value = null
    base = theirs
    history.value = recordStep(history.value, choice === 'theirs' ? theirs : merged)
    store.set(choice === 'theirs' ? null : JSON.stringify({ base, edits: merged }))
    autosave.settle(version, choice === 'theirs' ? null : merged)
  }

  /** What this browser kept from a visit that ended before it was saved goes on top of what the server has. */
  function restore(): boolean {
    const kept = parse(store.get())
    if (!kept) return false
    const { merged } = mergeEdits(kept.base, kept.edits, edits.value)
    merged.corrections = prune(merged.corrections)
    if (same(pick(merged), edits.value)) {
      store.set(null)
      return false
    }
    become(recordStep(history.value, merged))
    return true
  }

  return {
    edits,
    state,
    savedAt,
    conflict,
    canUndo: computed(() => history.value.past.length > 0),
    canRedo: computed(() => history.value.future.length > 0),
    undo: () => become(undoStep(history.value)),
    redo: () => become(redoStep(history.value)),
    correct,
    takeBack,
    confirm,
    decide,
    restore,
    flush: () => autosave.flush(),
    version: () => autosave.version,
  }
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

function parse(text: string | null): { base: Edits; edits: Edits } | null {
  if (!text) return null
  try {
    const kept = JSON.parse(text) as { base?: Partial<Edits>; edits?: Partial<Edits> }
    const whole = (e?: Partial<Edits>) =>
      Array.isArray(e?.corrections) && Array.isArray(e?.confirmed) ? (e as Edits) : null
    const [base, edits] = [whole(kept.base), whole(kept.edits)]
    return base && edits ? { base, edits } : null
  } catch {
    return null
  }
}
