import { describe, expect, it } from 'vitest'
import { pathOf, readValueAt } from '../../../client/task-list/paths.ts'
import type { TaskList } from '../../../geo/plan/plan.ts'

const list = {
  year: 2023,
  tasks: [
    {
      no: 14,
      name: '稳定粮食生产',
      category: { no: 4, name: '类' },
      measures: [{ id: '14.1', unit: '亩', quotas: [{ town: '赵巷镇', target: 3950 }] }],
    },
  ],
} as unknown as TaskList

describe('readValueAt', () => {
  it.each([
    [pathOf.task(14, 'name'), '稳定粮食生产'],
    [pathOf.measure(14, '14.1', 'unit'), '亩'],
    [pathOf.quotaField(14, '14.1', '赵巷镇', 'target'), 3950],
    [pathOf.quota(14, '14.1', '赵巷镇'), { town: '赵巷镇', target: 3950 }],
    [pathOf.quota(14, '14.1', '白鹤镇'), null],
    [pathOf.measure(14, '14.9', 'unit'), null],
    ['year', 2023],
    [pathOf.task(14, 'category'), 4],
    ['tasks/99/name', null],
    ['nonsense', null],
  ])('should give what was read at %s', (path, value) => {
    expect(readValueAt(list, path)).toEqual(value)
  })
})
