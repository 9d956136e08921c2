import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { correctedList, faultOf, stillApplicable } from '../../../client/task-list/apply.ts'
import { blocksStoring, listProblems } from '../../../client/task-list/review-problems.ts'
import type { Correction } from '../../../geo/task-list/corrections.ts'
import { readTaskList } from '../../../geo/task-list/read.ts'
import { documentFromText } from '../../../geo/task-list/text.ts'
import { QINGPU } from '../../../geo/town/qingpu.ts'

const text = readFileSync(new URL('../../../seeds/task-lists/2023-310118.txt', import.meta.url), 'utf8')
const read = readTaskList(documentFromText(text, '2023.txt'), { district: QINGPU })
const c = (path: string, corrected: unknown): Correction => ({
  path,
  read: null,
  corrected,
  reason: '',
  at: '2023-02-01T00:00:00Z',
})
const quota = 'tasks/14/measures/14.1/quotas/赵巷镇'
const targetIn = (list: typeof read) =>
  list.tasks.find(({ no }) => no === 14)!.measures[0]!.quotas.find(({ town }) => town === '赵巷镇')?.target

describe('corrections on the real list', () => {
  it('should change what they name and leave the reading and every other task as they are', () => {
    const list = correctedList(read, [c(`${quota}/target`, 4000)])
    expect([targetIn(read), targetIn(list)]).toEqual([3950, 4000])
    expect(list.tasks.filter((task, i) => task !== read.tasks[i]).map(({ no }) => no)).toEqual([14])
  })

  it('should say why one cannot be made', () => {
    expect(faultOf(read, [c(`${quota}/target`, -1)])?.why).toBe('not-a-number')
    expect(faultOf(read, [c('tasks/999/name', 'x')])?.why).toBe('unknown-task')
    expect(faultOf(read, [c(quota, null)])).toBeNull()
  })

  it('should drop with a correction what was built on it', () => {
    const added = 'tasks/1/measures/1.1/quotas/徐泾镇'
    const both = [c(added, { target: 1 }), c(`${added}/target`, 2), c(`${quota}/target`, 4000)]
    expect(stillApplicable(read, both)).toEqual(both)
    expect(stillApplicable(read, both.slice(1)).map(({ path }) => path)).toEqual([`${quota}/target`])
  })
})

describe('the problems of a draft', () => {
  const open = (corrections: Correction[], confirmed: string[] = []) =>
    listProblems(read, correctedList(read, corrections), confirmed, QINGPU)

  it('should keep the list from being stored until each doubt is settled', () => {
    const blocking = open([]).filter(blocksStoring)
    expect(blocking.length).toBeGreaterThan(0)
    expect(
      open(
        [],
        blocking.map(({ key }) => key),
      ).filter(blocksStoring),
    ).toEqual([])
  })

  it('should find a new one where a correction breaks a sum, and lose it again', () => {
    const broken = open([c(`${quota}/target`, 4000)])
    expect(
      broken.filter(({ problem, open }) => open && problem.kind === 'sum-differs' && problem.task === 14),
    ).toHaveLength(1)
    expect(open([]).filter(({ problem }) => problem.kind === 'sum-differs' && problem.task === 14)).toEqual([])
  })

  it('should not let a town be confirmed that the district does not have', () => {
    const unknown = open([c('tasks/1/measures/1.1/quotas/桃花镇', { target: 1 })]).find(
      ({ problem }) => problem.kind === 'town-unknown',
    )!
    expect(unknown.confirmable).toBe(false)
    expect(
      open([c('tasks/1/measures/1.1/quotas/桃花镇', { target: 1 })], [unknown.key])
        .filter(blocksStoring)
        .map(({ key }) => key),
    ).toContain(unknown.key)
  })
})
