import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Task } from '../../../geo/plan/plan.ts'
import { monthsOf } from '../../../geo/month/month.ts'
import { dueIn, gapsOf, monthsOfPeriod, submissionOf, subjectOf, unitsOf, type Due } from '../../../geo/submission/submission.ts'
import { readTaskList } from '../../../geo/task-list/read.ts'
import { toPlan } from '../../../geo/task-list/resolve.ts'
import { documentFromText } from '../../../geo/task-list/text.ts'
import { QINGPU } from '../../../geo/town/qingpu.ts'

let tasks: Task[]
const task = (no: number) => tasks.find((one) => one.no === no)!
const kindsIn = (no: number, month: string) => [...new Set(dueIn(task(no), month).map(({ kind }) => kind))]

beforeAll(() => {
  const text = readFileSync(new URL('../../../seeds/task-lists/2023-310118.txt', import.meta.url), 'utf8')
  tasks = toPlan(readTaskList(documentFromText(text, '2023'), { district: QINGPU }), QINGPU).list.tasks
})

describe('what is due in a month', () => {
  it('should be what the document asks for: a report each month, findings looked for, an inspection', () => {
    expect(kindsIn(17, '2023-04')).toEqual(['finding', 'inspection', 'submission'])
    expect(dueIn(task(17), '2023-04').filter(({ kind }) => kind === 'submission')).toHaveLength(unitsOf(task(17)).length)
    expect(kindsIn(54, '2023-01')).toEqual(['submission'])
  })

  it('should come once a quarter or a year where the document says so, with the period that it is about', () => {
    expect(monthsOf(2023).filter((month) => kindsIn(16, month).includes('submission'))).toEqual(['2023-03', '2023-06', '2023-09', '2023-12'])
    expect(dueIn(task(16), '2023-06').find(({ kind }) => kind === 'submission')).toMatchObject({ from: '2023-04', month: '2023-06' })
    expect(monthsOf(2023).filter((month) => kindsIn(23, month).includes('inspection'))).toEqual(['2023-12'])
    expect(dueIn(task(9), '2023-12').find(({ kind }) => kind === 'inspection')).toMatchObject({ from: '2023-01' })
  })

  it('should be a milestone in the month of its day, of every unit with a quota', () => {
    const june = dueIn(task(14), '2023-06').filter(({ kind }) => kind === 'milestone')
    expect(june).toHaveLength(12)
    expect(june[0]).toMatchObject({ item: '14.1/1', milestone: { due: '2023-06-20', share: 0.85 } })
    expect(kindsIn(14, '2023-05')).toEqual([])
  })

  it('should end with the task', () => {
    expect(kindsIn(13, '2023-06')).toContain('finding')
    expect(kindsIn(13, '2023-07')).toEqual([])
  })

  it('should fall to the lead department where no town has a part in it', () => {
    expect(unitsOf(task(43))).toEqual(['310118'])
    expect(unitsOf(task(9))).not.toContain('310118')
  })

  it('should leave no task without something true to report by somebody', () => {
    expect(tasks).toHaveLength(56)
    for (const one of tasks) {
      const asked = one.measures.flatMap(({ quotas }) => quotas).length
      expect(asked, `task ${one.no}`).toBeGreaterThan(0)
      for (const town of one.towns) expect(one.measures.some(({ quotas }) => quotas.some((quota) => quota.town === town)), `task ${one.no} in ${town}`).toBe(true)
    }
  })

  it('should cover each month of the year once and only once, whatever the period', () => {
    for (const every of [1, 2, 3, 4, 5, 6, 7]) {
      const mechanisms = [{ mechanism: 'submission' as const, period: { every, unit: 'month' as const }, source: null }]
      const due = monthsOf(2023).flatMap((month) => dueIn({ ...task(43), mechanisms }, month)) as Due[]
      const covered = due.flatMap(({ from, month }) => monthsOf(2023).filter((one) => one >= from && one <= month))
      expect(covered, `every ${every}`).toEqual(monthsOf(2023))
    }
    expect(monthsOfPeriod('inspection', { every: 3, unit: 'year' })).toBe(12)
  })
})

describe('a submission', () => {
  it('should have words or a file, or a yes, or a no with words', () => {
    const nothing = { done: null, words: ' ', attachments: 0 }
    expect(gapsOf('submission', nothing)).toEqual(['words'])
    expect(gapsOf('submission', { ...nothing, words: '4月无新增线索' })).toEqual([])
    expect(gapsOf('submission', { ...nothing, attachments: 1 })).toEqual([])
    expect(gapsOf('finding', nothing)).toEqual(['done'])
    expect(gapsOf('finding', { ...nothing, done: true })).toEqual([])
    expect(gapsOf('milestone', { ...nothing, done: false })).toEqual(['why-not'])
    expect(gapsOf('milestone', { ...nothing, done: false, words: '秧苗不足' })).toEqual([])
  })

  it('should be named by a text and found by it again', () => {
    for (const key of [
      { task: 17, kind: 'finding', item: '' },
      { task: 13, kind: 'milestone', item: '13.1/2' },
    ] as const)
      expect(submissionOf(subjectOf(key))).toEqual(key)
    for (const text of ['17', '17/quota', '17/finding/13.1/2', '13/milestone', '14.1', '']) expect(submissionOf(text)).toBeNull()
  })
})
