/** An atlas: a cover with the district and an index, then the same view once for each town or task. Pure. */
import type { PageLogo } from './context.ts'
import { pageOf, type PageOptions } from './page.ts'
import type { Drawing } from './drawing.ts'
import { figuresOf, type Figures, type FigureTable, type PageBasis } from './figures.ts'
import type { AtlasPer, SnapshotRequest, SnapshotView } from './request.ts'
import { PAGE_WORDS } from './words.ts'
import { LIGHTS } from '../light/light.ts'
import { countLights, worst } from '../light/task-light.ts'
import { formatMonth } from '../number/in-words.ts'

export interface DrawnPage {
  /** For the file's name and the index: `01-赵巷镇`. */
  name: string
  figures: Figures
  drawing: Drawing
}

export interface PageMaking {
  maker: string
  link: PageOptions['link']
  logo?: PageLogo | null
}

/** The one page of a snapshot. */
export function snapshotPage(basis: PageBasis, request: SnapshotRequest, making: PageMaking, page: PageOptions['page'] = { no: 1, of: 1 }): DrawnPage {
  const figures = figuresOf(basis, request.view)
  return { name: figures.title, figures, drawing: pageOf(figures, request.paper, request.template, optionsOf(request, figures, basis, { ...making, page })) }
}

/** A page about one unit, as an atlas and a dispatch pack have it. */
export function townPage(basis: PageBasis, request: SnapshotRequest, view: SnapshotView, making: PageMaking, page: PageOptions['page']): DrawnPage {
  return { ...snapshotPage(basis, { ...request, view }, making, page), name: nameOf(basis, view, 'town') }
}

/** What each page of an atlas is about: towns in the district's order, or tasks in the list's. */
export function atlasViews({ sources }: Pick<PageBasis, 'sources'>, view: SnapshotView, per: AtlasPer, tasks: readonly number[] | null): SnapshotView[] {
  if (per === 'task') return sources.tasks.filter(({ no }) => !tasks || tasks.includes(no)).map(({ no }) => ({ ...view, task: no, measure: null, town: null, extent: 'district' }))
  const shaped = new Set(sources.shapes.map(({ code }) => code))
  return sources.towns.map(({ code }) => ({ ...view, town: code, extent: shaped.has(code) ? 'town' : 'district' }))
}

/** The pages of an atlas one by one, so that whoever draws them can do something else in between; the cover, which counts the others, comes last. */
export function* pagesOfAtlas(basis: PageBasis, request: SnapshotRequest, per: AtlasPer, tasks: readonly number[] | null, making: PageMaking): Generator<DrawnPage> {
  const views = atlasViews(basis, request.view, per, tasks)
  const of = views.length + 1
  const pages: DrawnPage[] = []
  for (const [i, view] of views.entries()) {
    const figures = figuresOf(basis, view)
    const drawing = pageOf(figures, request.paper, request.template, optionsOf(request, figures, basis, { ...making, page: { no: i + 2, of } }))
    const page = { name: `${String(i + 2).padStart(2, '0')}-${nameOf(basis, view, per)}`, figures, drawing }
    pages.push(page)
    yield page
  }
  yield coverOf(basis, request, per, pages, { ...making, of })
}

/** All pages of an atlas, the cover first. */
export function atlasPages(...given: Parameters<typeof pagesOfAtlas>): DrawnPage[] {
  return coverFirst([...pagesOfAtlas(...given)])
}

export function coverFirst(pages: readonly DrawnPage[]): DrawnPage[] {
  return [...pages.slice(-1), ...pages.slice(0, -1)]
}

/** The district, with every page's number and counts in the table's place. */
function coverOf(basis: PageBasis, request: SnapshotRequest, per: AtlasPer, pages: readonly DrawnPage[], { of, ...making }: PageMaking & { of: number }): DrawnPage {
  const view: SnapshotView = { ...request.view, town: null, extent: 'district', scale: null, ...(per === 'task' ? { task: null, measure: null } : {}) }
  const words = PAGE_WORDS[view.lang]
  const figures = figuresOf(basis, view)
  const index: Figures = {
    ...figures,
    subtitle: `${words.cover}${view.lang === 'en' ? ', ' : ' · '}${formatMonth(view.month, view.lang)}`,
    table: per === 'town' ? townIndex(basis, pages, view) : taskIndex(pages, view),
  }
  const options = optionsOf({ ...request, title: '', subtitle: '' }, index, basis, { ...making, page: { no: 1, of } })
  const template = request.template === 'mono' ? 'mono' : per === 'town' ? 'briefing' : 'figures'
  const blocks = { ...options.blocks, table: { heading: words.index }, troubles: { hidden: true } }
  return { name: `01-${words.cover}`, figures: index, drawing: pageOf(index, request.paper, template, { ...options, blocks }) }
}

