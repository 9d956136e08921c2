import { describe, expect, it } from 'vitest'
import type { LitTask } from '../../../geo/light/lights.ts'
import { standingsOf, sumStandings } from '../../../geo/month/standing.ts'
import type { Point, Progress } from '../../../geo/report/report.ts'
import { measureOf, point, quotaOf, TOWN, YEAR } from '../light/fixture.ts'

const OTHER = '310118103'
const TASK: LitTask = { no: 14, deadline: '2023-12-31', measures: [measureOf({ quotas: [quotaOf(100), quotaOf(50, OTHER)] })] }
const progressOf = (points: Point[], others: Point[] = []): Progress => ({
  ...YEAR,
  series: [
    { measure: '14.1', town: TOWN, points },
    { measure: '14.1', town: OTHER, points: others },
  ],
})
const standing = (points: Point[], month = '2023-06') => standingsOf([TASK], progressOf(points), month).find(({ town }) => town === TOWN)

describe('who has reported for a month', () => {
  it('should tell what counts from what waits, came back or is missing', () => {
    expect(standing([point('2023-06', 40)])).toMatchObject({ expected: 1, approved: 1, open: [] })
    expect(standing([point('2023-06', 40, 'submitted')])).toMatchObject({ waiting: 1, open: [{ task: 14, measure: '14.1', standing: 'waiting' }] })
    expect(standing([point('2023-06', 40, 'endorsed')])).toMatchObject({ waiting: 1 })
    expect(standing([point('2023-06', 40, 'returned')])).toMatchObject({ returned: 1 })
    expect(standing([point('2023-05', 40)])).toMatchObject({ missing: 1 })
    expect(standing([point('2023-06', 40, 'published')])).toMatchObject({ approved: 1 })
  })

  it('should count what is approved while its correction waits', () => {
    expect(standing([point('2023-06', 40), point('2023-06', 30, 'submitted')])).toMatchObject({ expected: 1, approved: 1, waiting: 0 })
  })

  it('should not expect a report of what was done before, but count the one that came', () => {
    expect(standing([point('2023-05', 100)])).toBeUndefined()
    expect(standing([point('2023-05', 100), point('2023-06', 101)])).toMatchObject({ expected: 1, approved: 1 })
    // Done only now: the month itself is still reported for.
    expect(standing([point('2023-06', 100)])).toMatchObject({ expected: 1 })
  })

  it('should go on expecting levels, which can fall again', () => {
    const keep: LitTask = { ...TASK, measures: [measureOf({ kind: 'keep' })] }
    expect(standingsOf([keep], progressOf([point('2023-05', 100)]), '2023-06')).toMatchObject([{ missing: 1 }])
  })

  it('should add up over the units', () => {
    const units = standingsOf([TASK], progressOf([point('2023-06', 40)]), '2023-06')
    expect(sumStandings(units)).toEqual({ expected: 2, approved: 1, waiting: 0, returned: 0, missing: 1 })
  })
})
