import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { comparePlans } from '../../../geo/task-list/changes.ts'
import { readTaskList } from '../../../geo/task-list/read.ts'
import { documentFromText } from '../../../geo/task-list/text.ts'
import { QINGPU } from '../../../geo/town/qingpu.ts'

const source = readFileSync(new URL('../../../seeds/task-lists/2023-310118.txt', import.meta.url), 'utf8')
const read = (text: string) => readTaskList(documentFromText(text, 'x.txt'), { district: QINGPU })
const before = read(source)
const changed = (edit: (text: string) => string) =>
  comparePlans(before, read(edit(source))).map((c) => [c.kind, c.task, c.measure, c.town, c.before, c.after])

describe('what a later list changes', () => {
  it('should be nothing for the same list', () => {
    expect(comparePlans(before, read(source))).toEqual([])
  })

  it('should tell a quota and the total that it changes', () => {
    expect(changed((text) => text.replace('12.4 万亩：赵巷镇 3950', '12.41 万亩：赵巷镇 4050'))).toEqual([
      ['target', 14, '粮食生产任务', null, 124000, 124100],
      ['quota', 14, '粮食生产任务', '赵巷镇', 3950, 4050],
    ])
  })

  it('should tell towns that come and go', () => {
    expect(
      changed((text) => text.replace('生态清洁小流域建设工作：重固镇1项', '生态清洁小流域建设工作：华新镇1项')),
    ).toEqual([
      ['towns', 12, null, null, '重固镇、朱家角镇、练塘镇', '华新镇、朱家角镇、练塘镇'],
      ['quota-added', 12, '生态清洁小流域建设', '华新镇', null, 1],
      ['quota-removed', 12, '生态清洁小流域建设', '重固镇', 1, null],
    ])
  })

  it('should tell leads, deadlines, names and words', () => {
    expect(
      changed((text) =>
        text.replace(
          '乡村振兴示范村建设：赵巷镇 1 个、重固镇 1 个、练塘镇 1 个。\t10月底',
          '乡村振兴示范村建设：赵巷镇 1 个、重固镇 1 个、练塘镇 1 个。\t11月底',
        ),
      ),
    ).toEqual([['deadline', 1, null, null, '2023-10-31', '2023-11-30']])
    expect(changed((text) => text.replace('区水务局', '区水务局、区生态环境局'))).toEqual([
      ['leads', 12, null, null, '区水务局', '区水务局、区生态环境局'],
    ])
    expect(changed((text) => text.replace('推进种业创新发展', '推进种业创新高质量发展'))).toEqual([
      ['task-renamed', 16, null, null, '推进种业创新发展', '推进种业创新高质量发展'],
    ])
    expect(changed((text) => text.replace('完善种业扶持政策', '健全种业扶持政策')).map((c) => c[0])).toEqual(['text'])
  })

  it('should not call the same day of the next year a change', () => {
    const next = (text: string) => text.replace('2023 年上海市青浦区', '2024 年上海市青浦区')
    expect(changed(next)).toEqual([])
    const later = changed((text) => next(text).replace('练塘镇 1 个。\t10月底', '练塘镇 1 个。\t9月底'))
    expect(later).toEqual([['deadline', 1, null, null, '2023-10-31', '2024-09-30']])
  })

  it('should know a task again under another number, and tell the ones that come and go', () => {
    const moved = changed((text) => {
      const lines = text.split('\n').filter((line) => !line.includes('\t做好长江禁渔工作\t'))
      const renumbered = lines.map((line) => {
        const cells = line.split('\t')
        if (Number(cells[2]) > 17) cells[2] = String(Number(cells[2]) - 1)
        return cells.join('\t')
      })
      return (
        renumbered.join('\n').trimEnd() +
        '\n\t59\t56\t推广智慧农机\t新增智慧农机20台。\t区农业农村委\t练塘镇 20 台\t12月底\n'
      )
    })
    expect(moved.filter((c) => c[0] === 'task-renumbered')).toHaveLength(39)
    expect(moved.filter((c) => c[0] !== 'task-renumbered')).toEqual([
      ['task-added', 56, null, null, null, '推广智慧农机'],
      ['task-removed', 17, null, null, '做好长江禁渔工作', null],
    ])
  })
})
