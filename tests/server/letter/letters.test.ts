import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { exampleOf, LETTER_KINDS, LETTERS, type LetterKind } from '../../../geo/letter/letter.ts'
import type { Light } from '../../../geo/light/light.ts'
import { taskLightList } from '../../../geo/light/task-light.ts'
import { builtTemplate } from '../../../seeds/letters/build.ts'
import { builtIn } from '../../../server/letter/store.ts'
import { checkTemplate, fillTemplate, openTemplate, textOfLetter } from '../../../server/letter/template.ts'
import { checkXml } from '../../../server/task-list/doors/xml.ts'
import { unzip, zip } from '../../../server/task-list/doors/zip.ts'
import { describeOnBothDatabases, type Asking } from '../harness.ts'
import { DRAFT, publishOne } from '../notice/publish.ts'
import { convertByOffice, findSoffice } from '../office.ts'

const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
const hasPdftotext = (() => {
  try {
    execFileSync('pdftotext', ['-v'], { stdio: 'pipe' })
    return true
  } catch {
    return false
  }
})()

/** A template as somebody has changed it in Word. */
async function edited(kind: LetterKind, change: (xml: string) => string, more: Record<string, string> = {}): Promise<Uint8Array> {
  const parts = unzip(await builtIn(kind), () => true)
  parts.set('word/document.xml', new TextEncoder().encode(change(new TextDecoder().decode(parts.get('word/document.xml')))))
  for (const [name, text] of Object.entries(more)) parts.set(name, new TextEncoder().encode(text))
  return zip(parts)
}
const saysInstead = (before: string, after: string) => (xml: string) => {
  expect(xml).toContain(before)
  return xml.replace(before, after)
}

describe('templates of letters', () => {
  it.each(LETTER_KINDS)('should ship the %s as it is drawn up, sound, with every field of its own placed or known', async (kind) => {
    const [shipped, drawn] = [await builtIn(kind), await builtTemplate(kind)]
    const documentOf = (bytes: Uint8Array) => new TextDecoder().decode(unzip(bytes, (name) => name === 'word/document.xml').get('word/document.xml'))
    expect(documentOf(shipped)).toBe(documentOf(drawn))
    expect(documentOf(shipped)).toContain('<w:pgMar w:top="2098" w:right="1474" w:bottom="1985" w:left="1588"')
    expect(checkTemplate(kind, openTemplate(shipped))).toEqual([])
    const letter = fillTemplate(kind, shipped, exampleOf(LETTERS[kind].fields))
    for (const [name, part] of unzip(letter, () => true)) if (/\.(xml|rels)$/.test(name)) checkXml(part)
    const text = textOfLetter(letter).join('\n')
    expect(text).not.toMatch(/[{}]/)
    expect(text).toContain('演示数据，并非真实情况')
  })

  it('should leave no trace of the mark where the figures are real', async () => {
    const text = textOfLetter(fillTemplate('bulletin', await builtIn('bulletin'), { ...exampleOf(LETTERS.bulletin.fields), demo: '', redTasks: [] }))
    expect(text.join('\n')).not.toContain('演示')
    expect(text).toContain('本月没有红灯事项。')
  })

  it('should find placeholders that Word has cut into pieces', async () => {
    const bytes = await edited('order', (xml) => xml.replace('{事由}', '{事</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>由}'))
    expect(checkTemplate('order', openTemplate(bytes))).toEqual([])
    expect(textOfLetter(fillTemplate('order', bytes, exampleOf(LETTERS.order.fields))).join('\n')).toContain('水稻种植未达 6 月 20 日节点')
  })

  it.each([
    ['a field that there is not', saysInstead('{事由}', '{事由书}'), { fault: 'field-unknown', name: '事由书', place: expect.stringMatching(/^正文第 \d+ 段$/), text: '{事由书}' }],
    ['one of a repetition outside of it', saysInstead('{事由}', '{经办}'), { fault: 'field-unknown', name: '经办' }],
    ['a repetition as a value', saysInstead('{事由}', '{办理过程}'), { fault: 'value-of-loop', name: '办理过程' }],
    ['markup', saysInstead('{事由}', '{@事由}'), { fault: 'raw', name: '事由' }],
    ['a loop that nobody closes', saysInstead('{/办理过程}', ''), { fault: 'unbalanced' }],
    ['a brace too few', saysInstead('{事由}', '{事由'), { fault: 'unbalanced' }],
    ['no mark for made-up figures', (xml: string) => xml.replaceAll('演示}', '状态}'), { fault: 'demo-missing', name: '' }],
  ])('should name %s, and where', async (_, change, fault) => {
    expect(checkTemplate('order', openTemplate(await edited('order', change)))).toContainEqual(expect.objectContaining(fault))
  })

  it.each([
    ['no zip', async () => new TextEncoder().encode('PK nothing')],
    ['macros', async () => edited('order', (xml) => xml, { 'word/vbaProject.bin': 'x' })],
    ['another program’s file inside', async () => edited('order', (xml) => xml, { 'word/embeddings/oleObject1.bin': 'x' })],
    ['a template that Word would fetch', async () => edited('order', (xml) => xml, { 'word/_rels/settings.xml.rels': '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" Target="http://example.org/x.dotm" TargetMode="External"/></Relationships>' })],
    ['entities', async () => edited('order', (xml) => xml.replace(/^(<\?xml[^>]*\?>)?/, '$1<!DOCTYPE x [<!ENTITY a "b">]>'))],
    ['a workbook', async () => zip(new Map([['[Content_Types].xml', new TextEncoder().encode('<Types/>')], ['xl/workbook.xml', new TextEncoder().encode('<x/>')]]))],
    ['a bomb', async () => edited('order', (xml) => xml, { 'word/media/big.xml': `<a>${' '.repeat(30_000_000)}</a>` })],
  ])('should refuse %s', async (_, make) => {
    const bytes = await make()
    expect(() => openTemplate(bytes)).toThrow('letter-file')
  })
})

