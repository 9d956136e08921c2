import { expect, it } from 'vitest'
import { placeAt, type Line } from '../../../geo/shape/along.ts'
import { metresBetween } from '../../../geo/shape/measure.ts'
import { describeOnBothDatabases } from '../harness.ts'

const [BAIHE, OTHER] = ['310118110', '310118105'] as const
/** The smallest PNG there is. */
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')

interface Finding {
  id: number
  version: number
  town: string
  place: [number, number]
  road: { feature: number; chainage: number; name: string | null } | null
  history: { act: string; changed: Record<string, [unknown, unknown]> | null }[]
}

describeOnBothDatabases('chainage', (server) => {
  const roadIn = async (town: string) => {
    const { features } = await server.json<{ features: { id: number; geometry: Line; about: { version: number; lengthM: number } }[] }>(`/api/layers/roads/features?town=${town}&filter=works:upgrade&limit=1`)
    return features[0]!
  }
  const content = { task: 9, title: '路面破损', foundOn: '2023-06-01' }
  const hang = async (who: string, body: object) => (await server.as(who)).post('/api/plans/2023/findings', { ...content, ...body })

  it('should hang a finding on a road at a chainage: its place and town follow from the line, and it is found by its road', async () => {
    const road = await roadIn(BAIHE)
    const answer = await hang(`town-${BAIHE}`, { road: { feature: road.id, chainage: 350.5 } })
    expect(answer.status, await answer.clone().text()).toBe(201)
    const finding = (await answer.json()) as Finding
    expect(finding).toMatchObject({ town: BAIHE, road: { feature: road.id, chainage: 350.5, name: '演示路段（白鹤 1）' } })
    expect(metresBetween(finding.place, placeAt(road.geometry, 350.5))).toBeLessThan(0.02)
    // The database reckons the same: as far along as the line is long up to there.
    const [row] = await server.sql<{ off: number }[]>`
      select ST_Distance(f.place::geography, r.geom::geography) as off from finding f join feature r on r.layer = 'roads' and r.id = f.road_feature where f.id = ${finding.id}`
    expect(row!.off).toBeLessThan(0.05)
    const { findings } = await server.json<{ findings: Finding[] }>(`/api/plans/2023/findings?road=${road.id}`)
    expect(findings.map(({ id }) => id)).toEqual([finding.id])

    // Moved along the road, then off it.
    const put = async (change: object) => (await (await (await server.as(`town-${BAIHE}`)).post(`/api/plans/2023/findings/${finding.id}`, change, 'PUT')).json()) as Finding
    const moved = await put({ version: 1, road: { feature: road.id, chainage: 900 } })
    expect(metresBetween(moved.place, placeAt(road.geometry, 900))).toBeLessThan(0.02)
    expect(moved.history.at(-1)!.changed).toMatchObject({ road: [{ feature: road.id, chainage: 350.5 }, { feature: road.id, chainage: 900 }] })
    const renamed = await put({ version: 2, title: '路面塌陷' })
    expect(renamed).toMatchObject({ place: moved.place, road: { chainage: 900 } })
    expect((await put({ version: 3, place: placeAt(road.geometry, 100) })).road).toBeNull()
  })

  it('should keep what was found on a road that is deleted, and refuse what lies on none', async () => {
    const road = await roadIn(OTHER)
    const finding = (await (await hang('office', { road: { feature: road.id, chainage: 10 } })).json()) as Finding
    const planner = await server.as('planner')
    expect((await planner.request(`/api/layers/roads/features/${road.id}?version=${road.about.version}`, { method: 'DELETE' })).status).toBe(204)
    expect(await server.json<Finding>(`/api/plans/2023/findings/${finding.id}`)).toMatchObject({ place: finding.place, road: { feature: road.id, chainage: 10, name: null } })
    for (const [body, field] of [
      [{ road: { feature: road.id, chainage: 10 } }, 'road/feature'],
      [{ road: { feature: (await roadIn(BAIHE)).id, chainage: 5000 } }, 'road/chainage'],
    ] as const) {
      const refused = await hang('office', body)
      expect([refused.status, ((await refused.json()) as { field: string }).field]).toEqual([422, field])
    }
    expect((await hang('office', {})).status).toBe(400)
    expect((await hang('office', { road: { feature: 1, chainage: -1 } })).status).toBe(400)
    // In another's town, also by a road.
    expect((await hang(`town-${OTHER}`, { road: { feature: (await roadIn(BAIHE)).id, chainage: 10 } })).status).toBe(403)
    await expect(server.sql`update finding set road_feature = null where id = ${finding.id}`).rejects.toThrow(/finding_on_road/)
  })

  it('should hang dated photos on a road at a chainage: who edits roads adds and takes away, all readers see them, each step leaves a line', async () => {
    const road = await roadIn(BAIHE)
    const add = async (who: string, query: string, bytes: Uint8Array = PNG) => {
      const form = new FormData()
      form.set('file', new File([new Uint8Array(bytes)], '现场.png'))
      return (await server.as(who)).request(`/api/roads/${road.id}/photos?${query}`, { method: 'POST', body: form })
    }
    for (const who of [`town-${BAIHE}`, 'leader', 'admin']) expect((await add(who, 'chainage=350')).status, who).toBe(403)
    const added = await add('planner', 'chainage=350&takenOn=2023-06-01&words=铺设基层')
    expect(added.status, await added.clone().text()).toBe(201)
    const photo = (await added.json()) as { id: number }
    expect(photo).toMatchObject({ road: road.id, chainage: 350, takenOn: '2023-06-01', words: '铺设基层', type: 'png', demo: true })
    const past = await add('planner', 'chainage=9000')
    expect([past.status, ((await past.json()) as { params: object }).params]).toEqual([422, { chainage: 'K9+000', end: expect.stringMatching(/^K1\+30\d/) as string }])
    expect((await add('planner', 'chainage=350', new TextEncoder().encode('no picture'))).status).toBe(422)
    expect((await add('planner', 'chainage=350&takenOn=2999-01-01')).status).toBe(400)
    const reader = await server.as(`town-${OTHER}`)
    expect(await reader.json<{ id: number }[]>(`/api/roads/${road.id}/photos`)).toHaveLength(1)
    const file = await reader.request(`/api/road-photos/${photo.id}/file`)
    expect([file.headers.get('content-type'), Buffer.from(await file.arrayBuffer()).equals(PNG)]).toEqual(['image/png', true])
    expect((await reader.request(`/api/road-photos/${photo.id}`, { method: 'DELETE' })).status).toBe(403)
    expect((await (await server.as('office')).request(`/api/road-photos/${photo.id}`, { method: 'DELETE' })).status).toBe(204)
    expect(await server.json(`/api/roads/${road.id}/photos`)).toEqual([])
    expect((await server.request(`/api/road-photos/${photo.id}/file`)).status).toBe(404)
    const trail = await server.sql<{ action: string }[]>`select action from audit where subject = ${`feature/roads/${road.id}`} and action like 'road.%' order by id`
    expect(trail.map(({ action }) => action)).toEqual(['road.photo.add', 'road.photo.remove'])
  })
})
