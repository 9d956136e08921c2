import { describe, expect, it } from 'vitest'
import { filterChoices, filterTasks } from '../../../client/home/task-filter.ts'
import { DEFAULT_VIEW } from '../../../client/view/view.ts'
import { measureOf, planOf, seriesOf, taskOf } from '../plan/fixture.ts'

const tasks = [
  taskOf(1, [measureOf('1.1', { '310118110': 1 })], { name: '稳定粮食生产', deadline: '2023-10-31' }),
  taskOf(2, [measureOf('2.1', { '310118110': 1 })], {
    name: '推进农村公路',
    leads: ['区建管委'],
    category: { no: 2, name: '类别二' },
  }),
  taskOf(14, [measureOf('14.1', { '310118110': 1 })], {
    name: '完成 2023 年任务',
    leads: ['区建管委', '区农业农村委'],
  }),
]
const plan = planOf(tasks, [
  seriesOf('1.1', '310118110', { 9: 0 }),
  seriesOf('2.1', '310118110', { 9: 1 }),
  seriesOf('14.1', '310118110', { 9: 1 }),
])
const pinyin = (task: { no: number }) => (task.no === 1 ? 'wendingliangshishengchan wdlssc' : '')
const found = (filter: object) =>
  filterTasks(plan.tasks, plan.lightsAt('2023-09'), { ...DEFAULT_VIEW, ...filter }, pinyin).flatMap(({ rows }) =>
    rows.map(({ task }) => task.no),
  )

describe('the list of tasks', () => {
  it('should show all tasks in groups by category', () => {
    expect(
      filterTasks(plan.tasks, plan.lightsAt('2023-09'), DEFAULT_VIEW, pinyin).map(({ category, rows }) => [
        category.no,
        rows.length,
      ]),
    ).toEqual([
      [1, 2],
      [2, 1],
    ])
  })

  it('should be searched by number, name, department and pinyin', () => {
    expect(found({ q: '14' })).toEqual([14])
    expect(found({ q: '粮食' })).toEqual([1])
    expect(found({ q: '建管委' })).toEqual([2, 14])
    expect(found({ q: 'wdls' })).toEqual([1])
    expect(found({ q: 'LIANGSHI' })).toEqual([1])
    expect(found({ q: '没有' })).toEqual([])
  })

  it('should be filtered by light, department and deadline together', () => {
    expect(found({ light: 'red' })).toEqual([1])
    expect(found({ department: '区建管委' })).toEqual([2, 14])
    expect(found({ due: '2023-10' })).toEqual([1])
    expect(found({ light: 'green', department: '区农业农村委' })).toEqual([14])
  })

  it('should offer the departments and deadlines that there are', () => {
    expect(filterChoices(tasks)).toMatchObject({
      departments: ['区农业农村委', '区建管委'],
      dues: ['2023-10', '2023-12'],
    })
  })
})
