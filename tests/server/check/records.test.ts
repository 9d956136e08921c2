/** Checks that are kept: their numbers, what they froze, who sees them, and what becomes of them when the farmland changes. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MultiPolygon, Polygon, Position } from 'geojson'
import { difference, featureCollection, intersect, multiPolygon, polygon } from '@turf/turf'
import { expect, it } from 'vitest'
import type { CheckContent } from '../../../geo/check/content.ts'
import type { Acknowledgement, CheckAct, CheckChange, CheckState, Differences, RunCause } from '../../../geo/check/record.ts'
import { sheetOf, type SheetRecord } from '../../../geo/check/sheet.ts'
import { fromLonLat } from '../../../geo/crs/transform.ts'
import { crsOf } from '../../../geo/crs/crs.ts'
import { formatNumber } from '../../../geo/number/format.ts'
import { polygonArea } from '../../../geo/town/area.ts'
import { runChecksAgain } from '../../../server/check/again.ts'
import { placeChecksAnew } from '../../../server/check/queries.ts'
import { timeOf, todayOf } from '../../../server/clock.ts'
import { formatOf } from '../../../server/format/formats.ts'
import { shapeOfGeometry } from '../../../server/format/shape.ts'
import { sha256Of } from '../../../server/frozen/frozen.ts'
import { describeOnBothDatabases, type Asking } from '../harness.ts'
import { findOgr2ogr, writeByGdal } from '../format/gdal.ts'
import { readPpm } from '../snapshot/pixels.ts'

interface Check {
  id: number
  number: string
  no: number
  applicant: string
  town: string | null
  towns: string[]
  departments: string[]
  state: CheckState
  run: number
  verdict: string
  permanentMu: number
  change: CheckChange
  acknowledgedRun: number
  standingRun: number
  standingVerdict: string
  acknowledgements: (Acknowledgement & { byName: string })[]
  areaMu: number
  dataVersion: number
  version: number
  madeBy: string
  demo: boolean
  next: CheckAct[]
  runs: { no: number; cause: RunCause; by: string; byName: string; verdict: string; dataVersion: number; differences: Differences | null; sha256: string }[]
  shown: number
  content: CheckContent
}
interface Parcel {
  id: number
  geometry: Polygon
  properties: { kind: string }
  about: { version: number }
}
interface Page {
  total: number
  open: number
  changed: number
  unacknowledged: number
  checks: Check[]
}

const has = (program: string) => {
  try {
    execFileSync('which', [program], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
const M2_PER_MU = 10_000 / 15
const BAIHE = '310118110'
const box = (west: number, south: number, east: number, north: number): Polygon => ({ type: 'Polygon', coordinates: [[[west, south], [east, south], [east, north], [west, north], [west, south]]] }) // prettier-ignore
/** Over 白鹤's fields. */
const PLOT = box(121.1, 31.245, 121.112, 31.255)
const sum = (list: readonly { mu: number }[]) => list.reduce((all, { mu }) => all + mu, 0)

/** Points put in between along edges, so that both ways of reckoning take an edge for the same line. */
const dense = (ring: Position[]) =>
  ring.flatMap((to, i) => {
    const from = ring[i - 1]
    if (!from) return [to]
    const steps = Math.max(1, Math.ceil(Math.hypot(to[0]! - from[0]!, to[1]! - from[1]!) / 0.0005))
    return Array.from({ length: steps }, (_, k) => [from[0]! + ((to[0]! - from[0]!) * (k + 1)) / steps, from[1]! + ((to[1]! - from[1]!) * (k + 1)) / steps])
  })
const muOf = (shape: Polygon | MultiPolygon) => (shape.type === 'Polygon' ? [shape.coordinates] : shape.coordinates).reduce((all, rings) => all + polygonArea({ type: 'Polygon', coordinates: rings.map(dense) }) / M2_PER_MU, 0)

