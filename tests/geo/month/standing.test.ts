import { describe, expect, it } from 'vitest'
import { standingsOf, sumStandings, type OwedTask } from '../../../geo/month/standing.ts'
import type { Point, Progress, ReportState } from '../../../geo/report/report.ts'
import { measureOf, point, quotaOf, TOWN, YEAR } from '../light/fixture.ts'

const OTHER = '310118103'
const TASK: OwedTask = { no: 14, deadline: '2023-12-31', mechanisms: [], measures: [measureOf({ quotas: [quotaOf(100), quotaOf(50, OTHER)] })] }
const progressOf = (points: Point[], others: Point[] = []): Progress => ({
  ...YEAR,
  series: [
    { measure: '14.1', town: TOWN, points },
    { measure: '14.1', town: OTHER, points: others },
  ],
})
const standing = (points: Point[], month = '2023-06') => standingsOf([TASK], progressOf(points), [], month).find(({ town }) => town === TOWN)

describe('who has reported for a month', () => {
  it('should tell what counts from what waits, came back or is missing', () => {
    expect(standing([point('2023-06', 40)])).toMatchObject({ expected: 1, approved: 1, open: [] })
    expect(standing([point('2023-06', 40, 'submitted')])).toMatchObject({ waiting: 1, open: [{ task: 14, subject: '14.1', standing: 'waiting' }] })
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
    const keep: OwedTask = { ...TASK, measures: [measureOf({ kind: 'keep' })] }
    expect(standingsOf([keep], progressOf([point('2023-05', 100)]), [], '2023-06')).toMatchObject([{ missing: 1 }])
  })

  it('should count the submissions that fall due, and tell those that wait or came back from what is missing', () => {
    const task: OwedTask = { ...TASK, mechanisms: [{ mechanism: 'submission', period: { every: 1, unit: 'quarter' }, source: null }] }
    const reported = progressOf([point('2023-06', 40)], [point('2023-06', 40)])
    const own = (month: string, ...states: ReportState[]) =>
      standingsOf([task], reported, states.map((state) => ({ task: 14, kind: 'submission' as const, item: '', town: TOWN, month: '2023-06', state })), month).find(({ town }) => town === TOWN)
    expect(own('2023-06')).toMatchObject({ expected: 2, approved: 1, missing: 1, open: [{ task: 14, subject: '14/submission', standing: 'missing' }] })
    expect(own('2023-06', 'submitted')).toMatchObject({ waiting: 1, missing: 0 })
    expect(own('2023-06', 'returned')).toMatchObject({ returned: 1 })
    expect(own('2023-06', 'approved', 'submitted')).toMatchObject({ expected: 2, approved: 2, open: [] })
    // Asked for at the end of a quarter, and of its own month only.
    expect(own('2023-05', 'approved')).toMatchObject({ expected: 1, missing: 1 })
    expect(own('2023-09', 'approved')?.open.map(({ subject }) => subject)).toEqual(['14.1', '14/submission'])
  })

  it('should add up over the units', () => {
    const units = standingsOf([TASK], progressOf([point('2023-06', 40)]), [], '2023-06')
    expect(sumStandings(units)).toEqual({ expected: 2, approved: 1, waiting: 0, returned: 0, missing: 1 })
  })
})