/** Each town with its counts. */
function townIndex(basis: PageBasis, pages: readonly DrawnPage[], view: SnapshotView): FigureTable {
  const words = PAGE_WORDS[view.lang]
  const order = ['red', 'yellow', 'green'] as const
  return {
    columns: [{ title: words.unit, anchor: 'start', grow: 1 }, ...order.map((light) => ({ title: words.light[light], anchor: 'end' as const, grow: 0 })), { title: words.pageColumn, anchor: 'end', grow: 0 }],
    rows: pages.map(({ name, figures: { focus } }, i) => {
      const counts = countLights(basis.now.ofTown(focus ?? '').filter(({ task }) => view.task === null || task === view.task))
      return { cells: [{ text: name.slice(3) }, ...order.map((light) => ({ text: String(counts[light]) })), { text: String(i + 2) }], strong: false }
    }),
  }
}

/** Tasks are many: side by side, each with its worst light. */
function taskIndex(pages: readonly DrawnPage[], view: SnapshotView): FigureTable {
  const words = PAGE_WORDS[view.lang]
  const groups = Math.max(1, Math.ceil(pages.length / INDEX_ROWS))
  const rows = Math.ceil(pages.length / groups)
  const entry = (page: DrawnPage | undefined, no: number) =>
    page ? [{ text: page.name.slice(page.name.indexOf('-') + 1), light: worst(LIGHTS.filter((light) => page.figures.counts[light] > 0)) }, { text: String(no) }] : [{ text: '' }, { text: '' }]
  return {
    columns: Array.from({ length: groups }, () => [
      { title: words.task, anchor: 'start' as const, grow: 1 },
      { title: words.pageColumn, anchor: 'end' as const, grow: 0 },
    ]).flat(),
    rows: Array.from({ length: rows }, (_, row) => ({ cells: Array.from({ length: groups }, (__, group) => entry(pages[group * rows + row], group * rows + row + 2)).flat(), strong: false })),
  }
}
const INDEX_ROWS = 20

function nameOf({ sources }: PageBasis, view: SnapshotView, per: AtlasPer): string {
  if (per === 'task') return `${view.task} ${sources.tasks.find(({ no }) => no === view.task)?.name ?? ''}`
  const town = sources.towns.find(({ code }) => code === view.town)
  return (view.lang === 'en' ? town?.nameEn : town?.name) ?? ''
}

/** A title may name what the page is about: `{town}`, `{task}`, `{no}`, `{month}`, `{district}`. */
export const TITLE_FIELDS = ['district', 'town', 'task', 'no', 'month'] as const

function optionsOf(request: SnapshotRequest, figures: Figures, { sources, plan }: PageBasis, making: PageMaking & { page: PageOptions['page'] }): PageOptions {
  const { view } = figures
  const named = (unit: { name: string; nameEn: string } | undefined) => (view.lang === 'en' ? unit?.nameEn : unit?.name) ?? ''
  const values: Record<(typeof TITLE_FIELDS)[number], string> = {
    district: named(sources.district),
    town: named(sources.towns.find(({ code }) => code === view.town)),
    task: plan.task(view.task)?.name ?? '',
    no: view.task === null ? '' : String(view.task),
    month: formatMonth(view.month, view.lang),
  }
  const filled = (words: string) => words.replace(/\{(\w+)\}/g, (whole, name: string) => (Object.hasOwn(values, name) ? values[name as keyof typeof values] : whole))
  return { title: filled(request.title), subtitle: filled(request.subtitle), notes: request.notes, reviewNo: request.reviewNo, blocks: request.blocks, ...making }
}