describeOnBothDatabases('checks that are kept', (server) => {
  const warned: object[] = []
  const again = () => runChecksAgain(server.sql, server.clock, { warn: (what: object) => void warned.push(what) } as never)
  const keep = async (who: Asking, plot: object = PLOT, more: object = {}) => {
    const answer = await who.post('/api/checks', { plot, applicant: '白鹤镇农业服务中心', purpose: '粮仓扩建', ...more })
    expect(answer.status, await answer.clone().text()).toBe(201)
    return (await answer.json()) as Check
  }
  const act = async (who: Asking, { id, version }: Check, name: CheckAct, words = '') => who.post(`/api/checks/${id}/${name}`, { version, words })
  const parcel = async (who: Asking, geometry: Polygon, number: string, kind = 'permanent') => {
    const answer = await who.post('/api/layers/farmland/features', { geometry, properties: { number, kind } })
    expect(answer.status, await answer.clone().text()).toBe(201)
    return (await answer.json()) as Parcel
  }

  /** The demonstration's, which have the year's first numbers. */
  let seeded = 0
  const numbered = (no: number) => `核查2023-${String(seeded + no).padStart(4, '0')}`

  it('should start with the demonstration’s checks, of every outcome, whose figures are what the check finds', async () => {
    const planner = await server.as('planner')
    const { total, changed, unacknowledged, checks } = await planner.json<Page>('/api/checks')
    seeded = total
    expect([total, changed, unacknowledged]).toEqual([8, 3, 1])
    expect(checks.map(({ number }) => number)).toEqual(Array.from({ length: total }, (_, i) => `核查2023-${String(total - i).padStart(4, '0')}`))
    for (const check of checks) expect(check, check.number).toMatchObject({ demo: true, applicant: expect.stringMatching(/^演示/), towns: [check.town] })
    expect(new Set(checks.map(({ town }) => town)).size).toBe(total)
    const of = (fits: (check: Check) => boolean) => checks.filter(fits).length
    expect([of(({ verdict }) => verdict === 'clear'), of(({ verdict }) => verdict === 'slivers'), of(({ state }) => state === 'closed')]).toEqual([1, 2, 1])
    expect([of(({ run, standingRun, change }) => change === 'seen' && standingRun < run), of(({ run, standingRun, change }) => change === 'seen' && standingRun === run)]).toEqual([1, 1])
    for (const { id, number, run, dataVersion } of checks) {
      const whole = await planner.json<Check>(`/api/checks/${id}`)
      const { plot, result, remainingMu, remaining } = whole.content
      // What is asked anew finds the same, and the parts add up.
      const asked = (await (await planner.post('/api/checks/farmland', plot)).json()) as { verdict: string; permanent: { mu: number }; parcels: object[]; dataVersion: number }
      expect(asked, number).toMatchObject({ verdict: result.verdict, permanent: { mu: expect.closeTo(result.permanent.mu, 6) } })
      if (whole.state === 'open') expect([asked.dataVersion, asked.parcels.length], number).toEqual([dataVersion, result.parcels.length])
      expect(Math.abs(result.permanent.mu + remainingMu - result.areaMu), number).toBeLessThan(0.01)
      expect(muOf(plot), number).toBeCloseTo(result.areaMu, 2)
      if (result.verdict === 'touches') expect(muOf(remaining!), number).toBeCloseTo(remainingMu, 2)
      if (run === 2) expect(whole.runs.map(({ cause, verdict }) => [cause, verdict]), number).toEqual([['data', 'touches'], ['first', 'clear']]) // prettier-ignore
    }
    const [trail] = await server.sql<{ kept: number; seen: number; closed: number }[]>`
      select (count(*) filter (where action = 'check.keep'))::int as kept, (count(*) filter (where action = 'check.acknowledge'))::int as seen, (count(*) filter (where action = 'check.close'))::int as closed from audit`
    expect(trail).toEqual({ kept: 8, seen: 2, closed: 1 })
  })

  it('should keep the result with the plot as it was given, adding up within 0.01 亩 and as an independent reckoning has it, under a hash that proves itself', async () => {
    server.clock.set('2023-11-05T02:00:00Z')
    const planner = await server.as('planner')
    const check = await keep(planner)
    expect(check).toMatchObject({ number: numbered(1), state: 'open', town: BAIHE, towns: [BAIHE], run: 1, madeBy: 'planner', demo: true, next: ['again', 'close'] })
    const { result, touched, remaining, remainingMu, ground, plot, boundary } = check.content
    expect(plot).toEqual({ type: 'MultiPolygon', coordinates: [PLOT.coordinates] })
    expect(result.areaMu).toBeCloseTo(muOf(PLOT), 2)
    expect(Math.abs(result.permanent.mu + remainingMu - result.areaMu)).toBeLessThan(0.01)
    for (const list of [result.byKind, result.byTown]) expect(Math.abs(sum(list) - sum(result.parcels))).toBeLessThan(0.01)
    expect(result.verdict).toBe('touches')
    // Turf cuts and measures the very shapes that are kept, and the parcels as they are listed.
    expect(muOf(touched!)).toBeCloseTo(result.permanent.mu, 2)
    expect(muOf(remaining!)).toBeCloseTo(remainingMu, 2)
    const rest = difference(featureCollection<Polygon | MultiPolygon>([polygon(PLOT.coordinates), multiPolygon(touched!.coordinates)]))!.geometry
    expect(muOf(rest)).toBeCloseTo(remainingMu, 2)
    const { features } = await server.json<{ features: Parcel[] }>('/api/layers/farmland/features?limit=1000&bbox=121.1,31.245,121.112,31.255')
    for (const one of result.parcels.slice(0, 20)) {
      const cut = intersect(featureCollection([polygon(PLOT.coordinates), polygon(features.find(({ id }) => id === one.id)!.geometry.coordinates)]))
      expect(cut ? muOf(cut.geometry) : 0, one.number).toBeCloseTo(one.mu, 2)
    }
    expect(ground.parcels.length).toBeGreaterThan(5)
    expect(ground.towns.map(({ town }) => town)).toContain(BAIHE)
    expect(boundary).toMatchObject({ kind: '示意' })
    const [stored] = await server.sql<{ content: string; sha256: string; trail: number }[]>`
      select content, sha256, (select count(*)::int from audit where action = 'check.keep' and subject = ${`check/${check.id}`}) as trail from farmland_check_run where check_id = ${check.id}`
    expect(sha256Of(stored!.content)).toBe(check.runs[0]!.sha256)
    expect(stored).toMatchObject({ sha256: check.runs[0]!.sha256, trail: 1 })
    expect(JSON.parse(stored!.content)).toEqual(check.content)
    // The question that stores nothing says the same.
    const asked = (await (await planner.post('/api/checks/farmland', PLOT)).json()) as { permanent: object; towns: string[] }
    expect(asked).toMatchObject({ permanent: result.permanent, towns: [BAIHE] })
    // Parcels themselves, several together: nothing is left of them.
    const ids = features.filter(({ properties }) => properties.kind === 'permanent').slice(0, 6)
    const whole = { type: 'MultiPolygon', coordinates: ids.map(({ geometry }) => geometry.coordinates) }
    expect(await (await planner.post('/api/checks/farmland', whole)).json()).toMatchObject({ verdict: 'touches', remaining: null, remainingMu: 0, permanent: { share: expect.closeTo(1, 6) } })
  })

  it('should give each number once and leave none out, however many are kept at once and whatever fails between', async () => {
    const planner = await server.as('planner')
    const office = await server.as('office')
    const tries = await Promise.all(
      Array.from({ length: 12 }, (_, i) => (i % 4 === 3 ? planner.post('/api/checks', { plot: PLOT, applicant: '' }) : keep(i % 2 ? planner : office, box(121.1 + i / 1000, 31.2, 121.1005 + i / 1000, 31.2005)))),
    )
    const kept = tries.filter((one): one is Check => 'number' in one)
    expect(kept.length).toBe(9)
    expect(kept.map(({ no }) => no).sort((a, b) => a - b)).toEqual(Array.from({ length: 9 }, (_, i) => seeded + i + 2))
    // Another year counts from one; the day is China's.
    server.clock.set('2023-12-31T16:30:00Z')
    expect((await keep(server)).number).toBe('核查2024-0001')
    // Within the hour after which a session that nobody used has ended.
    server.clock.set('2023-11-05T02:20:00Z')
    expect((await keep(planner)).number).toBe(numbered(11))
    const { total } = await planner.json<Page>(`/api/checks?q=${encodeURIComponent(numbered(11))}`)
    expect(total).toBe(1)
  })

  it('should run open checks again when farmland changes, keep what is different, and tell who made them', async () => {
    const [planner, office] = [await server.as('planner'), await server.as('office')]
    await again()
    // Beyond the district's fields; and one that a change elsewhere is nothing to.
    const [near, far, closed] = [await keep(planner, box(120.5, 31.1, 120.502, 31.102)), await keep(planner, box(120.6, 31.1, 120.602, 31.102)), await keep(planner, box(120.5, 31.1, 120.502, 31.102))]
    expect((await act(planner, closed, 'close', '另选他址')).status).toBe(200)
    const unread = async () => (await planner.json<{ items: { kind: string; path: string; params: Record<string, unknown> }[] }>('/api/inbox')).items.filter(({ kind }) => kind === 'check-changed')
    const before = (await unread()).length
    const added = await parcel(office, box(120.501, 31.1, 120.503, 31.102), '永新')
    await again()
    const now = await planner.json<Check>(`/api/checks/${near.id}`)
    expect(now).toMatchObject({ run: 2, verdict: 'touches', shown: 2, state: 'open' })
    expect(now.dataVersion).toBeGreaterThan(near.dataVersion)
    expect(now.runs.map(({ no, cause }) => [no, cause])).toEqual([[2, 'data'], [1, 'first']]) // prettier-ignore
    const { verdict, amounts, parcels } = now.runs[0]!.differences!
    expect(verdict).toEqual({ before: 'clear', after: 'touches' })
    expect(amounts.find(({ what }) => what === 'permanent')).toMatchObject({ before: 0, after: expect.closeTo(now.areaMu / 2, 2) })
    expect(parcels).toMatchObject([{ number: '永新', kind: 'permanent', before: null }])
    // The first run stays as it was.
    expect((await planner.json<Check>(`/api/checks/${near.id}?run=1`)).content).toEqual(near.content)
    expect(await planner.json<Check>(`/api/checks/${far.id}`)).toMatchObject({ run: 1, verdict: 'clear', dataVersion: now.dataVersion })
    expect(await planner.json<Check>(`/api/checks/${closed.id}`)).toMatchObject({ run: 1, verdict: 'clear', dataVersion: closed.dataVersion, state: 'closed' })
    const told = await unread()
    expect(told.length).toBe(before + 1)
    expect(told[0]).toMatchObject({ path: `/checks/${near.id}`, params: { number: near.number, before: '0', verdict: '不涉及永久基本农田 → 占用永久基本农田' } })
    expect(await planner.json<Page>('/api/checks?changed=true')).toMatchObject({ changed: expect.any(Number) })
    expect((await planner.json<Page>('/api/checks?changed=true&verdict=touches')).checks.map(({ id }) => id)).toContain(near.id)
    // Once is enough, also where two processes look at the same moment.
    await Promise.all([again(), again()])
    expect((await planner.json<Check>(`/api/checks/${near.id}`)).run).toBe(2)

    // Half of it goes, then all; a run by hand finds it before the queue does, and tells nobody who knows.
    const moved = await office.post(`/api/layers/farmland/features/${added.id}`, { geometry: box(120.5015, 31.1, 120.503, 31.102), properties: { number: '永新', kind: 'permanent' }, version: 1 }, 'PUT')
    expect(moved.status, await moved.clone().text()).toBe(200)
    const third = (await (await act(planner, now, 'again')).json()) as Check
    expect(third).toMatchObject({ run: 3, runs: [{ no: 3, cause: 'hand', by: 'planner' }, {}, {}] })
    expect((await (await act(planner, third, 'again')).json()) as Check).toMatchObject({ run: 3 })
    expect((await unread()).length).toBe(before + 1)
    expect((await office.request(`/api/layers/farmland/features/${added.id}?version=2`, { method: 'DELETE' })).status).toBe(204)
    await again()
    expect(await planner.json<Check>(`/api/checks/${near.id}`)).toMatchObject({ run: 4, verdict: 'clear', permanentMu: 0 })
    // Opened again, it has its turn with the next change.
    const reopened = (await (await act(planner, await planner.json<Check>(`/api/checks/${closed.id}`), 'reopen')).json()) as Check
    expect(reopened).toMatchObject({ state: 'open', next: ['again', 'close'] })
    await again()
    expect(await planner.json<Check>(`/api/checks/${closed.id}`)).toMatchObject({ run: 1, dataVersion: (await planner.json<Check>(`/api/checks/${near.id}`)).dataVersion })
    expect(warned).toEqual([])
  })

  it('should keep who has acknowledged a difference, when and on which data, and which verdict stands; a further difference is to be acknowledged anew', async () => {
    const [planner, office, other] = [await server.as('planner'), await server.as('office'), await server.as('town-310118105')]
    const land = (x: number) => box(120.8 + x / 1000, 31.1, 120.802 + x / 1000, 31.102)
    const first = await keep(planner, land(0))
    const see = (who: Asking, { id, version }: Check, stands: number, words = '') => who.post(`/api/checks/${id}/acknowledgements`, { version, stands, words })
    const refused = async (answer: Response, status: number, type: string) => {
      expect(answer.status, await answer.clone().text()).toBe(status)
      expect(await answer.json()).toMatchObject({ type: `/problems/${type}` })
    }
    const now = () => planner.json<Check>(`/api/checks/${first.id}`)
    const list = async (query: string) => (await planner.json<Page>(`/api/checks?q=${encodeURIComponent(first.number)}&${query}`)).total
    const counts = async () => {
      const { changed, unacknowledged } = await planner.json<Page>('/api/checks')
      return [changed, unacknowledged]
    }
    const [changed, unacknowledged] = (await counts()) as [number, number]
    expect(first).toMatchObject({ change: 'none', acknowledgements: [], next: ['again', 'close'] })
    await refused(await see(planner, first, 1), 409, 'state-conflict')

    const added = await parcel(office, land(1), '永知')
    await again()
    const second = await now()
    expect(second).toMatchObject({ run: 2, change: 'new', verdict: 'touches', standingRun: 1, standingVerdict: 'clear', next: ['acknowledge', 'again'] })
    expect(await counts()).toEqual([changed + 1, unacknowledged + 1])
    expect([await list('change=new'), await list('change=seen'), await list('changed=true'), await list('change=none')]).toEqual([1, 0, 1, 0])
    // What stands and what was found are both found by it.
    expect([await list('verdict=clear'), await list('verdict=touches'), await list('verdict=slivers')]).toEqual([1, 1, 0])
    await refused(await act(planner, second, 'close'), 409, 'check-unacknowledged')
    // An earlier verdict is kept with a reason; no other run stands; who does not see the check is told of none.
    await refused(await see(planner, second, 1), 422, 'reason-missing')
    await refused(await see(planner, second, 3), 400, 'request-invalid')
    expect([(await see(other, second, 2)).status, (await see(await server.as('leader'), second, 2)).status]).toEqual([404, 403])

    // Two people at once: one of them is told so, and nothing of theirs is written.
    const both = await Promise.all([see(planner, second, 1, '核查后地块另行划定，原批准有效'), see(office, second, 2)])
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
    const [won, lost] = both[0]!.status === 200 ? [planner, office] : [office, planner]
    await refused(both.find(({ status }) => status === 409)!, 409, 'version-conflict')
    expect((await now()).acknowledgements.length).toBe(1)
    // Whoever lost looks, and decides anew: one more acknowledgement.
    await see(lost, await now(), 2)
    const kept = (await (await see(won, await now(), 1, '维持')).json()) as Check
    expect(kept).toMatchObject({ change: 'seen', acknowledgedRun: 2, standingRun: 1, standingVerdict: 'clear', verdict: 'touches', next: ['acknowledge', 'again', 'close'] })
    expect(kept.acknowledgements[0]).toMatchObject({ no: 3, run: 2, stood: 2, stands: 1, dataVersion: second.dataVersion, words: '维持' })
    expect(kept.runs.map(({ no, verdict }) => [no, verdict])).toEqual([[2, 'touches'], [1, 'clear']]) // prettier-ignore
    expect(await counts()).toEqual([changed + 1, unacknowledged])
    expect([await list('change=new'), await list('change=seen')]).toEqual([0, 1])

    // The same once more is no difference; a further one is, and stands for itself.
    await again()
    expect(await now()).toMatchObject({ run: 2, change: 'seen' })
    expect((await office.request(`/api/layers/farmland/features/${added.id}?version=1`, { method: 'DELETE' })).status).toBe(204)
    await again()
    const third = await now()
    expect(third).toMatchObject({ run: 3, change: 'new', verdict: 'clear', standingRun: 1, acknowledgedRun: 2 })
    // Who saw the second only has not seen the third.
    await refused(await see(planner, kept, 2), 409, 'version-conflict')
    const done = (await (await see(planner, third, 3)).json()) as Check
    expect(done).toMatchObject({ change: 'seen', standingRun: 3, acknowledgements: [{ run: 3, stood: 1, stands: 3 }, {}, {}, {}] })
    expect((await act(planner, done, 'close')).status).toBe(200)

    const trail = await server.sql<{ actor: string; after: { standingRun: number } }[]>`select actor, after from audit where action = 'check.acknowledge' and subject = ${`check/${first.id}`} order by id`
    expect(trail.length).toBe(4)
    expect(trail.at(-1)).toMatchObject({ actor: 'planner', after: { acknowledgedRun: 3, standingRun: 3, found: 'clear' } })
    await expect(server.sql`update farmland_check_acknowledgement set words = '' where check_id = ${first.id}`).rejects.toMatchObject({ code: '42501' })

    // On the sheet of every run, whole.
    if (!has('pdftotext')) return
    for (const run of [1, 2, 3]) {
      const pdf = new Uint8Array(await (await planner.request(`/api/checks/${first.id}/file.pdf?run=${run}`)).arrayBuffer())
      const read = execFileSync('pdftotext', ['-', '-'], { input: pdf, encoding: 'utf8' }).replace(/\s+/g, '')
      for (const said of ['本件结论第3次核查：不涉及永久基本农田；以新结果为准', '变化知悉', '维持原结论·第1次核查：不涉及永久基本农田', '说明：核查后地块另行划定，原批准有效'].slice(0, won === planner ? 4 : 3)) expect(read, said).toContain(said)
    }
  })

  it('should refuse what a check cannot have done to it, and to change what it froze', async () => {
    const planner = await server.as('planner')
    const check = await keep(planner, box(120.7, 31.1, 120.701, 31.101))
    const refused = async (answer: Response, status: number, type: string) => {
      expect(answer.status).toBe(status)
      expect(await answer.json()).toMatchObject({ type: `/problems/${type}` })
    }
    await refused(await act(planner, check, 'reopen'), 409, 'state-conflict')
    await refused(await act(planner, { ...check, version: 9 }, 'close'), 409, 'version-conflict')
    const closed = (await (await act(planner, check, 'close')).json()) as Check
    await refused(await act(planner, closed, 'again'), 409, 'state-conflict')
    await refused(await planner.request('/api/checks/999999'), 404, 'not-found')
    await refused(await planner.request(`/api/checks/${check.id}?run=7`), 404, 'not-found')
    await refused(await planner.post('/api/checks', { plot: { type: 'Polygon', coordinates: [[[121.1, 31.2], [121.2, 31.3], [121.2, 31.2], [121.1, 31.3], [121.1, 31.2]]] }, applicant: '甲' }), 422, 'feature-invalid') // prettier-ignore
    for (const applicant of ['', '  ', 'a\u0000b']) await refused(await planner.post('/api/checks', { plot: PLOT, applicant }), 400, 'request-invalid')
    await expect(server.sql`update farmland_check_run set content = '{}' where check_id = ${check.id}`).rejects.toMatchObject({ code: '42501' })
  })

  it('should give a sheet whose text is text, with the map, the areas and what is not to be taken for real', async () => {
    const planner = await server.as('planner')
    const check = await keep(planner, PLOT, { sourceWords: '选址泖溇' })
    const answer = await planner.request(`/api/checks/${check.id}/file.pdf`)
    expect(answer.headers.get('content-type')).toBe('application/pdf')
    const pdf = new Uint8Array(await answer.arrayBuffer())
    expect(new TextDecoder('latin1').decode(pdf.subarray(0, 5))).toBe('%PDF-')
    const at = { now: () => new Date(check.content.checkedAt) }
    const pages = sheetOf({ ...(check as never as SheetRecord), run: { no: 1, cause: 'first', differences: null }, newest: 1, maker: check.runs[0]!.byName, checkedAt: { day: todayOf(at), time: timeOf(at) } }, check.content, 'zh-CN')
    // The very words that are drawn, on whichever page: whole, and none without a glyph.
    const drawn = pages.flatMap(({ blocks }) => blocks.flatMap(({ items }) => items.flatMap((item) => (item.kind === 'text' ? [item.text] : []))))
    const { permanent, areaMu } = check.content.result
    for (const said of [check.number, '白鹤镇农业服务中心', '粮仓扩建', '图上勾绘：选址泖溇', '占用永久基本农田', '演示数据', '边界示意', `${formatNumber(areaMu, 2)}`, formatNumber(permanent.mu, 2)]) expect(drawn.join('\n'), said).toContain(said)
    expect(drawn.join('\n')).toMatch(/内部工作用图，公开使用前须送审；本单含演示数据，不作审批依据/)
    if (!has('pdftoppm')) return
    const folder = mkdtempSync(join(tmpdir(), 'xiangtu-sheet-'))
    try {
      const path = join(folder, 'sheet.pdf')
      writeFileSync(path, pdf)
      expect(execFileSync('pdfinfo', [path], { encoding: 'utf8' })).toMatch(new RegExp(`Pages:\\s+${pages.length}\\s[^]*\\(A4\\)`))
      for (const font of execFileSync('pdffonts', [path], { encoding: 'utf8' }).trim().split('\n').slice(2)) expect(font).toMatch(/TrueType .* yes (yes|no) +yes/)
      const flat = (words: string) => words.replace(/\s+/g, '')
      const read = flat(execFileSync('pdftotext', [path, '-'], { encoding: 'utf8' }))
      for (const words of drawn.filter((one) => !one.includes('…'))) expect(read, words).toContain(flat(words))
      execFileSync('pdftoppm', ['-r', '50', '-f', '1', '-l', '1', path, join(folder, 'page')])
      const name = readdirSync(folder).find((one) => one.endsWith('.ppm'))!
      const { width, height, grey } = readPpm(readFileSync(join(folder, name)))
      // The map's part of the page is no blank paper, and neither is the text above it.
      const dark = (from: number, to: number) => grey.subarray(Math.floor(height * from) * width, Math.floor(height * to) * width).filter((one) => one < 200).length
      expect(dark(0.04, 0.2)).toBeGreaterThan(300)
      expect(dark(0.35, 0.6)).toBeGreaterThan(1000)
    } finally {
      rmSync(folder, { recursive: true })
    }
    expect((await planner.request(`/api/checks/${check.id}/file.pdf?lang=en&run=1`)).status).toBe(200)
    expect((await planner.request(`/api/checks/${check.id}/file.pdf?run=2`)).status).toBe(404)
  })

  it('should let a town keep and see what lies in it, a department what is for it, and nobody else', async () => {
    const [baihe, other] = [await server.as(`town-${BAIHE}`), await server.as('town-310118105')]
    const own = await keep(baihe)
    expect(own).toMatchObject({ madeBy: `town-${BAIHE}`, departments: [] })
    expect((await other.request(`/api/checks/${own.id}`)).status).toBe(404)
    expect((await act(other, own, 'close')).status).toBe(404)
    expect((await other.post('/api/checks', { plot: PLOT, applicant: '甲' })).status).toBe(403)
    const list = await other.json<Page>('/api/checks?limit=200')
    expect(list.checks.every(({ towns }) => towns.includes('310118105'))).toBe(true)
    const [dept] = await server.sql<{ account: string; scope: string }[]>`select account, scope from account_role where role = 'department' order by account limit 1`
    const department = await server.as(dept!.account)
    const theirs = await keep(department)
    expect(theirs.departments).toEqual([dept!.scope])
    expect((await department.json<Page>('/api/checks')).checks.map(({ id }) => id)).toEqual([theirs.id])
    // A plot of the town, so the town sees it too.
    expect((await baihe.json<Check>(`/api/checks/${theirs.id}`)).next).toEqual(['again', 'close'])
    expect((await (await server.as('leader')).request(`/api/checks/${own.id}`)).status).toBe(200)
    expect((await (await server.as('leader')).post('/api/checks', { plot: PLOT, applicant: '甲' })).status).toBe(403)
    expect((await (await server.as('admin')).request('/api/checks')).status).toBe(403)
    // After the boundaries were replaced, each lies where it lies by the new ones.
    await server.sql`update farmland_check set town = '310118105', towns = '{310118105}' where id = ${own.id}`
    await server.sql.begin((tx) => placeChecksAnew(tx))
    expect((await baihe.json<Check>(`/api/checks/${own.id}`)).towns).toEqual([BAIHE])
  })

  it('should read the plots of a map file, guess where they lie, say what is wrong with each, and take another system when told', async () => {
    const nobody = await server.as(null)
    const upload = async (bytes: Uint8Array, name: string, query = '') => {
      const form = new FormData()
      form.set('file', new File([new Uint8Array(bytes)], name))
      const answer = await nobody.request(`/api/checks/plots${query}`, { method: 'POST', body: form })
      return { status: answer.status, body: (await answer.json()) as { type?: string; crs: string; plots: { no: number; name: string; geometry: Polygon | null; faults: { 'zh-CN': string }[]; areaMu: number | null }[]; more: number } }
    }
    const crossed = { type: 'Polygon', coordinates: [[[121.1, 31.2], [121.12, 31.22], [121.12, 31.2], [121.1, 31.22], [121.1, 31.2]]] } // prettier-ignore
    const feature = (geometry: object | null, name: string) => ({ type: 'Feature', properties: { 名称: name }, geometry })
    const geojson = { type: 'FeatureCollection', features: [feature(PLOT, '一'), feature(crossed, '二'), feature({ type: 'Point', coordinates: [121.1, 31.2] }, '三'), feature(null, '四')] }
    const { status, body } = await upload(new TextEncoder().encode(JSON.stringify(geojson)), '地块.geojson')
    expect(status).toBe(200)
    expect(body.plots.map(({ no, name, faults }) => [no, name, faults.length])).toEqual([[1, '一', 0], [2, '二', 1], [3, '三', 1], [4, '四', 1]]) // prettier-ignore
    expect(body.plots[0]!.areaMu).toBeCloseTo(muOf(PLOT), 1)
    expect(body.plots[1]!.faults[0]!['zh-CN']).toContain('图形无效')

    const shape = shapeOfGeometry(PLOT)!
    shape.parts.flat().forEach(fromLonLat(crsOf('EPSG:4549')!))
    const columns = [{ name: '名称', type: 'text' as const }]
    const shapefile = await formatOf('shapefile').write!({ name: '地块', geometry: 'polygon', columns, features: [{ shape, values: ['仓库'] }], crs: crsOf('EPSG:4549')!, title: '名称' }, '')
    const read = await upload(shapefile.bytes, '地块.zip')
    expect(read.body).toMatchObject({ crs: 'EPSG:4549', plots: [{ name: '仓库', faults: [] }] })
    expect(read.body.plots[0]!.geometry!.coordinates[0]![0]![0]).toBeCloseTo(121.1, 6)
    expect((await upload(shapefile.bytes, '地块.zip', '?crs=EPSG:4550')).body.plots[0]!.geometry!.coordinates[0]![0]![0]).toBeGreaterThan(123)
    if (findOgr2ogr()) {
      for (const [format, extension] of [['KML', 'kml'], ['DXF', 'dxf']] as const) { // prettier-ignore
        const file = writeByGdal({ type: 'FeatureCollection', features: [feature(PLOT, '一')] }, format, extension, format === 'DXF' ? ['-t_srs', 'EPSG:4549', '-nlt', 'LINESTRING'] : [])
        const { body: one } = await upload(file.bytes, file.name)
        expect(one.plots.length, format).toBe(1)
        expect(one.plots[0]!.areaMu, format).toBeCloseTo(muOf(PLOT), 1)
      }
    }
    expect((await upload(new Uint8Array([1, 2, 3]), '坏.bin')).status).toBe(422)
    expect((await upload(new TextEncoder().encode(JSON.stringify(geojson)), '地块.geojson', '?crs=EPSG:1')).status).toBe(400)
    expect((await nobody.post('/api/checks/plots', {})).status).toBe(422)
  })
})
