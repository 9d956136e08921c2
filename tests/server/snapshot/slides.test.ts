/** Slides as an office opens them: every template, its text and tables where the page has them, its chart with the page's figures. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { snapshotPage, type DrawnPage } from '../../../geo/snapshot/atlas.ts'
import { basisOf } from '../../../geo/snapshot/figures.ts'
import { sizeOf } from '../../../geo/snapshot/paper.ts'
import type { SnapshotRequest } from '../../../geo/snapshot/request.ts'
import { TEMPLATE_IDS } from '../../../geo/snapshot/template.ts'
import { pngOf } from '../../../server/snapshot/png.ts'
import { pptxOf } from '../../../server/snapshot/pptx.ts'
import { demoSources } from '../../geo/snapshot/fixture.ts'
import { convertByOffice, findSoffice } from '../office.ts'
import { difference, readPng, readPpm } from './pixels.ts'

const DPI = 72

function pages(): DrawnPage[] {
  const basis = basisOf(demoSources(), '2023-09')
  const asked: Omit<SnapshotRequest, 'template'> = {
    view: { plan: 2023, month: '2023-09', task: null, measure: null, town: null, by: 'lights', lang: 'zh-CN', extent: 'district', scale: null },
    paper: '16:9',
    dpi: DPI,
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
    const parts = unzipSync(await pptxOf(all.map(({ drawing }) => drawing), { title: 'x', author: 'y' }, () => {}))
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

  it('should look in an office like the page does', async () => {
    if (!findSoffice()) return
    const all = pages()
    const deck = await pptxOf(all.map(({ drawing }) => drawing), { title: 'x', author: 'y' }, () => {})
    const { 'deck.pdf': pdf } = convertByOffice({ 'deck.pptx': deck }, 'pdf')
    const folder = mkdtempSync(join(tmpdir(), 'xiangtu-slides-'))
    try {
      writeFileSync(join(folder, 'deck.pdf'), pdf!)
      execFileSync('pdftoppm', ['-r', String(DPI), join(folder, 'deck.pdf'), join(folder, 'page')])
      for (const [i, { drawing }] of all.entries()) {
        const apart = difference(readPpm(readFileSync(join(folder, `page-${i + 1}.ppm`))), readPng(pngOf(drawing, sizeOf('16:9', DPI))), 30)
        // Table grids and other smoothing differ; a table that has run over the page, or text that is not there, is far more.
        expect(apart.mean, TEMPLATE_IDS[i]).toBeLessThan(4)
        expect(apart.most, TEMPLATE_IDS[i]).toBeLessThan(60)
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
