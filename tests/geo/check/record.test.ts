import { expect, it } from 'vitest'
import { resultOf, sliverShape, type Part } from '../../../geo/check/check.ts'
import { actsOn, changeOf, checkNumber, checkSightOf, choiceOf, differencesOf, isInSight, nextCheckActs, refusalOfCheck, runsThatMayStand, type RunFigures } from '../../../geo/check/record.ts'
import { MAP_FRAME, viewOf } from '../../../geo/check/view.ts'
import type { Grant, Person } from '../../../geo/right/role.ts'
import { M2_PER_MU } from '../../../geo/unit/unit.ts'

const person = (account: string, ...grants: Grant[]): Person => ({ account, name: account, grants, readOnly: false })
const part = (change: Partial<Part> = {}): Part => ({ id: 1, number: '一号', kind: 'permanent', owner: null, crop: null, town: '310118110', demo: false, areaM2: 2 * M2_PER_MU, parcelM2: 20 * M2_PER_MU, ...change })
const run = (parts: Part[], tolerance?: number): RunFigures => ({
  ...resultOf({ plotM2: 10 * M2_PER_MU, farmlandM2: parts.reduce((sum, { areaM2 }) => sum + areaM2, 0), permanentM2: parts.reduce((sum, { areaM2 }) => sum + areaM2, 0), parts }, tolerance),
  remainingMu: 8,
})

it('should number checks by their year', () => {
  expect(checkNumber({ year: 2023, no: 1 })).toBe('核查2023-0001')
  expect(checkNumber({ year: 2024, no: 12345 })).toBe('核查2024-12345')
})

it('should tell what a later run finds different, and nothing where nothing is', () => {
  expect(differencesOf(run([part()]), run([part()]))).toBeNull()
  // What is less than the reckoning's own noise is no difference.
  expect(differencesOf(run([part()]), run([part({ areaM2: 2 * M2_PER_MU + 1e-5 })]))).toBeNull()
  expect(differencesOf(run([part()]), run([]))).toEqual({
    verdict: { before: 'touches', after: 'clear' },
    amounts: [
      { what: 'permanent', kind: null, before: 2, after: 0 },
      { what: 'total', kind: null, before: 2, after: 0 },
      { what: 'kind', kind: 'permanent', before: 2, after: 0 },
    ],
    parcels: [{ number: '一号', kind: 'permanent', before: 2, after: null }],
  })
  // The same land under another number, or for another owner, is another result.
  expect(differencesOf(run([part()]), run([part({ number: '二号' })]))).toEqual({ verdict: null, amounts: [], parcels: [{ number: '二号', kind: 'permanent', before: 2, after: 2 }] })
  expect(differencesOf(run([part()]), run([part({ id: 2 })]))?.parcels.map(({ before, after }) => [before, after])).toEqual([[2, null], [null, 2]]) // prettier-ignore
})

it('should gather the slivers of permanent basic farmland, and no others', () => {
  const shape = (x: number) => ({ type: 'Polygon' as const, coordinates: [[[x, 0], [x + 1, 0], [x, 1], [x, 0]]] }) // prettier-ignore
  const parts = [part({ id: 1, areaM2: 1, shape: shape(1) }), part({ id: 2, areaM2: 1, kind: 'grain', shape: shape(2) }), part({ id: 3 })]
  const result = resultOf({ plotM2: 10 * M2_PER_MU, farmlandM2: 1, permanentM2: 1, parts })
  expect(sliverShape({ parts }, result)).toEqual({ type: 'MultiPolygon', coordinates: [shape(1).coordinates] })
  expect(result.parcels[0]).not.toHaveProperty('shape')
  expect(sliverShape({ parts: [part()] }, resultOf({ plotM2: 1, farmlandM2: 1, permanentM2: 1, parts: [part()] }))).toBeNull()
})

