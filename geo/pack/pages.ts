/** The pack's pages in order: cover, district, matrix, changes, problems, a page a unit, orders. Pure. */
import { formatMonth } from '../number/in-words.ts'
import { atlasViews, snapshotPage, townPage, type DrawnPage, type PageMaking } from '../snapshot/atlas.ts'
import { figuresOf, type PageBasis } from '../snapshot/figures.ts'
import { listPages } from '../snapshot/list.ts'
import type { PageOptions } from '../snapshot/page.ts'
import type { SnapshotRequest } from '../snapshot/request.ts'
import { coverPage } from './cover.ts'
import { changesList, matrixList, ordersList, problemsList } from './lists.ts'
import type { PackFacts } from './pack.ts'
import { PACK_WORDS } from './words.ts'

interface Section {
  name: string
  pages: number
  draw: (no: number, page: PageOptions['page']) => DrawnPage
}

/** What a pack's request is: the district as it stands, on a paper. */
export function packTitle(request: SnapshotRequest): string {
  return request.title.trim() || PACK_WORDS[request.view.lang].title(formatMonth(request.view.month, request.view.lang))
}

/** One by one, so that whoever draws them can do something else in between. */
export function* packPages(basis: PageBasis, request: SnapshotRequest, facts: PackFacts, making: PageMaking): Generator<DrawnPage> {
  const { lang } = request.view
  const words = PACK_WORDS[lang]
  const figures = figuresOf(basis, request.view)
  const options = { title: '', subtitle: '', notes: request.notes, reviewNo: request.reviewNo, blocks: request.blocks, ...making }
  const list = (of: ReturnType<typeof matrixList>): Section => {
    const { pages, draw } = listPages(figures, of, request.paper, { ...options, notes: '' })
    return { name: of.title, pages, draw: (no, page) => ({ name: of.title, figures, drawing: draw(no, page) }) }
  }
  const district = { ...request, title: '', subtitle: '' }
  const views = atlasViews(basis, request.view, 'town', null)
  const sections: Section[] = [
    { name: words.overview, pages: 1, draw: (_, page) => snapshotPage(basis, { ...district, template: 'figures' }, making, page) },
    list(matrixList(basis, lang)),
    list(changesList(basis, lang)),
    list(problemsList(basis, lang)),
    { name: words.towns, pages: views.length, draw: (no, page) => townPage(basis, { ...district, template: 'problems' }, views[no - 1]!, making, page) },
    list(ordersList(basis, facts, lang)),
  ]
  const of = 1 + sections.reduce((sum, { pages }) => sum + pages, 0)
  const contents = sections.map(({ name }, i) => ({ name, page: 2 + sections.slice(0, i).reduce((sum, { pages }) => sum + pages, 0) }))
  const number = (no: number, name: string) => `${String(no).padStart(2, '0')}-${name}`
  yield { name: number(1, words.cover), figures, drawing: coverPage(figures, packTitle(request), contents, request.paper, { ...options, page: { no: 1, of } }) }
  let no = 2
  for (const { name, pages, draw } of sections)
    for (let i = 1; i <= pages; i++) {
      const page = draw(i, { no, of })
      yield { ...page, name: number(no, name === words.towns ? page.name : pages > 1 ? `${name} ${i}` : name) }
      no++
    }
}
