import { expect, it } from 'vitest'
import { z } from 'zod'
import { describeOnBothDatabases } from './harness.ts'
import { publishOne } from './notice/publish.ts'

interface Description {
  paths: Record<string, Record<string, { responses: Record<string, { content?: Record<string, { schema: object }> }> }>>
  components: { schemas: Record<string, object> }
}

const JSON_BODY = { 'content-type': 'application/json' }
const PLACES: Record<string, string> = { page: '1', year: '2023', id: '1', collection: 'towns', month: '2023-12', town: '310118110', measure: '14.1', version: '1', layer: 'villages' }

describeOnBothDatabases('answers', (server) => {
  it('should be what the description of the API says', async () => {
    // The first of what an empty installation has none of.
    await server.post('/api/plans/2023/orders', { owner: { town: PLACES.town }, title: '水稻种植', demand: '请说明', dueOn: '2099-01-01' })
    await server.post('/api/channels', { kind: 'wecom', name: '工作群', address: 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=x', enabled: false })
    await publishOne(server)
    // Their files are not wanted here.
    for (const [path, more] of [['snapshots', {}], ['atlases', { per: 'town' }]] as const) {
      const { id } = (await (await server.post(`/api/${path}`, { view: { plan: 2023, month: '2023-09' }, ...more })).json()) as { id: number }
      await server.post(`/api/${path}/${id}/cancel`, {})
    }
    const { id: pack } = (await (await server.post('/api/packs', { plan: 2023, month: '2023-09' })).json()) as { id: number }
    await server.post(`/api/packs/${pack}/cancel`, {})
    await server.post('/api/checks', { applicant: '白鹤镇', plot: { type: 'Polygon', coordinates: [[[121.1, 31.25], [121.11, 31.25], [121.11, 31.26], [121.1, 31.25]]] } }) // prettier-ignore
    const form = new FormData()
    form.set('layer', 'sites')
    form.set('file', new File(['名称,经度,纬度\n甲,121.1,31.2\n'], '点.csv'))
    expect((await server.request('/api/imports', { method: 'POST', body: form })).status).toBe(201)
    const text = await (await server.request('/api/openapi.json')).text()
    const description = JSON.parse(text.replaceAll('#/components/schemas/', '#/$defs/')) as Description
    let compared = 0
    for (const [path, methods] of Object.entries(description.paths)) {
      // Files, tiles, streams, and what only sends a browser on, have no JSON.
      if (!methods.get || /\/file(\.\w+)?$|\.mvt$/.test(path) || !methods.get.responses['200'] || path.endsWith('/stream')) continue
      const url = path.replace('/api/atlases/{id}', '/api/atlases/2').replace('/api/packs/{id}', `/api/packs/${pack}`).replace('/items/{id}', '/items/310118105').replace('{month}/freezes', '2023-11/freezes').replace(/\{(\w+)\}/g, (_, name: string) => PLACES[name]!)
      const response = await server.request(path.endsWith('/submissions/versions') ? `${url}?task=17&kind=finding&town=310118110&month=2023-12` : url)
      expect(response.status, url).toBe(200)
      const type = response.headers.get('content-type')!.split(';')[0]!
      const schema = methods.get.responses['200']!.content?.[type]?.schema
      expect(schema, `${url} as ${type}`).toBeDefined()
      const asked = z.fromJSONSchema({ ...schema, $defs: description.components.schemas } as never).safeParse(await response.json())
      expect(asked.error?.issues.slice(0, 3), url).toBeUndefined()
      compared++
    }
    expect(compared).toBeGreaterThan(15)
  })

  it.each([
    ['GET', '/api/plans/0x7e7/tasks', 400],
    ['GET', '/api/plans/99999999999999999999/tasks', 400],
    ['GET', '/api/plans/2023/reports?task=99999999999', 400],
    ['GET', '/api/plans/2023/reports?measure=%00', 400],
    ['GET', '/api/plans/2023/reports?town=%00', 400],
    ['GET', '/api/task-lists/1e0', 400],
    ['GET', '/api/task-lists/99999999999', 400],
    ['GET', '/ogc/collections/towns/items?limit=1e300', 400],
    ['POST', '/api/plans', 405],
    ['PATCH', '/api/task-lists/1', 405],
    ['POST', '/healthz', 405],
    ['GET', '/api/nothing', 404],
  ])('should answer %s %s with %i as problem+json', async (method, path, status) => {
    const response = await server.request(path, { method })
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toContain('application/problem+json')
  })

  it('should say which methods an address has', async () => {
    const asked = await server.request('/api/task-lists/1', { method: 'OPTIONS' })
    expect(asked.status).toBe(204)
    expect(asked.headers.get('allow')).toBe('GET, HEAD, DELETE, OPTIONS')
    expect((await server.request('/api/plans', { method: 'PUT' })).headers.get('allow')).toBe('GET, HEAD, OPTIONS')
    expect((await server.request('/api/nothing', { method: 'OPTIONS' })).status).toBe(404)
  })

  it.each([
    ['a form without its parts', 'multipart/form-data; boundary=x', '--x\r\nrubbish'],
    ['a form without a boundary', 'multipart/form-data', 'rubbish'],
    ['broken JSON', 'application/json', '{"te'],
  ])('should answer %s with 422 where a file is wanted', async (_, type, body) => {
    for (const path of ['/api/task-lists/read', '/api/task-lists']) {
      const response = await server.request(path, { method: 'POST', headers: { 'content-type': type }, body })
      expect(response.status).toBe(422)
    }
  })

  it('should refuse a content type that a route does not take with 415', async () => {
    const response = await server.request('/api/task-lists/1/store', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{}' })
    expect(response.status).toBe(415)
  })

  it('should tell a copy that is still good, however a proxy writes its tag', async () => {
    const tag = (await server.request('/api/plans/2023/tasks')).headers.get('etag')!.replace(/^W\//, '')
    for (const known of [tag, `W/${tag}`, `"other", W/${tag}`, '*']) {
      expect((await server.request('/api/plans/2023/tasks', { headers: { 'if-none-match': known } })).status, known).toBe(304)
    }
    expect((await server.request('/api/plans/2023/tasks', { headers: { 'if-none-match': '"other"' } })).status).toBe(200)
  })

  it.each([
    ['gzip', 'gzip'],
    ['br, gzip;q=0.5', 'gzip'],
    ['gzip;q=0', null],
    ['gzip; q=0.0, identity', null],
    ['br', null],
    ['', null],
  ])('should compress for a client that accepts “%s” only if it may', async (accepted, encoding) => {
    const response = await server.request('/api/plans/2023/tasks', { headers: { 'accept-encoding': accepted } })
    expect(response.headers.get('content-encoding')).toBe(encoding)
    expect(response.headers.get('vary')).toContain('accept-encoding')
  })

  it.each([
    ['a NUL', '"a\\u0000b"'],
    ['half a character', '"a\\ud800b"'],
    ['a thousand brackets', `${'['.repeat(1000)}${']'.repeat(1000)}`],
  ])('should refuse a correction with %s, which no database holds', async (_, read) => {
    const body = `{"version":1,"confirmed":[],"corrections":[{"path":"title","read":${read},"corrected":"x","reason":"","at":""}]}`
    const response = await server.request('/api/task-lists/1/corrections', { method: 'PUT', headers: JSON_BODY, body })
    expect(response.status).toBe(400)
  })
})
