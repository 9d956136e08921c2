import { deflateSync, crc32 } from 'node:zlib'
import { unzipSync } from 'fflate'
import { expect, it, vi } from 'vitest'
import type { Logo, OwnTemplate } from '../../../geo/snapshot/own.ts'
import { drawLogo } from '../../../server/page-template/logo.ts'
import { describeOnBothDatabases, type Asking } from '../harness.ts'
import { readPng } from '../snapshot/pixels.ts'

const SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100"><rect width="200" height="100" fill="#b3261e"/><circle cx="50" cy="50" r="30" fill="#fff"/></svg>'
const svg = (inside: string, before = '') => new TextEncoder().encode(`${before}<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 100 100">${inside}</svg>`)

/** A PNG in one grey that claims the size that it is given. */
function png(width: number, height: number, rows = height): Uint8Array {
  const chunk = (type: string, data: Uint8Array) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
    const length = Buffer.alloc(4)
    length.writeUInt32BE(data.length)
    const sum = Buffer.alloc(4)
    sum.writeUInt32BE(crc32(body))
    return Buffer.concat([length, body, sum])
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 0, 0, 0, 0], 8)
  const raw = Buffer.alloc((width + 1) * rows, 90)
  for (let y = 0; y < rows; y++) raw[y * (width + 1)] = 0
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), chunk('IHDR', head), chunk('IDAT', deflateSync(raw)), chunk('IEND', new Uint8Array())])
}

