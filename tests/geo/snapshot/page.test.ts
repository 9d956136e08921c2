import { beforeAll, describe, expect, it } from 'vitest'
import proj4 from 'proj4'
import { atlasPages, snapshotPage } from '../../../geo/snapshot/atlas.ts'
import type { BlockId } from '../../../geo/snapshot/block.ts'
import type { Box, Drawing, Item } from '../../../geo/snapshot/drawing.ts'
import { basisOf, figuresOf, type PageBasis } from '../../../geo/snapshot/figures.ts'
import { sizeOf, isPaper, PAPERS, type Paper } from '../../../geo/snapshot/paper.ts'
import { transverseMercator } from '../../../geo/snapshot/projection.ts'
import { cellShapes, type PageLayer } from '../../../geo/snapshot/layers.ts'
import { tidyChanges, type SnapshotRequest } from '../../../geo/snapshot/request.ts'
import { svgOf, svgText } from '../../../geo/snapshot/svg.ts'
import { TEMPLATE_IDS } from '../../../geo/snapshot/template.ts'
import { lines, widthOf } from '../../../geo/snapshot/type.ts'
import { demoSources } from './fixture.ts'

const BAIHE = '310118110'
const PARK = '310118P01'
const MAKING = { maker: '区乡村振兴办', link: { text: 'x', modules: ['101', '010', '101'] } }
let basis: PageBasis

const asked = (more: Partial<SnapshotRequest> = {}, view: Partial<SnapshotRequest['view']> = {}): SnapshotRequest => ({
  view: { plan: 2023, month: '2023-09', task: null, measure: null, town: null, by: 'lights', lang: 'zh-CN', extent: 'district', scale: null, ...view },
  paper: 'A4-landscape',
  dpi: 96,
  template: 'briefing',
  title: '',
  subtitle: '',
  notes: '',
  reviewNo: '',
  blocks: {},
  ...more,
})
const draw = (request: SnapshotRequest) => snapshotPage(basis, request, MAKING).drawing
const textsOf = (drawing: Drawing) => drawing.blocks.flatMap(({ items }) => items.flatMap((item) => (item.kind === 'text' ? [item.text] : [])))
const block = (drawing: Drawing, id: BlockId) => drawing.blocks.find((one) => one.id === id)

beforeAll(() => {
  basis = basisOf(demoSources(), '2023-09')
})

/** The box around everything that an item draws. */
function reach(item: Item): Box {
  if (item.kind === 'text') {
    const width = widthOf(item.text, item.size, item.weight)
    return { x: item.x - (item.anchor === 'start' ? 0 : item.anchor === 'middle' ? width / 2 : width), y: item.y - item.size * 0.9, width, height: item.size * 1.1 }
  }
  if (item.kind === 'circle') return { x: item.x - item.radius, y: item.y - item.radius, width: item.radius * 2, height: item.radius * 2 }
  if (item.kind === 'rect' || item.kind === 'image') return item
  const [xs, ys] = [item.lines.flat().map(([x]) => x), item.lines.flat().map(([, y]) => y)]
  return { x: Math.min(...xs), y: Math.min(...ys), width: Math.max(...xs) - Math.min(...xs), height: Math.max(...ys) - Math.min(...ys) }
}
const within = (inner: Box, outer: Box, slack: number) =>
  inner.x >= outer.x - slack && inner.y >= outer.y - slack && inner.x + inner.width <= outer.x + outer.width + slack && inner.y + inner.height <= outer.y + outer.height + slack
const overlap = (a: Box, b: Box) => a.x < b.x + b.width - 0.05 && b.x < a.x + a.width - 0.05 && a.y < b.y + b.height - 0.05 && b.y < a.y + a.height - 0.05

const PAGES = [...(Object.keys(PAPERS) as Paper[]), '1920x1080' as const, '1080x1350' as const].flatMap((paper) => TEMPLATE_IDS.map((template) => ({ paper, template })))
const VIEWS: Partial<SnapshotRequest['view']>[] = [{}, { task: 15 }, { town: BAIHE, extent: 'town' }, { task: 15, measure: '15.1', by: 'completion', lang: 'en' }]

