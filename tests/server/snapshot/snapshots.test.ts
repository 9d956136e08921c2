import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Resvg } from '@resvg/resvg-js'
import { unzipSync } from 'fflate'
import { SaxesParser } from 'saxes'
import { expect, it, vi } from 'vitest'
import { createPlan } from '../../../client/plan/plan.ts'
import { pageSourcesOf } from '../../../client/snapshot/page-sources.ts'
import { snapshotPage } from '../../../geo/snapshot/atlas.ts'
import { basisOf } from '../../../geo/snapshot/figures.ts'
import type { FrozenSnapshot } from '../../../geo/snapshot/frozen.ts'
import { svgOf, svgText } from '../../../geo/snapshot/svg.ts'
import { outlined } from '../../../server/snapshot/outline.ts'
import { describeOnBothDatabases, type Asking } from '../harness.ts'
import { difference, readPng, readPpm, sizeOfPng } from './pixels.ts'

interface Detail {
  id: number
  status: string
  progress: number
  hash: string
  holds: boolean
  formats: string[]
  pages: number
  content: FrozenSnapshot
  since: { measure: string; town: string; then: { value: number | null }; now: { value: number | null } }[]
}

const VIEW = { plan: 2023, month: '2023-09' }
const has = (program: string) => {
  try {
    execFileSync('which', [program], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

describeOnBothDatabases('snapshots', (server) => {
  let office: Asking
  const made = async (path: string, body: object): Promise<number> => {
    const answer = await office.post(path, body)
    expect(answer.status, await answer.clone().text()).toBe(202)
    return ((await answer.json()) as { id: number }).id
  }
  const ready = (path: string) =>
    vi.waitFor(
      async () => {
        const detail = await office.json<Detail>(path)
        expect(detail.status, JSON.stringify(detail).slice(0, 400)).toBe('ready')
        return detail
      },
      { timeout: 150_000, interval: 300 },
    )
  const bytes = async (path: string) => {
    const answer = await office.request(path)
    expect(answer.status, path).toBe(200)
    return new Uint8Array(await answer.arrayBuffer())
  }
  let first = 0
  /** Few pixels, for what looks at each. */
  let small = 0

  it('should freeze a view, with each figure’s report, under a hash that the same question has again', async () => {
    office = await server.as('office')
    first = await made('/api/snapshots', { view: { ...VIEW, task: 15 }, paper: 'A3-landscape', dpi: 300, title: '蔬菜生产进展' })
    const detail = await ready(`/api/snapshots/${first}`)
    expect(detail).toMatchObject({ id: first, progress: 1, holds: true, pages: 1, formats: ['pdf', 'png', 'pptx'], since: [] })
    expect(detail.content).toMatchObject({ asOf: '2023-09-30', rule: { green: 5, yellow: 20 }, boundaries: { kind: '示意' }, demo: true })
    expect(detail.content.lights.length).toBeGreaterThan(10)
    for (const { report, value } of detail.content.lights) expect(report === null).toBe(value === null)
    const [light] = detail.content.lights
    const [row] = await server.sql<{ value: string; town: string }[]>`select approved_value as value, town from report where id = ${light!.report!.id}`
    expect([Number(row!.value), row!.town]).toEqual([light!.value, light!.town])

    // Somebody else, later, from another screen: what is shown is the same.
    const planner = await server.as('planner')
    const again = await planner.post('/api/snapshots', { view: { ...VIEW, plan: '2023', task: 15, town: null }, paper: 'A3-landscape', dpi: 300, title: ' 蔬菜生产进展 ', blocks: { map: { dx: 0 } } })
    expect(((await again.json()) as { hash: string }).hash).toBe(detail.hash)
    const found = await office.json<{ id: number }[]>(`/api/snapshots?hash=${detail.hash.slice(0, 12)}`)
    expect(found.length).toBe(2)
  })

  it('should make a picture in really so many pixels, which is the page as SVG and as the screen draws it', async () => {
    expect(sizeOfPng(await bytes(`/api/snapshots/${first}/file.png`))).toEqual({ width: 4961, height: 3506 })
    small = await made('/api/snapshots', { view: { ...VIEW, task: 15 }, dpi: 96 })
    await ready(`/api/snapshots/${small}`)
    const png = await bytes(`/api/snapshots/${small}/file.png`)
    const svg = new TextDecoder().decode(await bytes(`/api/snapshots/${small}/file.svg`))
    const { width, height } = sizeOfPng(png)
    const sized = svg.replace(/width="[\d.]+mm" height="[\d.]+mm"/, `width="${width}" height="${height}" preserveAspectRatio="xMidYMin slice"`)
    const drawn = new Resvg(sized, { font: { loadSystemFonts: false } }).render()
    const apart = difference(readPng(drawn.asPng()), readPng(png))
    expect(apart.mean).toBeLessThan(0.2)
    expect(apart.most).toBeLessThan(12)
    // Wherever it is opened: its words are outlines.
    expect(svg).not.toContain('<text')

    // The studio's preview, made by the browser's own code from the API's answers; the code in the corner is not known there yet.
    const [summaries, tasks, progress, district, shapes] = await Promise.all(
      ['/api/plans', '/api/plans/2023/tasks', '/api/plans/2023/progress', '/api/district', '/api/towns'].map((path) => office.json<never>(path)),
    )
    const plan = createPlan({ summary: (summaries as unknown as never[])[0]!, tasks: tasks!, progress: progress!, district: district!, shapes: shapes! }, '2024-01-01')
    const { content } = await office.json<Detail>(`/api/snapshots/${small}`)
    const modules = Array<string>(29).fill('0'.repeat(29))
    const page = snapshotPage(basisOf(pageSourcesOf(plan), '2023-09'), content.request, { maker: '区乡村振兴办', link: { text: '', modules } })
    const withoutCode = (text: string) => text.replace(/<g data-block="qr">.*?<\/g>/, '')
    const maker = /<path [^>]*><title>制图：[^<]*<\/title><\/path>/
    expect(svg).toMatch(maker)
    expect(withoutCode(svgText(outlined(svgOf(page.drawing)))).replace(maker, '')).toBe(withoutCode(svg).replace(maker, ''))
  })

  it('should make a PDF in true size whose text is text, its glyphs the picture’s', async () => {
    const pdf = await bytes(`/api/snapshots/${first}/file.pdf`)
    const text = new TextDecoder('latin1').decode(pdf)
    expect(text.startsWith('%PDF-')).toBe(true)
    if (!has('pdftoppm')) return
    const folder = mkdtempSync(join(tmpdir(), 'xiangtu-pdf-'))
    try {
      const path = join(folder, 'page.pdf')
      writeFileSync(path, pdf)
      expect(execFileSync('pdfinfo', [path], { encoding: 'utf8' })).toMatch(/Page size:\s+1190\.5\d* x 841\.8\d* pts \(A3\)/)
      const fonts = execFileSync('pdffonts', [path], { encoding: 'utf8' }).trim().split('\n').slice(2)
      expect(fonts.length).toBe(2)
      for (const font of fonts) expect(font).toMatch(/TrueType .* yes (yes|no) +yes/)
      // Only the glyphs that are there, not a font of ten megabytes.
      expect(pdf.length).toBeLessThan(500_000)
      const words = execFileSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' })
      for (const said of ['蔬菜生产进展', '数据截至', '演示数据', '边界示意', '现代农业园区', '审']) expect(words).toContain(said)
      writeFileSync(path, await bytes(`/api/snapshots/${small}/file.pdf`))
      execFileSync('pdftoppm', ['-r', '96', path, join(folder, 'page')])
      const png = await bytes(`/api/snapshots/${small}/file.png`)
      const apart = difference(readPpm(readFileSync(join(folder, 'page-1.ppm'))), readPng(png))
      // Edges are smoothed differently; a glyph that is missing makes a square lighter by a good deal.
      expect(apart.mean).toBeLessThan(2.5)
      expect(apart.most).toBeLessThan(30)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('should make a slide with text and a table that can be edited, in XML that is valid', async () => {
    const parts = unzipSync(await bytes(`/api/snapshots/${first}/file.pptx`))
    const texts = Object.entries(parts).filter(([name]) => /\.(xml|rels)$/.test(name))
    expect(texts.length).toBeGreaterThan(10)
    for (const [name, part] of texts) {
      const parser = new SaxesParser()
      parser.on('error', (error) => expect.fail(`${name}: ${error.message}`))
      parser.write(new TextDecoder().decode(part)).close()
    }
    const slide = new TextDecoder().decode(parts['ppt/slides/slide1.xml'])
    for (const said of ['蔬菜生产进展', '<a:tbl>', '演示数据', '边界示意', '<p:pic>']) expect(slide).toContain(said)
    expect(slide).not.toMatch(/NaN|undefined/)
    expect(new TextDecoder().decode(parts['ppt/presentation.xml'])).toMatch(/sldSz cx="15120000" cy="10692000"/)
  })

  it('should show what it showed, and what has changed since', async () => {
    const { content } = await office.json<Detail>(`/api/snapshots/${first}`)
    const light = content.lights.find(({ value }) => value !== null)!
    const { measure, town } = light
    const cell = `/api/plans/2023/reviews/${light.report!.month}/${town}/${measure}`
    const version = async () => (await office.json<{ version: number }>(cell)).version
    const act = async (who: Asking, name: string, more: object = {}) => {
      const answer = await who.post(`/api/plans/2023/reports/${name}`, { reports: [{ measure, town, month: light.report!.month, version: await version(), ...more }] })
      expect(answer.status, await answer.clone().text()).toBe(200)
    }
    await act(await server.as(`town-${town.toLowerCase()}`), 'correct', { value: light.value! + 1, words: '演示：复核', reason: '漏报一笔' })
    await act(office, 'approve')
    const later = await office.json<Detail>(`/api/snapshots/${first}`)
    expect(later.content).toEqual(content)
    expect(later.since).toMatchObject([{ measure: light.measure, town: light.town, then: { value: light.value }, now: { value: light.value! + 1 } }])
    await expect(server.sql`update snapshot set content = '{}' where id = ${first}`).rejects.toThrow('what a snapshot shows is kept')
  })

  it.each([
    ['no such town', { view: { ...VIEW, town: '310118999' } }, 422, '/view/town'],
    ['no such month', { view: { plan: 2023, month: '2022-01' } }, 422, '/view/month'],
    ['no such paper', { view: VIEW, paper: 'A7' }, 400, '/paper'],
    ['too fine', { view: VIEW, dpi: 1200 }, 400, '/dpi'],
    ['the marks hidden', { view: VIEW, blocks: { marks: { hidden: true } } }, 400, '/blocks'],
  ])('should refuse %s', async (_, body, status, field) => {
    const answer = await office.post('/api/snapshots', body)
    expect([answer.status, ((await answer.json()) as { field: string }).field]).toEqual([status, field])
  })

  it('should make an atlas with a cover and a page for each town, and call one off', async () => {
    const asked = { view: { ...VIEW, by: 'lights' }, per: 'town', paper: 'A4-landscape', dpi: 72, template: 'mono', title: '{town}：{month}' }
    const id = await made('/api/atlases', asked)
    const dropped = await made('/api/atlases', { ...asked, per: 'task', tasks: [14, 15] })
    const stranger = await (await server.as('planner')).post(`/api/atlases/${dropped}/cancel`, {})
    expect(stranger.status).toBe(403)
    expect(await (await office.post(`/api/atlases/${dropped}/cancel`, {})).json()).toMatchObject({ status: 'cancelled' })
    // Somebody else exports at the same time, and others work: one is made after the other, and both are.
    const planner = await server.as('planner')
    const { id: theirs } = (await (await planner.post('/api/atlases', { ...asked, title: '同时' })).json()) as { id: number }
    await vi.waitFor(
      async () => {
        const states = await Promise.all([id, theirs].map(async (one) => (await office.json<Detail>(`/api/atlases/${one}`)).status))
        expect(states.filter((state) => state === 'running').length, 'a bounded pool').toBeLessThan(2)
        expect((await planner.request('/api/plans/2023/lights?asOf=2023-09-30')).status).toBe(200)
        expect(states).toEqual(['ready', 'ready'])
      },
      { timeout: 240_000, interval: 300 },
    )
    const detail = await ready(`/api/atlases/${id}`)
    expect(detail).toMatchObject({ pages: 13, formats: ['pdf', 'pptx', 'zip'] })
    const pictures = unzipSync(await bytes(`/api/atlases/${id}/file.zip`))
    expect(Object.keys(pictures).length).toBe(13)
    expect(Object.keys(pictures)).toContain('06-白鹤镇.png')
    expect(Object.keys(unzipSync(await bytes(`/api/atlases/${id}/file.pptx`))).filter((name) => /slides\/slide\d+\.xml$/.test(name)).length).toBe(13)
    const again = await office.post('/api/atlases', asked)
    const { id: other, hash } = (await again.json()) as { id: number; hash: string }
    expect(hash).toBe(detail.hash)
    await office.post(`/api/atlases/${other}/cancel`, {})
    expect((await office.json<Detail>(`/api/atlases/${dropped}`)).status).toBe('cancelled')
    expect((await office.request(`/api/atlases/${dropped}/file.pdf`)).status).toBe(409)
  })

  it('should draw the layers that are on the screen, each with its legend, and freeze which data they were', async () => {
    const id = await made('/api/snapshots', { view: { ...VIEW, layers: 'roads,farmland,nothing' }, dpi: 72, template: 'wide' })
    const { content, hash } = await ready(`/api/snapshots/${id}`)
    expect(content.request.view.layers).toEqual(['farmland', 'roads'])
    expect(content.layers).toMatchObject([
      { id: 'farmland', town: null, way: 'each' },
      { id: 'roads', town: null, way: 'each' },
    ])
    const svg = new TextDecoder().decode(await bytes(`/api/snapshots/${id}/file.svg`))
    for (const said of ['青浦区图层图', '农田地块、路段', '永久基本农田', '农村公路提档升级', '演示数据', '边界示意']) expect(svg).toContain(said)
    expect(svg).not.toContain('滞后')
    const again = (await (await office.post('/api/snapshots', { view: { ...VIEW, layers: ['roads', 'farmland'] }, dpi: 72, template: 'wide' })).json()) as { id: number; hash: string }
    expect(again.hash).toBe(hash)
    await office.post(`/api/snapshots/${again.id}/cancel`, {})
    // The preview has the very same from its own door.
    const layers = await office.json<{ id: string; shapes: unknown[]; classes: { features: number }[] }[]>('/api/page-layers?plan=2023&layers=roads,farmland&town=310118110')
    expect(layers.map((layer) => layer.id)).toEqual(['farmland', 'roads'])
    for (const layer of layers) expect(layer.shapes.length).toBe(layer.classes.reduce((sum, { features }) => sum + features, 0))
    const atlas = await made('/api/atlases', { view: { ...VIEW, layers: ['villages'] }, per: 'town', dpi: 72 })
    const whole = await office.json<Detail>(`/api/atlases/${atlas}`)
    expect(whole.content.layers!.map(({ town }) => town).slice(0, 3)).toEqual([null, '310118105', '310118106'])
    await office.post(`/api/atlases/${atlas}/cancel`, {})
  })

  it('should draw very many parcels as what they cover, and say so', async () => {
    await server.sql`
      insert into feature (id, layer, version, properties, geom, town, towns, outside, source, licence, demo, changed_by, changed_at)
      select nextval('feature_id'), 'farmland', 1, jsonb_build_object('number', 'T' || i, 'kind', case when i % 3 = 0 then 'vegetable' else 'grain' end),
             ST_MakeEnvelope(121.0 + (i % 200) * 0.0006, 31.1 + (i / 200) * 0.0005, 121.0 + (i % 200) * 0.0006 + 0.0005, 31.1 + (i / 200) * 0.0005 + 0.0004, 4326),
             '310118110', '{310118110}', false, '演示', '演示', true, 'test', now()
      from generate_series(0, 11999) i`
    const [farmland] = await office.json<{ way: string; shapes: { lines: unknown[][] }[]; classes: { features: number }[] }[]>('/api/page-layers?plan=2023&layers=farmland')
    expect(farmland!.way).toBe('cells')
    expect(farmland!.shapes.length).toBeGreaterThan(20)
    expect(farmland!.shapes.length).toBeLessThan(6000)
    expect(farmland!.classes.reduce((sum, { features }) => sum + features, 0)).toBeGreaterThan(12_000)
    const id = await made('/api/snapshots', { view: { ...VIEW, layers: 'farmland' }, dpi: 72 })
    await ready(`/api/snapshots/${id}`)
    expect(new TextDecoder().decode(await bytes(`/api/snapshots/${id}/file.svg`))).toMatch(/农田地块共 1\d,\d{3} 个，远观按网格概括/)
    expect((await bytes(`/api/snapshots/${id}/file.pdf`)).length).toBeLessThan(3_000_000)
    await server.sql`delete from feature where changed_by = 'test'`
  })

  it('should show findings only to who may see all of them, or made the page', async () => {
    const town = await server.as('town-310118110')
    const id = await made('/api/snapshots', { view: { ...VIEW, layers: 'findings' }, dpi: 72 })
    const { content } = await ready(`/api/snapshots/${id}`)
    expect(content.layers).toMatchObject([{ id: 'findings', way: 'each' }])
    expect((await town.request(`/api/snapshots/${id}`)).status).toBe(403)
    expect((await town.request(`/api/snapshots/${id}/file.png`)).status).toBe(403)
    expect((await town.json<{ id: number }[]>('/api/snapshots')).map((one) => one.id)).not.toContain(id)
    expect((await (await server.as('planner')).request(`/api/snapshots/${id}`)).status).toBe(200)
    // A town's own page has its own findings, and is its own.
    const own = (await (await town.post('/api/snapshots', { view: { ...VIEW, layers: 'findings' }, dpi: 72 })).json()) as { id: number }
    const seen = await town.json<Detail>(`/api/snapshots/${own.id}`)
    expect(seen.content.layers![0]!.features).toBeLessThanOrEqual(content.layers![0]!.features)
    await town.post(`/api/snapshots/${own.id}/cancel`, {})
    expect(await (await server.as(null)).request(`/api/snapshots/${id}`).then(({ status }) => status)).toBe(401)
  })
})