describeOnBothDatabases('own templates', (server) => {
  let office: Asking
  let logo = 0
  const upload = (bytes: Uint8Array, name: string) => {
    const form = new FormData()
    form.set('file', new File([bytes as Uint8Array<ArrayBuffer>], name))
    return office.request('/api/page-logos', { method: 'POST', body: form })
  }
  const KEPT = { name: '区办通用', template: 'briefing', paper: 'A3-landscape', blocks: { legend: { dx: 4, dy: -2 }, troubles: { heading: '需要研究的事项' }, table: { dw: -12.5, dh: 6 }, summary: { hidden: true }, marks: {} }, logo: null as number | null }

  it('should take a logo as PNG or SVG and keep it as a picture drawn anew', async () => {
    office = await server.as('office')
    for (const [bytes, name] of [[new TextEncoder().encode(SVG), '区徽.svg'], [png(300, 200), '标志.png']] as const) expect((await upload(bytes, name)).status).toBe(201)
    const all = await office.json<Logo[]>('/api/page-logos')
    expect(all).toMatchObject([{ name: '区徽', width: 240, height: 120 }, { name: '标志', width: 300, height: 200 }])
    logo = all[0]!.id
    const file = await office.request(`/api/page-logos/${logo}/file.png`)
    expect(file.headers.get('content-type')).toBe('image/png')
    expect(readPng(new Uint8Array(await file.arrayBuffer()))).toMatchObject({ width: 240, height: 120 })
    const [line] = await server.sql<{ action: string }[]>`select action from audit where subject = ${`page-logo/${logo}`}`
    expect(line!.action).toBe('logo.add')
  })

  it.each([
    ['a script', svg('<script>alert(1)</script>'), 'content'],
    ['a handler', svg('<rect width="9" height="9" onload="x()"/>'), 'content'],
    ['a picture from elsewhere', svg('<image href="file:///etc/hostname" width="9" height="9"/>'), 'content'],
    ['foreign content', svg('<foreignObject/>'), 'content'],
    ['entities', svg('<path d="M0 0h9"/>', '<!DOCTYPE svg [<!ENTITY a "aaaa">]>'), 'kind'],
    ['a copy of itself', svg('<defs><g id="a"><path d="M0 0h9"/></g></defs><use href="#a"/>'), 'content'],
    ['a style from elsewhere', svg('<rect width="9" height="9" style="fill:url(http://x/)"/>'), 'content'],
    ['a paint from elsewhere', svg('<rect width="9" height="9" fill="url(http://x/#a)"/>'), 'content'],
    ['dashes without number', svg('<path d="M0 0h900" stroke="#000" stroke-dasharray="0.0001"/>'), 'content'],
    ['too many shapes', svg('<path d="M0 0h9"/>'.repeat(2001)), 'content'],
    ['broken XML', new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"><rect>'), 'broken'],
    ['nothing drawn', svg(''), 'broken'],
    ['a bomb of a PNG', png(30_000, 30_000, 1), 'pixels'],
    ['a strip', png(2000, 10), 'pixels'],
    ['half a PNG', png(100, 100).subarray(0, 60), 'broken'],
    ['another kind of file', new TextEncoder().encode('GIF89a'), 'kind'],
    ['a page of HTML', new TextEncoder().encode('<html><svg></svg></html>'), 'kind'],
  ])('should refuse %s', (_, bytes, fault) => {
    expect(() => drawLogo(bytes)).toThrow(fault)
  })

  it('should answer a refused logo with what is wrong', async () => {
    const answer = await upload(svg('<script/>'), 'x.svg')
    expect([answer.status, ((await answer.json()) as { type: string }).type]).toEqual([422, '/problems/logo-refused'])
  })

  it('should keep a layout under a name, have it renamed, removed and brought back, and audit it', async () => {
    const added = await office.post('/api/page-templates', { ...KEPT, logo })
    expect(added.status, await added.clone().text()).toBe(201)
    const { id } = (await added.json()) as { id: number }
    const [own] = await office.json<OwnTemplate[]>('/api/page-templates')
    expect(own).toEqual({ id, version: 1, name: '区办通用', template: 'briefing', paper: 'A3-landscape', blocks: { legend: { dx: 4, dy: -2 }, troubles: { heading: '需要研究的事项' }, table: { dw: -12.5, dh: 6 }, summary: { hidden: true } }, logo })
    expect((await office.post('/api/page-templates', KEPT)).status).toBe(409)
    const renamed = await office.post(`/api/page-templates/${id}`, { ...own, name: '区办' }, 'PUT')
    expect((await renamed.json()) as object).toMatchObject([{ id, version: 2, name: '区办' }])
    expect((await office.post(`/api/page-templates/${id}`, { ...own, name: '旧的' }, 'PUT')).status).toBe(409)
    expect(await (await office.post(`/api/page-templates/${id}/remove`, { version: 2 })).json()).toEqual([])
    expect(await (await office.post(`/api/page-templates/${id}/restore`, { version: 3 })).json()).toMatchObject([{ id, version: 4 }])
    const actions = await server.sql<{ action: string }[]>`select action from audit where subject = ${`page-template/${id}`} order by id`
    expect(actions.map(({ action }) => action)).toEqual(['template.add', 'template.change', 'template.remove', 'template.restore'])
    const town = await server.as('town-310118110')
    expect((await town.json<OwnTemplate[]>('/api/page-templates')).length).toBe(1)
    expect((await town.post('/api/page-templates', KEPT)).status).toBe(403)
    expect((await office.post('/api/page-templates', { ...KEPT, name: '藏标记', blocks: { marks: { hidden: true } } })).status).toBe(400)
  })

  it('should have the logo in PNG, PDF, PPTX and SVG alike, frozen with the page', async () => {
    const answer = await office.post('/api/snapshots', { view: { plan: 2023, month: '2023-09' }, dpi: 96, logo })
    expect(answer.status, await answer.clone().text()).toBe(202)
    const { id } = (await answer.json()) as { id: number }
    const bytes = async (format: string) => new Uint8Array(await (await office.request(`/api/snapshots/${id}/file.${format}`)).arrayBuffer())
    const detail = await vi.waitFor(
      async () => {
        const found = await office.json<{ status: string; content: { logo?: string } }>(`/api/snapshots/${id}`)
        expect(found.status).toBe('ready')
        return found
      },
      { timeout: 150_000, interval: 300 },
    )
    expect(detail.content.logo).toMatch(/^[0-9a-f]{64}$/)
    expect(new TextDecoder().decode(await bytes('svg'))).toMatch(/<g data-block="logo"><image href="data:image\/png;base64,/)
    // The red of the logo (luminance 79) in the upper left corner, where the plain page is white.
    const { width, grey } = readPng(await bytes('png'))
    const at = (xMm: number, yMm: number) => grey[Math.round((yMm * 96) / 25.4) * width + Math.round((xMm * 96) / 25.4)]!
    expect(Math.abs(at(9.5, 9.5) - 79)).toBeLessThan(12)
    expect(new TextDecoder('latin1').decode(await bytes('pdf'))).toContain('/Subtype /Image')
    const parts = unzipSync(await bytes('pptx'))
    expect(Object.keys(parts).filter((name) => /media\/.*\.png$/.test(name)).length).toBeGreaterThanOrEqual(3)
    // A logo that is removed is offered no more; the page keeps it.
    expect((await office.request(`/api/page-logos/${logo}`, { method: 'DELETE' })).status).toBe(200)
    expect((await office.post('/api/snapshots', { view: { plan: 2023, month: '2023-09' }, logo })).status).toBe(404)
    expect(new TextDecoder().decode(await bytes('svg'))).toContain('data-block="logo"')
  })
})
