/**
 * Supervision orders of the demonstration year, one in each state, about what its stories tell. Synthetic like everything here: all are
 * stored as demo, and their words begin with 演示数据. Days are of 2023; a plan of another year gets the same days of its own.
 */
import type { OrderAct } from '../../geo/order/order.ts'
import type { Task } from '../../geo/plan/plan.ts'
import { DEMO_WORDS } from './year.ts'

/** One thing that happened to an order: who (an account of the demonstration), when, and what they said. */
export interface DemoOrderEvent {
  act: OrderAct
  by: string
  /** ISO instant. */
  at: string
  words: string
  /** ISO date. */
  dueOn: string
}

export interface DemoOrder {
  /** What it is known by, so that it is never made twice. */
  key: string
  /** Who has to act: one of the two. */
  ownerTown: string | null
  ownerDepartment: string | null
  /** The town that it is about. */
  town: string
  task: number
  month: string
  title: string
  events: DemoOrderEvent[]
}

interface Step {
  act: OrderAct
  who: 'office' | 'leader' | 'owner'
  /** Month and day; of January they are the next year's. */
  day: string
  words: string
  due?: string
}

/** Tasks by their words, as a plan may be any that was read. */
const ORDERS: readonly { key: string; task: RegExp; town: string; owner: 'town' | 'department'; month: string; title: string; steps: readonly Step[] }[] = [
  {
    key: 'rice',
    task: /粮食生产/,
    town: '310118110',
    owner: 'town',
    month: '06',
    title: '水稻种植未达 6 月 20 日节点',
    steps: [
      { act: 'issue', who: 'office', day: '06-26', due: '07-07', words: '水稻种植低于节点要求，请说明原因、整改措施和完成时限。' },
      { act: 'answer', who: 'owner', day: '07-05', words: '秧苗供应不足，已从邻镇调苗，7 月 20 日前完成移栽。' },
      { act: 'return', who: 'office', day: '07-06', due: '07-14', words: '请补充未移栽田块的面积和位置。' },
      { act: 'answer', who: 'owner', day: '07-12', words: '未移栽 1290 亩，分布在三个村，清单已附。' },
      { act: 'close', who: 'office', day: '08-04', words: '7 月底已全部移栽，予以销号。' },
    ],
  },
  {
    key: 'arable',
    task: /耕地/,
    town: '310118109',
    owner: 'department',
    month: '07',
    title: '重固镇耕地保有量低于划定面积',
    steps: [
      { act: 'issue', who: 'leader', day: '08-08', due: '08-22', words: '请会同重固镇查明占用情况，限期恢复。' },
      { act: 'extend', who: 'leader', day: '08-21', due: '09-15', words: '因连续降雨，恢复期限延长。' },
      { act: 'answer', who: 'owner', day: '09-13', words: '临时堆场已清理，复垦完成，正在复核。' },
    ],
  },
  {
    key: 'culture',
    task: /文化建设/,
    town: '310118002',
    owner: 'town',
    month: '11',
    title: '文化建设进展缓慢，全年任务难以完成',
    steps: [{ act: 'issue', who: 'office', day: '12-12', due: '01-05', words: '全年任务只完成七成多，请书面说明原因并提出跨年完成计划。' }],
  },
  {
    key: 'sports',
    task: /体育/,
    town: '310118002',
    owner: 'town',
    month: '10',
    title: '社区体育设施建设滞后',
    steps: [
      { act: 'issue', who: 'office', day: '11-13', due: '11-27', words: '请说明资金到位情况和完工时间。' },
      { act: 'cancel', who: 'office', day: '11-15', words: '与文化建设事项合并督办，本单撤销。' },
    ],
  },
]

/** The orders whose task and owner a plan has, oldest first, as if they had been made by the demonstration's people. */
export function demoOrders(year: number, tasks: readonly Pick<Task, 'no' | 'name' | 'leads' | 'measures'>[], accountOf: (department: string) => string): DemoOrder[] {
  const dated = (day: string) => `${day.startsWith('01-') ? year + 1 : year}-${day}`
  return ORDERS.flatMap(({ key, task: words, town, owner, month, title, steps }) => {
    const task = tasks.find(({ name, leads, measures }) => leads.length > 0 && words.test(name) && measures.some(({ quotas }) => quotas.some((quota) => quota.town === town)))
    if (!task) return []
    const lead = task.leads[0]!
    const account = owner === 'town' ? `town-${town.toLowerCase()}` : accountOf(lead)
    let dueOn = ''
    const events = steps.map(({ act, who, day, words: said, due }): DemoOrderEvent => {
      if (due) dueOn = dated(due)
      return { act, by: who === 'owner' ? account : who, at: `${dated(day)}T10:00:00+08:00`, words: `${DEMO_WORDS}：${said}`, dueOn }
    })
    return [{ key, ownerTown: owner === 'town' ? town : null, ownerDepartment: owner === 'town' ? null : lead, town, task: task.no, month: `${year}-${month}`, title, events }]
  }).sort((a, b) => (a.events[0]!.at < b.events[0]!.at ? -1 : 1))
}