describe('a page', () => {
  it.each(PAGES)('should fit $paper as $template, no block over another and nothing out of its block', ({ paper, template }) => {
    for (const view of VIEWS) {
      const drawing = draw(asked({ paper, template, notes: '请各街镇核对。', reviewNo: '沪S(2023)000号' }, view))
      const page = { x: 0, y: 0, width: drawing.width, height: drawing.height }
      for (const one of drawing.blocks) {
        const where = `${paper} ${template} ${one.id}`
        expect(within(one, page, 0.01), where).toBe(true)
        if (one.id !== 'title' && !one.clipped) for (const item of one.items) if (item.kind !== 'path' || item.lines.length > 0) expect(within(reach(item), one, 2.2), `${where} ${JSON.stringify(item).slice(0, 160)}`).toBe(true)
        for (const other of drawing.blocks) if (other !== one && !(one.id === 'map' && other.onMap) && !(other.id === 'map' && one.onMap)) expect(overlap(one, other), `${where} over ${other.id}`).toBe(false)
      }
      for (const id of ['title', 'date', 'marks', 'map', 'scale', 'north', 'legend', 'source', 'review', 'maker', 'page', 'qr'] as const) expect(block(drawing, id), `${paper} ${template} ${id}`).toBeDefined()
      expect(svgText(svgOf(drawing))).not.toMatch(/NaN|undefined|Infinity/)
    }
  })

  it('should put no name over another, nor over what lies on the map', () => {
    for (const template of TEMPLATE_IDS) {
      const drawing = draw(asked({ template, paper: '16:9' }))
      const names = block(drawing, 'map')!.items.filter((item) => item.kind === 'text').map(reach)
      expect(names.length).toBeGreaterThan(16)
      const others = drawing.blocks.filter(({ onMap }) => onMap)
      for (const [i, name] of names.entries()) {
        for (const other of names.slice(i + 1)) expect(overlap(name, { ...other, height: other.height * 0.9 }), template).toBe(false)
        for (const other of others) expect(overlap(name, other), `${template} ${other.id}`).toBe(false)
      }
    }
  })

  it('should say 无数据 where there are no data, and not zero', () => {
    const sources = demoSources()
    const silent = basisOf({ ...sources, progress: { ...sources.progress, series: sources.progress.series.filter(({ measure }) => !measure.startsWith('15.')) } }, '2023-09')
    const figures = figuresOf(silent, asked({}, { task: 15, measure: '15.1' }).view)
    expect(figures.table.rows.length).toBeGreaterThan(5)
    for (const { cells } of figures.table.rows) expect(cells.map(({ text }) => text)).toContain('无数据')
    expect(figures.table.rows.flatMap(({ cells }) => cells.slice(2, 4).map(({ text }) => text))).not.toContain('0')
    expect(textsOf(snapshotPage(silent, asked({}, { task: 15, measure: '15.1', by: 'completion' }), MAKING).drawing)).toContain('无数据')
  })

  it('should never leave out that data are synthetic and boundaries schematic', () => {
    const drawing = draw(asked({ blocks: tidyChanges({ marks: { hidden: true }, notes: { hidden: true } }) }))
    expect(textsOf(drawing)).toEqual(expect.arrayContaining(['演示数据', '边界示意']))
    // However a request came by it.
    expect(textsOf(draw(asked({ blocks: { marks: { hidden: true } } })))).toContain('演示数据')
  })

  it('should hide, rename and move blocks as the maker wants, the rest closing up', () => {
    const usual = draw(asked())
    const changed = draw(asked({ blocks: { summary: { hidden: true }, troubles: { heading: '需要研究的事项' }, legend: { dx: 5, dy: -2 } } }))
    expect(block(changed, 'summary')).toBeUndefined()
    expect(textsOf(changed)).toContain('需要研究的事项')
    expect(block(changed, 'legend')!.x).toBeCloseTo(block(usual, 'legend')!.x + 5)
    expect(block(changed, 'legend')!.y).toBeCloseTo(block(usual, 'summary')!.y - 2)
    expect(block(changed, 'map')).toEqual(block(usual, 'map'))
  })

  it('should make blocks larger and smaller as the maker wants, never so small that nothing is left, what stands in them following', () => {
    const usual = draw(asked())
    const changed = draw(asked({ blocks: { map: { dw: -30, dh: -20 }, table: { dw: -20 }, troubles: { dw: -500, dh: -500 } } }))
    const size = (drawing: Drawing, id: BlockId) => [block(drawing, id)!.width, block(drawing, id)!.height]
    const [width, height] = size(usual, 'map')
    expect(size(changed, 'map')).toEqual([width! - 30, height! - 20])
    for (const item of block(changed, 'map')!.items) if (item.kind === 'text') expect(within(reach(item), block(changed, 'map')!, 0.5)).toBe(true)
    for (const one of changed.blocks) if (one.onMap) expect(within(one, block(changed, 'map')!, 0.01), one.id).toBe(true)
    expect(size(changed, 'table')[0]).toBeCloseTo(size(usual, 'table')[0]! - 20)
    for (const item of block(changed, 'table')!.items) expect(within(reach(item), block(changed, 'table')!, 2.2)).toBe(true)
    expect(size(changed, 'troubles')).toEqual([20, 8])
    // What has its own size keeps it.
    expect(tidyChanges({ title: { dw: 5 }, marks: { dh: 4 }, notes: { dh: 3 } })).toEqual({ notes: { dh: 3 } })
  })

  it('should draw lights in black and white by shape and hatching', () => {
    const drawing = draw(asked({ template: 'mono' }, { task: 15 }))
    const colours = new Set(drawing.blocks.flatMap(({ items }) => items.flatMap((item) => ('fill' in item && item.fill ? [item.fill] : item.kind === 'text' ? [item.colour] : []))))
    for (const colour of colours) expect(new Set([colour.slice(1, 3), colour.slice(3, 5), colour.slice(5, 7)]).size, colour).toBe(1)
  })

  it('should show layers in place of lights where they are asked for, in every template, with what is drawn in the legend', () => {
    const ring = [[121.05, 31.2], [121.09, 31.2], [121.09, 31.22], [121.05, 31.2]] as [number, number][] // prettier-ignore
    const layers: PageLayer[] = [
      { id: 'farmland', version: '1', way: 'cells', demo: true, classes: [{ class: 'grain', features: 200_000, areaM2: 1e8, lengthM: 0 }], shapes: [{ class: 'grain', lines: [ring] }] },
      { id: 'roads', version: '1', way: 'each', demo: false, classes: [{ class: 'upgrade', features: 1, areaM2: 0, lengthM: 4000 }], shapes: [{ class: 'upgrade', lines: [ring.slice(0, 3)] }] },
      { id: 'findings', version: 'x', way: 'each', demo: false, classes: [{ class: 'hung', features: 1, areaM2: 0, lengthM: 0 }], shapes: [{ class: 'hung', lines: [[ring[1]!]] }] },
    ]
    const shown = basisOf({ ...demoSources(), layers: new Map([['', layers]]) }, '2023-09')
    for (const template of TEMPLATE_IDS) {
      const drawing = snapshotPage(shown, asked({ template }, { layers: ['farmland', 'roads', 'findings'] }), MAKING).drawing
      const texts = textsOf(drawing)
      for (const said of ['青浦区图层图', '粮田', '农村公路提档升级', '演示数据', '边界示意']) expect(texts.some((text) => text.includes(said)), `${template} ${said}`).toBe(true)
      expect(texts.join('')).toContain('农田地块共 200,000 个，远观按网格概括')
      for (const id of ['summary', 'troubles', 'chart', 'cards'] as const) expect(block(drawing, id), `${template} ${id}`).toBeUndefined()
      const page = { x: 0, y: 0, width: drawing.width, height: drawing.height }
      for (const one of drawing.blocks) expect(within(one, page, 0.01), `${template} ${one.id}`).toBe(true)
    }
    // Cells side by side are one rectangle, and rows of them too.
    const cells = [0, 1, 2].flatMap((y) => [0, 1, 2, 3].map((x) => ({ x, y, class: 'grain' })))
    expect(cellShapes(cells, [0.5, 0.25])).toEqual([{ class: 'grain', lines: [[[0, 0], [2, 0], [2, 0.75], [0, 0.75], [0, 0]]] }])
  })

  it('should have a chart with the same figures as the table', () => {
    const figures = figuresOf(basis, asked().view)
    for (const [i, { cells }] of figures.table.rows.slice(0, -1).entries()) expect([figures.chart.red[i], figures.chart.yellow[i]]).toEqual([Number(cells[1]!.text), Number(cells[2]!.text)])
    const drawing = draw(asked({ template: 'figures' }))
    const { chart } = block(drawing, 'chart')!
    expect(chart!.series.map(({ values }) => values)).toEqual([figures.chart.red, figures.chart.yellow])
    expect(figuresOf(basis, asked({}, { task: 15 }).view).chart.categories).toEqual(['1月', '2月', '3月', '4月', '5月', '6月', '7月', '8月', '9月'])
  })

  it('should be the same for the same figures', () => {
    expect(draw(asked())).toEqual(draw(asked()))
  })
})

