import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Task } from '../../../geo/plan/plan.ts'
import { applyCorrections, CorrectionError, problemKey } from '../../../geo/task-list/corrections.ts'
import { readTaskList } from '../../../geo/task-list/read.ts'
import { documentFromText } from '../../../geo/task-list/text.ts'
import { QINGPU } from '../../../geo/town/qingpu.ts'

const source = readFileSync(new URL('../../../seeds/task-lists/2023-310118.txt', import.meta.url), 'utf8')
const read = (text = source) => readTaskList(documentFromText(text, 'x.txt'), { district: QINGPU })
const list = read()
const correct = (...changes: [string, unknown][]) =>
  applyCorrections(
    list,
    changes.map(([path, corrected]) => ({
      path,
      read: null,
      corrected,
      reason: '核对原件',
      at: '2023-01-05T08:00:00Z',
    })),
  )
const task = (from: typeof list, no: number): Task => from.tasks.find((t) => t.no === no) as Task

describe('corrections', () => {
  it('should set values right and leave the reading as it was', () => {
    const before = structuredClone(list)
    const corrected = correct(
      ['tasks/14/measures/14.1/quotas/赵巷镇/target', 4000],
      ['tasks/14/measures/14.1/target', 124050],
      ['tasks/1/deadline', '2023-11-15'],
      ['tasks/1/leads', ['区农业农村委', '区规划资源局']],
      ['tasks/50/category', 11],
      ['tasks/9/measures/9.1/name', 'C级较差道路整治'],
      ['title', '2023年青浦区清单'],
    )
    expect(task(corrected, 14).measures[0]?.quotas[0]).toMatchObject({ town: '赵巷镇', target: 4000 })
    expect(task(corrected, 1)).toMatchObject({ deadline: '2023-11-15', leads: ['区农业农村委', '区规划资源局'] })
    expect(task(corrected, 50).category).toEqual({ no: 11, name: '增强乡村振兴保障力度' })
    expect(task(corrected, 9).measures[0]?.name).toBe('C级较差道路整治')
    expect(corrected.title).toBe('2023年青浦区清单')
    expect(list).toEqual(before)
  })

  it('should settle the problem that a correction is about, and find the sum that it spoils', () => {
    expect(correct(['tasks/50/category', 11]).problems.some((p) => p.kind === 'category-unlikely')).toBe(false)
    const spoilt = correct(['tasks/14/measures/14.1/quotas/赵巷镇/target', 3950.5])
    expect(spoilt.problems.filter((p) => p.kind === 'sum-differs').map((p) => p.params)).toEqual([
      { name: '粮食生产任务', sum: 124000.5, total: 124000, unit: '亩', difference: 0.5 },
    ])
  })

  it('should add, rename and take out quotas and measures', () => {
    const added = { name: '平安屋值守', unit: '次', kind: 'count', allocation: 'each', target: 24, quotas: [{ town: '赵巷镇', target: 12 }, { town: '徐泾镇', target: 12 }] } // prettier-ignore
    const corrected = correct(
      ['tasks/46/measures/46.1/quotas/重固镇', { target: 12 }],
      ['tasks/46/measures/46.2', null],
      ['tasks/12/measures/12.1/quotas/练塘镇', null],
      ['tasks/12/measures/12.1/quotas/重固镇/town', '华新镇'],
      ['tasks/41/measures/41.3', added],
    )
    expect(task(corrected, 46).measures).toHaveLength(1)
    expect(task(corrected, 46).measures[0]?.quotas.at(-1)).toEqual({
      town: '重固镇',
      target: 12,
      source: null,
      requirementSource: null,
      townSource: null,
    })
    expect(task(corrected, 12).measures[0]?.quotas.map((q) => q.town)).toEqual(['华新镇', '朱家角镇'])
    expect(task(corrected, 41).measures.at(-1)).toMatchObject({
      id: '41.3',
      name: '平安屋值守',
      direction: 'atLeast',
      target: 24,
    })
  })

  it.each([
    ['tasks/99/name', 'x', 'unknown-task'],
    ['tasks/1/nose', 'x', 'unknown-path'],
    ['tasks/1/deadline', '2023-02-30', 'not-a-date'],
    ['tasks/1/measures/1.9/name', 'x', 'unknown-measure'],
    ['tasks/1/measures/2.9', { name: 'x' }, 'unknown-measure'],
    ['tasks/1/measures/1.9', 3, 'not-a-measure'],
    [
      'tasks/1/measures/1.9',
      { name: 'x', unit: '个', kind: 'count', allocation: 'named', target: 1, quotas: [] },
      'not-a-measure',
    ],
    ['tasks/1/measures/1.1/target', -1, 'not-a-number'],
    ['tasks/1/measures/1.1/quotas/月球镇/target', 1, 'unknown-quota'],
    ['tasks/1/category', 12, 'unknown-category'],
  ])('should refuse %s = %j', (path, value, why) => {
    expect(() => correct([path, value])).toThrow(CorrectionError)
    try {
      correct([path, value])
    } catch (error) {
      expect((error as CorrectionError).why).toBe(why)
    }
  })
})

describe('keys of problems', () => {
  it('should be the same at every reading, different from each other, and change with the numbers', () => {
    const keys = list.problems.map(problemKey)
    expect(read().problems.map(problemKey)).toEqual(keys)
    expect(new Set(keys).size).toBe(keys.length)
    const other = read(source.replace('32公里', '31公里')).problems.map(problemKey)
    expect(keys.filter((key) => !other.includes(key))).toHaveLength(1)
  })
})
