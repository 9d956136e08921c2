/** What is being made in the studio: the request, and the page as it will be. */
import { keepPreviousData, useQuery } from '@tanstack/vue-query'
import { computed, reactive, ref, type ComputedRef, type Ref } from 'vue'
import { isLocked, isSizable, LEAST_BLOCK, type BlockChange, type BlockChanges, type BlockId } from '../../geo/snapshot/block.ts'
import { atlasPages, snapshotPage } from '../../geo/snapshot/atlas.ts'
import type { Drawing } from '../../geo/snapshot/drawing.ts'
import { basisOf, figuresOf } from '../../geo/snapshot/figures.ts'
import { tidyLayers } from '../../geo/snapshot/layers.ts'
import { DPI, FREE_PIXELS, isPaper, sizeOf, type NamedPaper, type Paper } from '../../geo/snapshot/paper.ts'
import type { Logo, OwnTemplate } from '../../geo/snapshot/own.ts'
import { pageOf } from '../../geo/snapshot/page.ts'
import { tidyChanges, type AtlasPer, type Extent, type SnapshotRequest } from '../../geo/snapshot/request.ts'
import { TEMPLATE_IDS, type TemplateId } from '../../geo/snapshot/template.ts'
import { queryClient } from '../api.ts'
import { filterTasks } from '../home/task-filter.ts'
import type { Plan } from '../plan/plan.ts'
import type { View } from '../view/view.ts'
import { pageSourcesOf } from './page-sources.ts'
import { snapshotApi } from './snapshot-api.ts'
import { logoFile } from './template-api.ts'

export interface Wishes {
  paper: NamedPaper | 'free'
  width: number
  height: number
  dpi: number
  template: TemplateId
  title: string
  subtitle: string
  notes: string
  reviewNo: string
  extent: Extent
  /** Empty: as large as it fits. */
  scale: number | ''
  /** One of the district's; null: none. */
  logo: number | null
  /** One page, or many. */
  many: 'one' | AtlasPer
}

const MOST_STEPS = 99

/** Where the code will be: three corners of it, as the rest is known only when the record is there. */
const CODE_TO_COME = Array.from({ length: 29 }, (_, y) =>
  Array.from({ length: 29 }, (_, x) => {
    const [near, far] = [2, 20]
    const corner = [
      [near, near],
      [far, near],
      [near, far],
    ].find(([cx, cy]) => x >= cx! && x < cx! + 7 && y >= cy! && y < cy! + 7)
    if (!corner) return '0'
    const ring = Math.max(Math.abs(x - corner[0]! - 3), Math.abs(y - corner[1]! - 3))
    return ring === 3 || ring <= 1 ? '1' : '0'
  }).join(''),
)

export interface Studio {
  wishes: Wishes
  changes: Ref<BlockChanges>
  paper: ComputedRef<Paper | null>
  request: ComputedRef<SnapshotRequest | null>
  /** Null while something asked for is not possible. */
  page: ComputedRef<Drawing | null>
  /** Of an atlas by task: those that the screen's filters let through; null: all. */
  tasks: ComputedRef<number[] | null>
  /** How many pages it will have. */
  pages: ComputedRef<number>
  thumbnails: ComputedRef<{ id: TemplateId; drawing: Drawing }[]>
  /** An own template as a sketch. */
  sketch(own: OwnTemplate): Drawing | null
  /** Lays the page out as an own template has it. */
  take(own: OwnTemplate): void
  change(id: BlockId, change: BlockChange): void
  move(id: BlockId, dx: number, dy: number): void
  resize(id: BlockId, dw: number, dh: number): void
  /** Nothing to go back to: null. */
  undo: ComputedRef<(() => void) | null>
  /** What is done next is a step of its own. */
  settle(): void
}