describe('the map on paper', () => {
  it('should be projected as EPSG:4549 is', () => {
    proj4.defs('EPSG:4549', '+proj=tmerc +lat_0=0 +lon_0=120 +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m')
    for (const place of [
      [120.9, 30.95],
      [121.3, 31.25],
      [119.2, 31],
    ] as [number, number][]) {
      const [east, north] = transverseMercator(place, 120)
      const [x, y] = proj4('EPSG:4326', 'EPSG:4549', place) as [number, number]
      expect(east).toBeCloseTo(x - 500_000, 2)
      expect(north).toBeCloseTo(y, 2)
    }
  })

  it('should have the scale that was asked for: five kilometres are 5 cm at 1:100,000', () => {
    const drawing = draw(asked({ paper: 'A3-landscape' }, { scale: 100_000 }))
    const bar = block(drawing, 'scale')!
    expect(bar.items.some((item) => item.kind === 'text' && item.text === '1:100,000')).toBe(true)
    const length = bar.items.find((item) => item.kind === 'rect' && item.stroke) as Box
    const [, kilometres] = /^(\d+) km$/.exec(bar.items.flatMap((item) => (item.kind === 'text' ? [item.text] : [])).find((text) => text.endsWith('km'))!)!
    expect(length.width).toBeCloseTo(Number(kilometres) * 10)
    // The same on the map itself: two towns' places are as far apart as on the ground.
    const sources = demoSources()
    const shape = sources.shapes.find(({ code }) => code === BAIHE)!
    const rings = shape.geometry.type === 'Polygon' ? shape.geometry.coordinates : shape.geometry.coordinates[0]!
    const ground = rings[0]!.map((at) => transverseMercator(at as [number, number], 120))
    const drawn = block(drawing, 'map')!.items.flatMap((item) => (item.kind === 'path' && item.closed && item.lines[0]!.length === ground.length ? [item.lines[0]!] : []))[0]!
    const apart = (a: readonly number[], b: readonly number[]) => Math.hypot(a[0]! - b[0]!, a[1]! - b[1]!)
    expect(apart(drawn[0]!, drawn[40]!)).toBeCloseTo(apart(ground[0]!, ground[40]!) / 100, 2)
    expect(block(drawing, 'overview')).toBeDefined()
  })
})

