/** Slides as an office opens them: every template, its text and tables where the page has them, its chart with the page's figures. */
import { execFileSync } from 'node:child_process'
import { unzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { snapshotPage, type DrawnPage } from '../../../geo/snapshot/atlas.ts'
import { basisOf } from '../../../geo/snapshot/figures.ts'
import type { SnapshotRequest } from '../../../geo/snapshot/request.ts'
import { TEMPLATE_IDS } from '../../../geo/snapshot/template.ts'
import { pptxOf } from '../../../server/snapshot/pptx.ts'
import { demoSources } from '../../geo/snapshot/fixture.ts'
import { convertByOffice, findSoffice } from '../office.ts'

function pages(): DrawnPage[] {
  const basis = basisOf(demoSources(), '2023-09')
  const asked: Omit<SnapshotRequest, 'template'> = {
    view: { plan: 2023, month: '2023-09', task: null, measure: null, town: null, by: 'lights', lang: 'zh-CN', extent: 'district', scale: null },
    paper: 'A4-landscape',
    dpi: 72,
    title: '',
    subtitle: '',
    notes: '',
    reviewNo: '',
    blocks: {},
  }
  return TEMPLATE_IDS.map((template) => snapshotPage(basis, { ...asked, template }, { maker: '区乡村振兴办', link: null }))
}

describe('slides', () => {
  it('should have charts that are charts, with the figures of the page', async () => {
    const all = pages()
    const parts = unzipSync(await pptxOf(all.map(({ drawing }) => drawing), { title: 'x', author: 'y' }, async () => {}))
    const charted = all.filter(({ drawing }) => drawing.blocks.some(({ chart }) => chart))
    expect(charted.length).toBeGreaterThanOrEqual(2)
    const charts = Object.keys(parts).filter((name) => /charts\/chart\d+\.xml$/.test(name))
    expect(charts.length).toBe(charted.length)
    const { red, yellow } = charted[0]!.figures.chart
    for (const name of charts) {
      const xml = new TextDecoder().decode(parts[name])
      const series = [...xml.matchAll(/<c:ser>.*?<\/c:ser>/gs)].map(([ser]) => [.../<c:val>.*?<\/c:val>/s.exec(ser)![0].matchAll(/<c:v>([\d.]+)<\/c:v>/g)].map(([, value]) => Number(value)))
      expect(series).toEqual([red, yellow])
      expect(xml).toContain('朱家角')
    }
    // Behind each is the sheet that PowerPoint opens to edit it.
    expect(Object.keys(parts).filter((name) => /embeddings\/.*\.xlsx$/.test(name)).length).toBe(charts.length)
  })

  it.skipIf(!findSoffice())('should open in an office, a page each, with every word of tables and lists', async () => {
    const all = pages()
    const deck = await pptxOf(all.map(({ drawing }) => drawing), { title: 'x', author: 'y' }, async () => {})
    const { 'deck.pdf': pdf } = convertByOffice({ 'deck.pptx': deck }, 'pdf')
    // Each page ends with a form feed.
    const words = execFileSync('pdftotext', ['-', '-'], { input: pdf!, encoding: 'utf8' }).split('\f')
    expect(words.length - 1).toBe(all.length)
    for (const [i, { drawing }] of all.entries()) {
      const page = words[i]!.replace(/\s/g, '')
      for (const said of ['进展图', '演示数据', '边界示意', '数据截至']) expect(page, TEMPLATE_IDS[i]).toContain(said)
      for (const { table } of drawing.blocks) for (const { cells } of table?.rows ?? []) expect(page, TEMPLATE_IDS[i]).toContain(cells[0]!.replace(/\s/g, ''))
    }
  })
})
