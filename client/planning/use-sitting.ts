/** The drawing board in use: the sitting, its tools, the board on the map, and how it is saved. */
import { useEventListener } from '@vueuse/core'
import type { Geometry, LineString } from 'geojson'
import { computed, onBeforeUnmount, onMounted, ref, shallowRef } from 'vue'
import { faultsOf, tidied, type FeatureFault } from '../../geo/layer/check.ts'
import type { ShapeSize } from '../../geo/shape/measure.ts'
import type { Area } from '../../geo/shape/cut.ts'
import { ProblemError } from '../api.ts'
import type { Drawing, Tool } from './drawing.ts'
import { layerApi, type Edited, type LayerAnswer, type LayerFeature } from './layer-api.ts'
import type { Hit, LayerMap } from './layer-map.ts'
import { begun, changed, chosenOf, drawn, editsOf, holed, isChanged, itemOf, mergedWith, newItem, present, redone, split, stepped, undone, type Board, type Cannot, type Item } from './sitting.ts'

/** From nearer than this, the pointer is caught by what lies around. */
const CATCHING_ZOOM = 13

/** What somebody else has made of a feature meanwhile; null: it is gone. */
export interface Conflict {
  mine: Item
  theirs: LayerFeature | null
}

export function useSitting(map: LayerMap, layer: LayerAnswer, feature: LayerFeature | null) {
  const sitting = shallowRef(begun(feature ? itemOf(feature) : newItem()))
  const tool = ref<Tool>(feature?.geometry ? 'edit' : 'draw')
  const live = shallowRef<ShapeSize | null>(null)
  const cannot = ref<Cannot | null>(null)
  /** What was wrong with the chosen feature when it was to be saved. Stays as it is until it is to be saved again, so that nothing moves under the pointer. */
  const faults = shallowRef<FeatureFault[]>([])
  const busy = ref(false)
  const failure = shallowRef<Error | null>(null)
  const conflict = shallowRef<Conflict | null>(null)
  const stage = ref<'waiting' | 'ready'>('waiting')
  const board = computed(() => sitting.value.now)
  const chosen = computed(() => chosenOf(board.value))
  const changes = computed(() => board.value.items.filter(isChanged).length)
  let drawing: Drawing | null = null

  function show(): void {
    map.hide(layer.id, board.value.items.flatMap(({ id }) => id ?? [])) // prettier-ignore
    drawing?.show(present(board.value), board.value.chosen)
  }
  function take(next: Tool): void {
    tool.value = next
    cannot.value = null
    map.pick(next === 'merge')
    drawing?.use(next)
  }
  /** A step of the sitting; or why there is none. */
  function step(next: Board | Cannot, redraw = true): void {
    cannot.value = typeof next === 'string' ? next : null
    if (typeof next !== 'string' && next !== board.value) sitting.value = stepped(sitting.value, next)
    if (redraw) show()
  }
  function choose(uid: string): void {
    faults.value = []
    sitting.value = { ...sitting.value, now: { ...board.value, chosen: uid } }
    if (tool.value !== 'merge') tool.value = 'edit'
    show()
    take(tool.value)
  }
  function tookShape(by: Tool, shape: Geometry): void {
    if (by === 'draw') step(drawn(board.value, layer, shape))
    else if (by === 'split') step(split(board.value, layer, (shape as LineString).coordinates))
    else if (by === 'hole') step(holed(board.value, shape as Area))
    if (cannot.value === null) take('edit')
  }
  const put = (change: Partial<Item>, redraw = false) => chosen.value && step(changed(board.value, chosen.value.uid, change), redraw)

  /** A feature of the map that was clicked on, while one merges. */
  async function pick(hits: readonly Hit[]): Promise<void> {
    const hit = hits.find((one) => one.layer === layer.id && one.id !== chosen.value?.id)
    if (tool.value !== 'merge' || !hit) return
    try {
      step(mergedWith(board.value, await layerApi.feature(layer.id, hit.id)))
    } catch (error) {
      failure.value = error as Error
    }
  }

  /** Places that are pointed at on the map go to `work`, not to the board; null: no longer. */
  function place(work: ((at: [number, number]) => void) | null): void {
    map.place(work)
    if (work) drawing?.rest()
    else take('edit')
  }

  function undo(): void {
    if (drawing?.undo()) return
    sitting.value = undone(sitting.value)
    cannot.value = null
    show()
  }
  function redo(): void {
    if (drawing?.redo()) return
    sitting.value = redone(sitting.value)
    show()
  }

  /** Takes the chosen feature away; a new one was never there. */
  function drop(): void {
    const item = chosen.value
    if (!item) return
    const rest = item.id === null ? { ...board.value, items: board.value.items.filter(({ uid }) => uid !== item.uid) } : changed(board.value, item.uid, { gone: true })
    step({ ...rest, chosen: present(rest)[0]?.uid ?? null })
  }

  /** @returns the features as they are now; null where it could not be saved: then `failure`, `conflict` or the faults say why */
  async function save(reason: string): Promise<Edited | null> {
    faults.value = []
    const wrong = present(board.value).find((item) => isChanged(item) && faultsOf(layer, tidied(layer, item.properties), item.geometry).length > 0)
    if (wrong) {
      choose(wrong.uid)
      faults.value = faultsOf(layer, tidied(layer, wrong.properties), wrong.geometry)
      return null
    }
    busy.value = true
    failure.value = null
    try {
      return await layerApi.edit(layer.id, { ...editsOf(board.value), ...(reason.trim() ? { reason: reason.trim() } : {}) })
    } catch (error) {
      if (!(await isConflict(error))) failure.value = error as Error
      return null
    } finally {
      busy.value = false
    }
  }

  /** Looks up what the others made of it, where that is what is in the way. */
  async function isConflict(error: unknown): Promise<boolean> {
    if (!(error instanceof ProblemError)) return false
    const { type, params } = error.problem
    const isGone = type === '/problems/not-found'
    if (!isGone && type !== '/problems/version-conflict') return false
    const id = isGone ? Number(String(params.what).split('/').at(-1)) : Number(params.id)
    const mine = board.value.items.find((item) => item.id === id)
    if (!mine) return false
    const theirs = isGone ? null : await layerApi.feature(layer.id, id).catch(() => null)
    conflict.value = { mine, theirs }
    return true
  }
  /** Of a conflict: mine goes over theirs (as a new feature where theirs is gone), or theirs takes its place at the board. */
  function settle(whose: 'mine' | 'theirs'): void {
    const { mine, theirs } = conflict.value!
    conflict.value = null
    const others = board.value.items.filter(({ uid }) => uid !== mine.uid)
    const next = whose === 'theirs' ? theirs && { ...itemOf(theirs), uid: mine.uid } : theirs ? { ...mine, version: theirs.about.version, was: theirs } : mine.gone ? null : { ...mine, id: null, version: 0, was: null }
    const items = next ? board.value.items.map((item) => (item.uid === mine.uid ? next : item)) : others
    // What stands on the server is another thing now: there is no way back before it.
    sitting.value = { past: [], now: { items, chosen: next ? mine.uid : (others[0]?.uid ?? null) }, future: [] }
    show()
  }

  async function lookAround(): Promise<void> {
    const { box, zoom } = map.where()
    if (zoom < CATCHING_ZOOM || !drawing) return
    const { features } = await layerApi.around(layer.id, box).catch(() => ({ features: [] as LayerFeature[] }))
    const own = new Set(board.value.items.map(({ id }) => id))
    drawing?.around(features.flatMap(({ id, geometry }) => (geometry && !own.has(id) ? geometry : [])))
  }

  onMounted(async () => {
    const made = await map.board(layer.geometry, {
      drawn: tookShape,
      reshaped: (uid, shape) => step(changed(board.value, uid, { geometry: shape }), false),
      chosen: choose,
      live: (size) => (live.value = size),
    })
    drawing = made
    show()
    take(tool.value)
    void lookAround()
    map.onRest(() => void lookAround())
    stage.value = 'ready'
  })
  onBeforeUnmount(() => {
    if (drawing) map.putAway(drawing)
    drawing = null
  })
  useEventListener(window, 'keydown', (event) => {
    const isField = event.target instanceof HTMLElement && event.target.matches('input, textarea, select')
    if (event.key === 'Escape' && drawing?.drop()) event.stopPropagation()
    if (isField || !(event.ctrlKey || event.metaKey)) return
    const key = event.key.toLowerCase()
    if (key === 'z' && !event.shiftKey) undo()
    else if (key === 'y' || key === 'z') redo()
    else return
    event.preventDefault()
  })
  useEventListener(window, 'beforeunload', (event) => {
    if (changes.value) event.preventDefault()
  })

  return { sitting, board, chosen, tool, live, cannot, faults, busy, failure, conflict, stage, changes, take, choose, put, pick, place, undo, redo, drop, save, settle }
}
