import { expect, it } from 'vitest'
import type { Attachment } from '../../../geo/attachment/attachment.ts'
import type { Sheet } from '../../../server/report/sheet.ts'
import { IN_BAIHE, jpegOf } from '../../geo/attachment/jpeg.ts'
import { describeOnBothDatabases, type Asking } from '../harness.ts'

const BAIHE = '310118110'

describeOnBothDatabases('attachments', (server) => {
  const send = (who: Asking, bytes: Uint8Array | string, name: string, subject = '14.1', town = BAIHE, month = '2023-12') => {
    const form = new FormData()
    form.set('file', new File([bytes as BlobPart], name))
    return who.request(`/api/plans/2023/attachments/${month}/${town}?subject=${encodeURIComponent(subject)}`, { method: 'POST', body: form })
  }
  let photo: Attachment

  it('should begin with a few pictures of the demonstration at reports and findings: small, and marked for what they are', async () => {
    const rows = await server.sql<{ kind: string; name: string; type: string; size: number; demo: boolean; takenAt: string }[]>`
      select 'report' as kind, name, type, size, demo, taken_at from attachment union all select stage, name, type, size, demo, taken_at from finding_photo`
    const count = (kind: string) => rows.filter((row) => row.kind === kind).length
    expect(count('report')).toBeGreaterThanOrEqual(3)
    expect(count('found')).toBeGreaterThanOrEqual(3)
    expect(count('fixed')).toBeGreaterThanOrEqual(1)
    for (const row of rows) expect(row).toMatchObject({ type: 'png', demo: true, name: `演示照片 ${row.takenAt.slice(0, 10)}.png` })
    expect(rows.reduce((sum, { size }) => sum + size, 0)).toBeLessThan(300_000)
  })

  it('should be kept with the time and place that the camera says, and sent out as what they are', async () => {
    await server.sql`delete from report where measure_id = '14.1' and town = ${BAIHE} and month = '2023-12'`
    const town = await server.as('town-310118110')
    const answer = await send(town, jpegOf(IN_BAIHE), '测产.png')
    expect(answer.status, await answer.clone().text()).toBe(201)
    photo = (await answer.json()) as Attachment
    expect(photo).toMatchObject({ name: '测产.jpg', type: 'jpeg', takenAt: '2023-12-18T09:30:05', place: [121.135, 31.2426667], demo: true, addedBy: 'town-310118110' })
    const file = await town.request(`/api/attachments/${photo.id}/file`)
    expect(file.headers.get('content-type')).toBe('image/jpeg')
    // Whatever it pretends to be besides: a browser takes it for nothing else.
    expect(file.headers.get('x-content-type-options')).toBe('nosniff')
    expect(file.headers.get('content-security-policy')).toContain("script-src 'self'")
    expect(new Uint8Array(await file.arrayBuffer())).toEqual(jpegOf(IN_BAIHE))
    expect((await town.request(`/api/attachments/${photo.id}/file`, { headers: { 'if-none-match': file.headers.get('etag')! } })).status).toBe(304)
    const sheet = await town.json<Sheet>(`/api/plans/2023/sheets/2023-12/${BAIHE}`)
    expect(sheet.rows.find(({ measure }) => measure === '14.1')!.attachments).toEqual([photo])
    expect((await send(town, '%PDF-1.7 …', '方案', '17/submission')).status).toBe(201)
  })

  it('should stand on the map for those who may read the sheet', async () => {
    const features = async (who: Asking) => (await who.json<{ features: { id: number; geometry: { coordinates: number[] } }[] }>('/api/plans/2023/photos?month=2023-12')).features
    expect(await features(await server.as('town-310118110'))).toMatchObject([
      { id: photo.id, geometry: { coordinates: photo.place }, properties: { addedBy: 'town-310118110', addedByName: '白鹤镇填报员', takenAt: '2023-12-18T09:30:05' } },
    ])
    expect(await features(await server.as('dept-01'))).toHaveLength(1)
    expect(await features(await server.as('town-310118105'))).toEqual([])
    expect(await features(await server.as('dept-02'))).toEqual([])
  })

  it('should be refused for what they are, for their size, for another’s cell and for one that nobody asks for', async () => {
    const town = await server.as('town-310118110')
    for (const [bytes, name] of [
      ['<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', '图.jpg'],
      ['<html></html>', '表.pdf'],
      ['MZ', 'x.docx'],
      [new Uint8Array([0x50, 0x4b, 0x03, 0x04, 0, 0]), 'x.xlsx'],
    ] as const) {
      const answer = await send(town, bytes, name)
      expect(answer.status, name).toBe(422)
      expect(await answer.json()).toMatchObject({ type: '/problems/attachment-type' })
    }
    expect((await send(town, '', 'x.jpg')).status).toBe(422)
    const large = new Uint8Array(10 * 1024 * 1024 + 1)
    large.set(jpegOf())
    expect((await send(town, large, 'x.jpg')).status).toBe(422)
    const other = await server.as('town-310118105')
    expect((await send(other, jpegOf(), 'x.jpg')).status).toBe(403)
    expect((await other.request(`/api/attachments/${photo.id}/file`)).status).toBe(403)
    expect((await other.request(`/api/attachments/${photo.id}`, { method: 'DELETE' })).status).toBe(403)
    expect((await (await server.as(null)).request(`/api/attachments/${photo.id}/file`)).status).toBe(401)
    expect((await send(town, jpegOf(), 'x.jpg', '13/milestone/13.1/1')).status).toBe(404)
    expect((await send(town, jpegOf(), 'x.jpg', '99/finding')).status).toBe(404)
    expect((await send(town, jpegOf(), 'x.jpg', '../..')).status).toBe(400)
    expect((await town.request(`/api/plans/2023/attachments/2023-12/${BAIHE}?subject=14.1`, { method: 'POST', body: '{}' })).status).toBe(422)
  })

  it('should stay as they are while a report is under review, and be taken away but not lost before', async () => {
    const town = await server.as('town-310118110')
    const key = { measure: '14.1', town: BAIHE, month: '2023-12' }
    const answers = ['below-last', 'over-quota'].map((check) => ({ check, reason: '测产复核' }))
    await town.post('/api/plans/2023/reports', { reports: [{ ...key, version: 0, value: 12000, answers }] }, 'PUT')
    expect((await town.post('/api/plans/2023/reports/submit', { reports: [{ ...key, version: 1 }] })).status).toBe(200)
    expect((await send(town, jpegOf(), 'x.jpg')).status).toBe(409)
    expect((await town.request(`/api/attachments/${photo.id}`, { method: 'DELETE' })).status).toBe(409)
    await town.post('/api/plans/2023/reports/withdraw', { reports: [{ ...key, version: 2 }] })
    expect((await town.request(`/api/attachments/${photo.id}`, { method: 'DELETE' })).status).toBe(204)
    expect((await town.request(`/api/attachments/${photo.id}/file`)).status).toBe(404)
    const [kept] = await server.sql<{ removedBy: string; size: number }[]>`select removed_by, length(bytes) as size from attachment where id = ${photo.id}`
    expect(kept).toEqual({ removedBy: 'town-310118110', size: jpegOf(IN_BAIHE).length })
    const trail = await server.sql<{ action: string }[]>`select action from audit where subject = ${`attachment/${photo.id}`} order by id`
    expect(trail.map(({ action }) => action)).toEqual(['attachment.add', 'attachment.remove'])
  })

  it('should be held by the database to their own town, even with a wrong query', async () => {
    const { beginAs } = await import('../../../server/database/wall.ts')
    const person = { account: 'x', name: 'x', grants: [{ role: 'reporter' as const, scope: '310118105' }], readOnly: false }
    expect(await beginAs(server.sql, true, person, (tx) => tx`update attachment set name = 'x' returning id`)).toHaveLength(0)
  })
})
