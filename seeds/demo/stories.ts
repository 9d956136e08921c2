/**
 * The stories in the demonstration year: what happens to whom, in words, and which lights it must show. They are data; `year.ts` plays
 * them and the tests hold them to their word. A story whose town or measure a plan does not have is not played there.
 */

import type { Light, LightColour } from '../../geo/light/light.ts'
import type { MeasureKind } from '../../geo/plan/plan.ts'

/** Which series a story is about. Names are of the 2023 list of Qingpu; kinds and words, as ids depend on the reading. */
export interface Cast {
  town: string
  /** In the task's name; any task when absent. */
  task?: RegExp
  /** In the measure's name; any measure when absent. */
  measure?: RegExp
  kinds?: readonly MeasureKind[]
}

/** What happens. Months are 1…12; lists of shares have one for each month from the first one named. */
export type Happening =
  | { kind: 'lag'; from: number; shares: readonly number[] } // so much behind the schedule, in shares
  | { kind: 'shares'; from: number; shares: readonly number[] } // exactly this share of the target
  | { kind: 'silence'; month: number; nextOn: string } // no report; the next month's is handed in on a date
  | { kind: 'waiting'; month: number } // handed in, not yet approved
  | { kind: 'returned'; month: number } // sent back and never handed in again

/** A light that the story promises: on a date, for at least one (`some`) or all series of its cast. */
export interface Promised {
  asOf: string
  of: 'some' | 'every'
  light?: LightColour
  reasonKey?: Light['reasonKey']
  wasRed?: boolean
  late?: boolean
  claimed?: boolean
  exceeded?: boolean
}

export interface Story {
  title: string
  cast: Cast
  happening: Happening
  /** What the town writes in the months concerned. */
  words: string
  shows: readonly Promised[]
}

const SCHEDULED: readonly MeasureKind[] = ['amount', 'length', 'stage']

export const STORIES: readonly Story[] = [
  {
    title: '香花桥街道春季滞后、夏季赶上',
    cast: {
      town: '310118003',
      task: /蔬菜|绿色发展|水产绿色|农房|路桥|自建房|种业|招商|“四好农村路”/,
      kinds: SCHEDULED,
    },
    happening: { kind: 'lag', from: 2, shares: [0.07, 0.16, 0.27, 0.25, 0.15, 0.07, 0.01] },
    words: '春季雨水偏多、施工队伍未到位，进度滞后；已排定赶工计划。',
    shows: [
      { asOf: '2023-03-31', of: 'some', light: 'yellow' },
      { asOf: '2023-04-30', of: 'every', light: 'red' },
      { asOf: '2023-09-30', of: 'every', light: 'green' },
      { asOf: '2023-09-30', of: 'some', wasRed: true },
    ],
  },
  {
    title: '白鹤镇水稻种植错过 6 月 20 日节点，7 月补上',
    cast: { town: '310118110', task: /粮食生产/, kinds: ['amount'] },
    happening: { kind: 'shares', from: 4, shares: [0.58, 0.69, 0.78, 0.9] },
    words: '秧苗供应不足，部分田块推迟移栽。',
    shows: [
      { asOf: '2023-06-20', of: 'every', light: 'yellow' },
      { asOf: '2023-06-30', of: 'every', light: 'red', reasonKey: 'milestone-passed' },
      { asOf: '2023-07-31', of: 'every', light: 'green', wasRed: true },
    ],
  },
  {
    title: '练塘镇蔬菜产量超额完成',
    cast: { town: '310118103', task: /蔬菜/, measure: /产量/ },
    happening: { kind: 'shares', from: 9, shares: [0.86, 0.97, 1.04, 1.08] },
    words: '秋季茬口增产，全年产量超过任务量。',
    shows: [{ asOf: '2023-12-31', of: 'every', light: 'green', reasonKey: 'done', exceeded: true }],
  },
  {
    title: '徐泾镇 8 月漏报，9 月也报得晚',
    cast: { town: '310118106', task: /蔬菜/, kinds: ['amount'] },
    happening: { kind: 'silence', month: 8, nextOn: '2023-10-04' },
    words: '填报人员调整，8 月数据并入 9 月上报。',
    shows: [
      { asOf: '2023-08-31', of: 'every', late: false },
      { asOf: '2023-09-30', of: 'every', late: true },
      { asOf: '2023-10-31', of: 'every', late: false },
    ],
  },
  {
    title: '盈浦街道年底进展缓慢',
    cast: {
      town: '310118002',
      task: /蔬菜|文化建设|集中居住|阳光村务|移风易俗|体育|“平安屋”/,
      kinds: ['amount', 'count', 'length', 'stage'],
    },
    happening: { kind: 'shares', from: 9, shares: [0.7, 0.72, 0.74, 0.76] },
    words: '资金未到位，剩余部分预计跨年完成。',
    shows: [
      { asOf: '2023-10-31', of: 'some', light: 'yellow' },
      { asOf: '2023-12-31', of: 'every', light: 'red' },
      { asOf: '2024-01-01', of: 'every', light: 'red', reasonKey: 'deadline-passed' },
    ],
  },
  {
    title: '重固镇夏季耕地保有量一度低于划定面积',
    cast: { town: '310118109', task: /耕地/, kinds: ['keep'] },
    happening: { kind: 'shares', from: 7, shares: [0.9972, 0.9981, 1] },
    words: '临时堆场占用，已责令恢复。',
    shows: [
      { asOf: '2023-06-30', of: 'every', light: 'green' },
      { asOf: '2023-07-31', of: 'every', light: 'red', reasonKey: 'below-keep' },
      { asOf: '2023-09-30', of: 'every', light: 'green', reasonKey: 'keep-held', wasRed: true },
    ],
  },
  {
    title: '夏阳街道 9 月已报、待审核',
    cast: { town: '310118001', task: /蔬菜/, kinds: ['amount'] },
    happening: { kind: 'waiting', month: 9 },
    words: '面积以航拍核实为准，待牵头部门审核。',
    shows: [
      { asOf: '2023-09-30', of: 'every', claimed: true },
      { asOf: '2023-10-31', of: 'every', claimed: false },
    ],
  },
  {
    title: '朱家角镇 12 月文化配送已报、待审核',
    cast: { town: '310118102', task: /文化建设/, kinds: ['count'] },
    happening: { kind: 'waiting', month: 12 },
    words: '年终核查材料已提交。',
    shows: [{ asOf: '2023-12-31', of: 'every', claimed: true }],
  },
  {
    title: '赵巷镇 10 月上报被退回',
    cast: { town: '310118105', task: /绿色发展/, kinds: ['amount'] },
    happening: { kind: 'returned', month: 10 },
    words: '退回：缺少基地名册，请补充后重报。',
    shows: [
      { asOf: '2023-11-15', of: 'every', late: true },
      { asOf: '2023-12-15', of: 'every', late: false },
    ],
  },
]
