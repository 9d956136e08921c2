import { expect, it } from 'vitest'
import { resultOf, type Part } from '../../../geo/check/check.ts'
import { M2_PER_MU } from '../../../geo/unit/unit.ts'

const part = (change: Partial<Part>): Part => ({ id: 1, number: '一号', kind: 'grain', owner: null, crop: null, town: '310118110', demo: false, areaM2: 10 * M2_PER_MU, parcelM2: 20 * M2_PER_MU, ...change })
const check = (parts: Part[], tolerance?: number) => resultOf({ plotM2: 100 * M2_PER_MU, farmlandM2: 30 * M2_PER_MU, permanentM2: 5 * M2_PER_MU, parts }, tolerance)

it('should sum by kind and town, permanent basic farmland first, and keep shares of the plot and of the parcel apart', () => {
  const result = check([
    part({ id: 1 }),
    part({ id: 2, areaM2: 20 * M2_PER_MU, town: '310118105' }),
    part({ id: 3, kind: 'permanent', areaM2: 5 * M2_PER_MU, parcelM2: 5 * M2_PER_MU }),
  ])
  expect(result.areaMu).toBeCloseTo(100, 9)
  expect(result.total).toEqual({ mu: expect.closeTo(30, 9), share: expect.closeTo(0.3, 9) })
  expect(result.byKind.map(({ kind, mu, parcels }) => [kind, Math.round(mu), parcels])).toEqual([['permanent', 5, 1], ['grain', 30, 2]]) // prettier-ignore
  expect(result.byTown.map(({ town, kind, mu }) => [town, kind, Math.round(mu)])).toEqual([['310118105', 'grain', 20], ['310118110', 'grain', 10], ['310118110', 'permanent', 5]]) // prettier-ignore
  expect(result.parcels.map(({ id, share }) => [id, share])).toEqual([[2, 1], [1, 0.5], [3, 1]]) // prettier-ignore
  expect(result.verdict).toBe('touches')
})

it.each([
  ['nothing permanent', [part({})], undefined, 'clear'],
  ['a part below the tolerance', [part({ kind: 'permanent', areaM2: 0.04 * M2_PER_MU })], undefined, 'slivers'],
  ['the same part, with a smaller tolerance', [part({ kind: 'permanent', areaM2: 0.04 * M2_PER_MU })], 0.01, 'touches'],
  ['a parcel that is small, but lies in the plot as a whole', [part({ kind: 'permanent', areaM2: 0.04 * M2_PER_MU, parcelM2: 0.04 * M2_PER_MU })], undefined, 'touches'],
  ['a sliver of grain beside', [part({ areaM2: 0.01 * M2_PER_MU })], undefined, 'clear'],
  ['no parcel at all', [], undefined, 'clear'],
] as const)('should tell slivers from what counts: %s', (_, parts, tolerance, verdict) => {
  const result = check([...parts], tolerance)
  expect(result.verdict).toBe(verdict)
  expect(result.slivers.parcels).toBe(result.parcels.filter(({ sliver }) => sliver).length)
})

it('should mark what has anything synthetic in it', () => {
  expect(check([part({}), part({ id: 2, demo: true })]).demo).toBe(true)
  expect(check([part({})]).demo).toBe(false)
})
