import { expect, it } from 'vitest'
import { readTaskList } from '../../../geo/task-list/read.ts'
import { documentFromText } from '../../../geo/task-list/text.ts'
import { QINGPU } from '../../../geo/town/qingpu.ts'

const HEAD = '序号\t任务名称\t任务要求\t牵头部门\t街镇任务量\t完成时限'
const measuresOf = (cell: string) =>
  readTaskList(documentFromText(`${HEAD}\n1\t农村公路提档升级\t推进农村公路提档升级改造。\t区建管委\t${cell}\t12月底\n`, 'list.txt'), { district: QINGPU }).tasks[0]!.measures.map(
    ({ kind, unit, quotas }) => `${kind === 'stage' ? '推进' : unit} ${quotas.map(({ town, target }) => `${town}${target ?? ''}`).join(' ')}`,
  )

it.each([
  ['白鹤镇5条段3.5km', ['条段 白鹤镇5', 'km 白鹤镇3.5']],
  ['白鹤镇5条段3.5km、练塘镇3条段2km', ['条段 白鹤镇5 练塘镇3', 'km 白鹤镇3.5 练塘镇2']],
  ['白鹤镇2段1.2公里，练塘镇3段2公里', ['段 白鹤镇2 练塘镇3', '公里 白鹤镇1.2 练塘镇2']],
  ['白鹤镇1项2.3公里，练塘镇2项3公里', ['项 白鹤镇1 练塘镇2', '公里 白鹤镇2.3 练塘镇3']],
])('should read pieces of road and their length as two measures: %s', (cell, measures) => {
  expect(measuresOf(cell)).toEqual(measures)
})

it.each([
  ['白鹤镇2座（石桥镇）', ['座 白鹤镇2']],
  ['白鹤镇2座（石桥镇）、练塘镇3座', ['座 白鹤镇2 练塘镇3']],
  ['白鹤镇2座（含石桥镇1座）、练塘镇3座', ['座 白鹤镇2 练塘镇3']],
  ['白鹤镇2座（石桥村）、练塘镇3座（东风村1座、红星村2座）', ['座 白鹤镇2 练塘镇3']],
])('should take a place in a bracket behind a town’s figure for a place in that town, and for no unit of its own: %s', (cell, measures) => {
  expect(measuresOf(cell)).toEqual(measures)
})

it.each([
  // A total before, and a split in the bracket.
  ['改造桥梁5座（白鹤镇2座、练塘镇3座）', ['座 白鹤镇2 练塘镇3']],
  ['白鹤镇（2座）、练塘镇（3座）', ['座 白鹤镇2 练塘镇3']],
])('should still read a bracket that hands a figure out: %s', (cell, measures) => {
  expect(measuresOf(cell)).toEqual(measures)
})
