import { describe, expect, it } from 'vitest'
import { readTaskList } from '../../../geo/task-list/read.ts'
import { documentFromText } from '../../../geo/task-list/text.ts'
import { QINGPU } from '../../../geo/town/qingpu.ts'

const HEAD = '序号\t任务名称\t目标要求\t责任部门\t镇\t完成时间'
const read = (title: string, towns: string) =>
  readTaskList(
    documentFromText(
      `${title}\n${HEAD}\n1\t推进农民集中居住\t完成732户农户签约\t*区建交委、区规资局\t${towns}\t12月底\n`,
      'list.txt',
    ),
    { district: QINGPU },
  )

describe('whose list it is', () => {
  it.each([
    ['2023年青浦区任务清单', '各镇', '青浦区', 8],
    ['2023年任务清单', '赵巷镇、华新镇', '青浦区', 2],
    ['2023年任务清单', '川沙新镇、祝桥镇', null, 2],
    ['2023年浦东新区任务清单', '川沙新镇、祝桥镇', '浦东新区', 2],
  ])('should tell from the title, else from the towns: %s, %s', (title, towns, district, count) => {
    const list = read(title, towns)
    expect(list.district).toBe(district)
    expect(list.tasks[0]?.towns).toHaveLength(count)
    expect(list.tasks[0]?.measures[0]?.quotas[0]?.town).toBe(district ?? '全区')
  })

  it('should take a bare 镇 as the head of the towns’ column', () => {
    expect(read('2023年浦东新区任务清单', '川沙新镇、祝桥镇').tasks[0]?.townText).toBe('川沙新镇、祝桥镇')
  })
})