describeOnBothDatabases('letters', (server) => {
  const letter = async (who: Asking, path: string) => {
    const answer = await who.request(path)
    expect(answer.status, answer.status === 200 ? '' : await answer.clone().text()).toBe(200)
    expect(answer.headers.get('content-type')).toBe(DOCX)
    return new Uint8Array(await answer.arrayBuffer())
  }
  const formOf = (bytes: Uint8Array, name = '督办单.docx') => {
    const form = new FormData()
    form.set('file', new File([bytes as never], name))
    return { method: 'POST', body: form }
  }

  it('should make the month’s bulletin with the figures that were known when the month was closed', async () => {
    const bytes = await letter(await server.as('leader'), '/api/plans/2023/months/2023-09/bulletin/file.docx')
    const lines = textOfLetter(bytes)
    const text = lines.join('\n')
    const [month] = (await server.json<{ id: string; closedOn: string | null }[]>('/api/plans/2023/months')).filter(({ id }) => id === '2023-09')
    expect(month!.closedOn).not.toBeNull()
    const lights = await server.json<Light[]>(`/api/plans/2023/lights?asOf=2023-09-30&knownAt=${month!.closedOn}`)
    const tasks = taskLightList(lights.filter(({ reasonKey }) => reasonKey !== 'no-quota'))
    const count = (colour: string) => tasks.filter(({ light }) => light === colour).length
    expect(text).toContain('关于青浦区2023年9月乡村振兴重点任务进展情况的通报')
    expect(text).toContain(`亮红灯 ${count('red')} 盏、黄灯 ${count('yellow')} 盏、绿灯 ${count('green')} 盏`)
    expect(text).toContain('演示数据，并非真实情况')
    expect(lines.filter((line) => /^\d+．/.test(line))).toHaveLength(count('red') + count('yellow'))
    for (const { because } of tasks.filter(({ light }) => light === 'red')) expect(text).toContain(because.reason)
    const row = lines.indexOf('白鹤镇')
    expect(lines[row + 1]).toBe(String(tasks.filter(({ town, light }) => town === '310118110' && light === 'red').length))
    expect((await server.request('/api/plans/2023/months/2024-01/bulletin/file.docx')).status).toBe(404)
  })

  it('should make the order as it was issued, for who may read it, and the notice exactly as it was published', async () => {
    const made = (await (await server.post('/api/plans/2023/orders', { owner: { town: '310118110' }, task: 14, title: '水稻种植未达节点', demand: '第一行\n第二行', dueOn: '2099-01-01' })).json()) as { id: number; no: number }
    const path = `/api/plans/2023/orders/${made.id}/file.docx`
    const text = textOfLetter(await letter(await server.as('town-310118110'), path)).join('\n')
    for (const words of [`督〔2023〕${made.no} 号`, '白鹤镇', '水稻种植未达节点', '第一行', '第二行', '2099年1月1日', '14 稳定粮食生产', '待回复']) expect(text).toContain(words)
    expect((await (await server.as('town-310118105')).request(path)).status).toBe(403)
    await publishOne(server)
    const [{ id }] = (await server.json<{ id: number }[]>('/api/notices')) as [{ id: number }]
    const notice = textOfLetter(await letter(await server.as(null), `/api/notices/${id}/file.docx`)).join('\n')
    const { sha256, notice: frozen } = await server.json<{ sha256: string; notice: { rows: { townName: string; value: number }[] } }>(`/api/notices/${id}`)
    for (const words of [DRAFT.title, DRAFT.words, DRAFT.contact, sha256, '演示数据', ...frozen.rows.map(({ townName }) => townName), ...frozen.rows.map(({ value }) => value.toLocaleString('en-US'))]) expect(notice).toContain(words)
  })

  it('should take an edited template, keep every version, and go back', async () => {
    const office = await server.as('office')
    const template = await edited('order', saysInstead('督 办 单', '督查督办通知单'))
    const before = (await office.json<{ kind: string; version: number }[]>('/api/letters')).find(({ kind }) => kind === 'order')!
    const stored = await office.request(`/api/letters/order/template?version=${before.version}&words=${encodeURIComponent('改标题')}`, formOf(template))
    expect(stored.status, await stored.clone().text()).toBe(201)
    const [order] = await server.json<{ id: number }[]>('/api/plans/2023/orders')
    const titleNow = async () => textOfLetter(await letter(office, `/api/plans/2023/orders/${order!.id}/file.docx`)).join('\n')
    expect(await titleNow()).toContain('督查督办通知单')
    expect(new Uint8Array(await (await office.request('/api/letters/order/template/file.docx')).arrayBuffer())).toEqual(new Uint8Array(template))
    // Two people at once: the second is told.
    expect((await office.request(`/api/letters/order/template?version=${before.version}`, formOf(template))).status).toBe(409)
    expect((await office.post('/api/letters/order/restore', { of: 0, version: before.version + 1 })).status).toBe(201)
    expect(await titleNow()).toContain('督 办 单')
    expect((await office.post('/api/letters/order/restore', { of: before.version + 1, version: before.version + 2 })).status).toBe(201)
    expect(await titleNow()).toContain('督查督办通知单')
    const now = (await office.json<{ kind: string; versions: { act: string; words: string }[] }[]>('/api/letters')).find(({ kind }) => kind === 'order')!
    expect(now.versions.slice(0, 3).map(({ act }) => act)).toEqual(['restore', 'reset', 'upload'])
    const trail = await server.sql<{ action: string }[]>`select action from audit where subject = 'letter/order' order by id desc limit 3`
    expect(trail.map(({ action }) => action)).toEqual(['letter.restore', 'letter.reset', 'letter.upload'])
    await expect(server.sql`update letter_template set words = 'x'`).rejects.toThrow('append-only')
  })

  it('should refuse what is wrong with words that say where, store nothing of it, and let nobody else in', async () => {
    const office = await server.as('office')
    const wrong = await edited('bulletin', saysInstead('{期号}', '{文号}'))
    const tried = await office.request('/api/letters/bulletin/try', formOf(wrong))
    expect(await tried.json()).toMatchObject({ faults: [{ fault: 'field-unknown', name: '文号', text: '{文号}' }], text: [] })
    const refused = await office.request('/api/letters/bulletin/template?version=0', formOf(wrong))
    expect(refused.status).toBe(422)
    expect(((await refused.json()) as { words: Record<string, string> }).words['zh-CN']).toMatch(/正文第 \d+ 段：\{文号\} 没有这个字段/)
    const macros = await office.request('/api/letters/bulletin/template?version=0', formOf(await edited('bulletin', (xml) => xml, { 'word/vbaProject.bin': 'x' })))
    expect(macros.status).toBe(422)
    expect((await server.sql<{ n: number }[]>`select count(*)::int as n from letter_template where kind = 'bulletin'`)[0]!.n).toBe(0)
    const good = await office.request('/api/letters/bulletin/try', formOf(await builtIn('bulletin')))
    expect(((await good.json()) as { text: string[] }).text.length).toBeGreaterThan(20)
    for (const account of ['leader', 'town-310118110', 'planner']) expect((await (await server.as(account)).request('/api/letters')).status).toBe(403)
  })

  it.skipIf(server.kind !== 'embedded' || !findSoffice() || !hasPdftotext)('should open in LibreOffice with its figures on A4 pages', async () => {
    const [order] = await server.json<{ id: number }[]>('/api/plans/2023/orders')
    const pages = convertByOffice({ 'bulletin.docx': await letter(server, '/api/plans/2023/months/2023-09/bulletin/file.docx'), 'order.docx': await letter(server, `/api/plans/2023/orders/${order!.id}/file.docx`) }, 'pdf')
    const folder = mkdtempSync(join(tmpdir(), 'xiangtu-letters-'))
    const textOf = (name: string) => {
      writeFileSync(join(folder, name), pages[name]!)
      return execFileSync('pdftotext', ['-layout', join(folder, name), '-'], { encoding: 'utf8' }).replace(/\s+/g, '')
    }
    expect(textOf('bulletin.pdf')).toContain('关于青浦区2023年9月乡村振兴重点任务进展情况的通报')
    expect(textOf('bulletin.pdf')).toMatch(/亮红灯\d+盏、黄灯\d+盏、绿灯\d+盏/)
    expect(textOf('bulletin.pdf')).toContain('—1—')
    expect(textOf('order.pdf')).toContain('督办要求')
    expect(execFileSync('pdfinfo', [join(folder, 'bulletin.pdf')], { encoding: 'utf8' })).toMatch(/Page size:\s+595\.\d+ x 841\.\d+ pts \(A4\)/)
  })
})