describe('an atlas', () => {
  it('should have a cover with an index, then each town with its neighbours standing back, and the park', () => {
    const pages = atlasPages(basis, asked({ title: '{town}{month}进展' }), 'town', null, MAKING)
    expect(pages.length).toBe(13)
    expect(textsOf(pages[0]!.drawing)).toEqual(expect.arrayContaining(['目录', '白鹤镇', '13']))
    const baihe = pages.find(({ figures }) => figures.focus === BAIHE)!
    expect(textsOf(baihe.drawing)).toEqual(expect.arrayContaining(['白鹤镇2023年9月进展', '第 6 页 / 共 13 页']))
    expect(baihe.figures.view.extent).toBe('town')
    expect(pages.find(({ figures }) => figures.focus === PARK)!.figures.table.rows.length).toBeGreaterThan(3)
    expect(new Set(pages.map(({ name }) => name)).size).toBe(13)
  })

  it('should have a page for each task that is asked for', () => {
    const pages = atlasPages(basis, asked(), 'task', [14, 15], MAKING)
    expect(pages.map(({ name }) => name)).toEqual(['01-图集', '02-14 稳定粮食生产', '03-15 稳定蔬菜播种面积和产量'])
  })
})

describe('papers and type', () => {
  it('should have the pixels that a paper has at a resolution', () => {
    expect(sizeOf('A3-landscape', 300).pixels).toEqual({ width: 4961, height: 3506 })
    expect(sizeOf('A4-portrait', 300).pixels).toEqual({ width: 2480, height: 3508 })
    expect(sizeOf('1920x1080', 300).pixels).toEqual({ width: 1920, height: 1080 })
    expect(['A5', '100x100', '9000x9000', '500x4000', 'A4-landscape', '1920x1080'].filter(isPaper)).toEqual(['A4-landscape', '1920x1080'])
  })

  it('should break lines where Chinese breaks, and cut what is too long', () => {
    const broken = lines('应完成 74.7%，已完成 66.0%（8,246/12,500 吨），落后 8.8 个百分点。', 30, 3)
    for (const line of broken) {
      expect(widthOf(line, 3)).toBeLessThanOrEqual(30.01 + 3)
      expect(line).not.toMatch(/^[，。）]|（$/)
    }
    expect(lines('一二三四五六七八九十'.repeat(4), 30, 3, 400, 2)).toEqual(['一二三四五六七八九十', '一二三四五六七八九…'])
  })
})