export function useStudio(plan: () => Plan | null, month: () => string, view: () => View, maker: () => string, shown: () => readonly string[], logos: () => readonly Logo[]): Studio {
  const wishes = reactive<Wishes>({
    paper: 'A4-landscape',
    width: 1920,
    height: 1080,
    dpi: DPI.usual,
    template: 'briefing',
    title: '',
    subtitle: '',
    notes: '',
    reviewNo: '',
    extent: 'district',
    scale: '',
    logo: null,
    many: 'one',
  })
  const changes = ref<BlockChanges>({})
  /** What it was before each step; a drag, a run of keys or of letters is one. */
  const steps = ref<BlockChanges[]>([])
  let step = ''
  const remember = (name: string) => {
    if (name === step) return
    step = name
    steps.value = [...steps.value.slice(-MOST_STEPS), changes.value]
  }
  const settle = () => void (step = '')
  const limited = (value: number, most: number) => Math.round(Math.max(-most, Math.min(most, value)) * 10) / 10
  /** Whose layers the preview shows: the district's, or a town's that it shows alone. */
  const layersOf = computed(() => {
    if (shown().length === 0) return null
    const of = plan()
    const first = wishes.many === 'town' ? of?.towns.find(({ code }) => of.shapes.features.some(({ properties, geometry }) => geometry && properties.code === code))?.code : wishes.many === 'one' && wishes.extent === 'town' ? view().town : null
    return of && { plan: of.year, town: first ?? null, ids: tidyLayers(shown()) }
  })
  const layers = useQuery(
    computed(() => ({
      queryKey: ['page-layers', layersOf.value],
      queryFn: () => snapshotApi.layers(layersOf.value!.plan, layersOf.value!.ids, layersOf.value!.town),
      enabled: layersOf.value !== null,
      shallow: true as const,
      placeholderData: keepPreviousData,
    })),
    queryClient,
  )
  const basis = computed(() => {
    const of = plan()
    const its = layersOf.value && layers.data.value
    return of && basisOf(pageSourcesOf(of, its ? new Map([['', its], [layersOf.value!.town ?? '', its]]) : undefined), month())
  })
  const paper = computed<Paper | null>(() => {
    if (wishes.paper !== 'free') return wishes.paper
    const { width, height } = wishes
    const free = `${Math.min(width, FREE_PIXELS.most)}x${Math.min(height, FREE_PIXELS.most)}`
    return isPaper(free) ? free : null
  })
  const request = computed<SnapshotRequest | null>(() => {
    const of = plan()
    if (!of || !paper.value) return null
    const { task, measure, town, by, lang } = view()
    const alone = of.town(town) && town !== of.district.code ? town : null
    return {
      view: {
        plan: of.year,
        month: month(),
        task: of.task(task) ? task : null,
        measure: of.task(task) ? measure : null,
        town: alone,
        by,
        lang,
        extent: alone ? wishes.extent : 'district',
        scale: wishes.scale === '' ? null : wishes.scale,
        ...(shown().length ? { layers: tidyLayers(shown()) } : {}),
      },
      paper: paper.value,
      dpi: wishes.dpi,
      template: wishes.template,
      title: wishes.title,
      subtitle: wishes.subtitle,
      notes: wishes.notes,
      reviewNo: wishes.reviewNo,
      blocks: tidyChanges(changes.value),
      ...(wishes.logo === null ? {} : { logo: wishes.logo }),
    }
  })
  const logo = computed(() => {
    const chosen = logos().find(({ id }) => id === wishes.logo)
    return chosen ? { href: logoFile(chosen.id), width: chosen.width, height: chosen.height } : null
  })
  const making = computed(() => ({ maker: maker(), link: { text: '', modules: CODE_TO_COME }, logo: logo.value }))
  const tasks = computed(() => {
    const of = plan()
    const { light, department, due, q } = view()
    if (!of || wishes.many !== 'task' || !(light || department || due || q)) return null
    const found = filterTasks(of.tasks, of.lightsAt(month()), view(), () => '').flatMap(({ rows }) => rows.map(({ task }) => task.no))
    return found.length ? found : null
  })
  const pages = computed(() => {
    if (!basis.value || wishes.many === 'one') return 1
    return 1 + (wishes.many === 'town' ? basis.value.sources.towns.length : (tasks.value ?? basis.value.sources.tasks).length)
  })
  const page = computed(() => {
    if (!basis.value || !request.value) return null
    // Of an atlas the second page says more of the others than the cover does.
    if (wishes.many === 'town') return atlasPages(basis.value, request.value, 'town', null, making.value)[1]!.drawing
    if (wishes.many === 'task') {
      const first = request.value.view.task ?? tasks.value?.[0] ?? basis.value.sources.tasks[0]!.no
      return atlasPages(basis.value, request.value, 'task', [first], making.value)[1]!.drawing
    }
    return snapshotPage(basis.value, request.value, making.value).drawing
  })
  const figures = computed(() => (basis.value && request.value ? figuresOf(basis.value, request.value.view) : null))
  const thumbnails = computed(() => {
    const [of, on] = [figures.value, paper.value]
    if (!of || !on) return []
    const options = { title: '', subtitle: '', notes: '', reviewNo: '', maker: '', blocks: {}, link: null, page: { no: 1, of: 1 } }
    return TEMPLATE_IDS.map((id) => ({ id, drawing: pageOf(of, on, id, options) }))
  })
  const sketch = ({ template, paper: on, blocks }: OwnTemplate): Drawing | null => {
    const of = figures.value
    return of && pageOf(of, on, template, { title: '', subtitle: '', notes: '', reviewNo: '', maker: '', blocks, link: null, page: { no: 1, of: 1 } })
  }
  return {
    wishes,
    changes,
    paper,
    request,
    page,
    tasks,
    pages,
    thumbnails,
    sketch,
    take({ template, paper: on, blocks, logo: its }) {
      wishes.template = template
      const free = /^(\d+)x(\d+)$/.exec(on)
      if (free) Object.assign(wishes, { paper: 'free', width: Number(free[1]), height: Number(free[2]) })
      else wishes.paper = on as NamedPaper
      wishes.logo = logos().some(({ id }) => id === its) ? its : null
      settle()
      remember('take')
      settle()
      changes.value = blocks
    },
    change(id, change) {
      if (change.hidden && isLocked(id)) return
      remember(`${id} ${Object.keys(change).join(' ')}`)
      changes.value = { ...changes.value, [id]: { ...changes.value[id], ...change } }
    },
    move(id, dx, dy) {
      const { width, height } = sizeOf(paper.value ?? 'A4-landscape', 96)
      const was = changes.value[id] ?? {}
      remember(`${id} move`)
      changes.value = { ...changes.value, [id]: { ...was, dx: limited((was.dx ?? 0) + dx, width), dy: limited((was.dy ?? 0) + dy, height) } }
    },
    resize(id, dw, dh) {
      const block = page.value?.blocks.find((one) => one.id === id)
      if (!block || !isSizable(id)) return
      const { width, height } = sizeOf(paper.value ?? 'A4-landscape', 96)
      const was = changes.value[id] ?? {}
      remember(`${id} size`)
      // No further than the page follows: what is drawn back answers at once.
      const by = (natural: number, delta: number, least: number, most: number) => (natural + delta < least ? Math.min(0, least - natural) : Math.min(delta, most - natural))
      changes.value = {
        ...changes.value,
        [id]: {
          ...was,
          dw: limited((was.dw ?? 0) + by(block.width, dw, LEAST_BLOCK.width, width - block.x), width),
          dh: limited((was.dh ?? 0) + by(block.height, dh, LEAST_BLOCK.height, height - block.y), height),
        },
      }
    },
    undo: computed(() =>
      steps.value.length === 0
        ? null
        : () => {
            changes.value = steps.value.at(-1)!
            steps.value = steps.value.slice(0, -1)
            settle()
          },
    ),
    settle,
  }
}