it('should show a check to the towns that its plot lies in, the departments it is for, and its maker; and lead it on where most of it lies', () => {
  const check = { towns: ['310118110', '310118105'], departments: ['区规划资源局'], madeBy: 'town-310118110', state: 'open' as const, run: 1, acknowledgedRun: 1 }
  const town = (code: string) => person(`town-${code}`, { role: 'reporter', scope: code })
  const dept = (name: string) => person(name, { role: 'department', scope: name })
  const planner = person('planner', { role: 'planner', scope: '' })
  const sees = (who: Person | null) => isInSight(check, checkSightOf(who))
  expect([town('310118110'), town('310118105'), dept('区规划资源局'), planner, person('leader', { role: 'leader', scope: '' })].map(sees)).toEqual([true, true, true, true, true])
  expect([town('310118106'), dept('区农业农村委'), person('admin', { role: 'admin', scope: '' }), null].map(sees)).toEqual([false, false, false, false])
  expect([town('310118110'), dept('区规划资源局'), planner].map((who) => refusalOfCheck(who, check))).toEqual([null, null, null])
  expect([town('310118105'), dept('区农业农村委'), person('leader', { role: 'leader', scope: '' }), null].map((who) => refusalOfCheck(who, check))).toEqual(['scope', 'scope', 'role', 'signed-out'])
  expect(nextCheckActs(check, planner)).toEqual(['again', 'close'])
  expect(nextCheckActs({ ...check, state: 'closed' }, planner)).toEqual(['reopen'])
  expect(nextCheckActs(check, town('310118105'))).toEqual([])
})

it('should want a difference to be acknowledged before a check is closed, and again where there is a further one', () => {
  const at = (run: number, acknowledgedRun: number, state: 'open' | 'closed' = 'open') => ({ run, acknowledgedRun, state })
  expect([at(1, 1), at(2, 1), at(2, 2), at(3, 2)].map(changeOf)).toEqual(['none', 'new', 'seen', 'new'])
  expect(actsOn(at(1, 1))).toEqual(['again', 'close'])
  expect(actsOn(at(2, 1))).toEqual(['acknowledge', 'again'])
  expect(actsOn(at(2, 2))).toEqual(['acknowledge', 'again', 'close'])
  expect(actsOn(at(2, 1, 'closed'))).toEqual(['acknowledge', 'reopen'])
})

it('should let the newest run stand, or one that has stood', () => {
  expect(runsThatMayStand({ run: 2, standingRun: 1 }, [])).toEqual([2, 1])
  const first = { no: 1, run: 2, stood: 1, stands: 2 }
  expect(runsThatMayStand({ run: 2, standingRun: 2 }, [first])).toEqual([2, 1])
  // The third was never taken, so it may not stand once there is a fourth.
  expect(runsThatMayStand({ run: 4, standingRun: 2 }, [{ no: 2, stood: 2, stands: 2 }, first])).toEqual([4, 2, 1])
  expect([choiceOf(first), choiceOf({ run: 3, stands: 2 })]).toEqual(['accept', 'keep'])
})

it('should look at a plot at a round scale at which it fits the frame, with some land around', () => {
  for (const side of [0.0001, 0.002, 0.03, 0.4]) {
    const plot = { type: 'MultiPolygon' as const, coordinates: [[[[121.1, 31.1], [121.1 + side, 31.1], [121.1 + side, 31.1 + side], [121.1, 31.1]]]] } // prettier-ignore
    const { scale, extent, box } = viewOf(plot)
    expect(String(scale)).toMatch(/^(1|2|25|4|5|8)0+$/)
    const mm = (metres: number) => (metres * 1000) / scale
    expect(mm(extent.east - extent.west)).toBeLessThan(MAP_FRAME.width * 0.73)
    expect(mm(extent.north - extent.south)).toBeLessThan(MAP_FRAME.height * 0.73)
    expect(box[0]).toBeLessThan(121.1)
    expect(box[3]).toBeGreaterThan(31.1 + side)
  }
})
