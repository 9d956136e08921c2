/** What letters say: figures and words as they are put into a template. From the same records and rules as the screens. */
import type { FrozenNotice } from '../notice/notice.ts'
import { ORDER_ACTS, ORDER_SOURCES, ORDER_STATES, type OrderAct, type OrderSource, type OrderState } from '../order/order.ts'
import { lightsOf } from '../light/lights.ts'
import { monthLights } from '../light/month-lights.ts'
import { reasonText } from '../light/reason.ts'
import { countLights, type TaskLight } from '../light/task-light.ts'
import { monthBefore, monthEnd } from '../month/month.ts'
import { formatNumber } from '../number/format.ts'
import { formatDate, formatMonth, formatPercent, formatValue } from '../number/in-words.ts'
import type { PlanSources } from '../workbook/list.ts'
import { isUnknown } from '../workbook/lit.ts'
import type { LetterValues } from './letter.ts'

const DEMO = '演示数据，并非真实情况'
const day = (date: string) => formatDate(date, 'zh-CN')
const headOf = (district: string, demo: boolean) => ({ district, office: `${district}乡村振兴办公室`, demo: demo ? DEMO : '' })

export interface BulletinSources extends PlanSources {
  year: number
}

/** The month's bulletin; `knownAt`: of a month that is closed, as it was known that day. */
export function bulletinValues(sources: BulletinSources, when: { month: string; knownAt: string | null; issuedOn: string }): LetterValues {
  const { tasks, progress, towns, district } = sources
  const at = (month: string) => monthLights(month, lightsOf(tasks, progress, monthEnd(month), when.knownAt ? { knownAt: when.knownAt } : {}))
  const now = at(when.month)
  const last = monthBefore(when.month)
  const before = progress.months.some(({ id }) => id === last) ? at(last) : null
  const { red, yellow, green, grey } = now.counts
  const names = new Map([...towns.map(({ code, name }) => [code, name] as const), [district.code, `${district.name}（区本级）`]])
  const places = new Map([...names.keys()].map((code, i) => [code, i]))
  const units = [...towns.map(({ code }) => code), district.code].filter((code) => now.ofTown(code).length > 0)
  const lit = (colour: 'red' | 'yellow') =>
    now.taskLights
      .filter(({ light }) => light === colour)
      .sort((a, b) => a.task - b.task || (places.get(a.town) ?? 0) - (places.get(b.town) ?? 0))
      .map((light, i) => litTask(light, i, tasks, names))
  return {
    ...headOf(district.name, now.lights.some(({ demo }) => demo)),
    plan: sources.plan.title,
    year: String(sources.year),
    month: String(Number(when.month.slice(5))),
    number: `〔${sources.year}〕第 ${Number(when.month.slice(5))} 期`,
    asOf: day(monthEnd(when.month)),
    issuedOn: day(when.issuedOn),
    tasks: formatNumber(tasks.length),
    red: formatNumber(red),
    yellow: formatNumber(yellow),
    green: formatNumber(green),
    grey: formatNumber(grey),
    change: before ? changeWords(red - before.counts.red) : '',
    towns: units.map((code) => {
      const own = now.ofTown(code)
      const counts = countLights(own)
      return {
        name: names.get(code) ?? code,
        red: formatNumber(counts.red),
        yellow: formatNumber(counts.yellow),
        green: formatNumber(counts.green),
        grey: formatNumber(counts.grey),
        noData: formatNumber(own.filter(isUnknown).length),
      }
    }),
    redTasks: lit('red'),
    yellowTasks: lit('yellow'),
  }
}

function litTask(light: TaskLight, i: number, tasks: PlanSources['tasks'], names: ReadonlyMap<string, string>): LetterValues {
  const task = tasks.find(({ no }) => no === light.task)!
  return { i: String(i + 1), no: String(task.no), task: task.name, town: names.get(light.town) ?? light.town, leads: task.leads.join('、'), reason: `${isUnknown(light) ? '无数据。' : ''}${reasonText(light.because, 'zh-CN')}` }
}

function changeWords(more: number): string {
  if (more === 0) return '红灯与上月持平'
  return more > 0 ? `红灯比上月增加 ${formatNumber(more)} 盏` : `红灯比上月减少 ${formatNumber(-more)} 盏`
}

/** An order as the letter needs it: names in place of codes and accounts. */
export interface OrderLetter {
  district: string
  year: number
  no: number
  owner: string
  title: string
  demand: string
  dueOn: string
  /** Days are China's. */
  issuedOn: string
  issuer: string
  source: OrderSource
  task: { no: number; name: string } | null
  town: string | null
  month: string | null
  state: OrderState
  answer: string | null
  answeredOn: string | null
  demo: boolean
  events: { on: string; act: OrderAct; by: string; words: string; dueOn: string }[]
}

export function orderValues(order: OrderLetter): LetterValues {
  return {
    ...headOf(order.district, order.demo),
    number: `〔${order.year}〕${order.no} 号`,
    owner: order.owner,
    title: order.title,
    demand: order.demand,
    dueOn: day(order.dueOn),
    issuedDue: day(order.events[0]?.dueOn ?? order.dueOn),
    issuedOn: day(order.issuedOn),
    issuer: order.issuer,
    source: ORDER_SOURCES[order.source].zh,
    task: order.task ? `${order.task.no} ${order.task.name}` : '',
    town: order.town ?? '',
    month: order.month ? formatMonth(order.month, 'zh-CN') : '',
    state: ORDER_STATES[order.state].zh,
    answer: order.answer ?? '',
    answeredOn: order.answeredOn ? day(order.answeredOn) : '',
    events: order.events.map(({ on, act, by, words }) => ({ at: day(on), act: ORDER_ACTS[act].zh, by, words })),
  }
}

/** A notice exactly as it was published. */
export function noticeValues(notice: FrozenNotice, sha256: string): LetterValues {
  return {
    ...headOf(notice.district, notice.demo),
    title: notice.title,
    words: notice.words,
    contact: notice.contact,
    month: formatMonth(notice.month, 'zh-CN'),
    from: day(notice.period.from),
    until: day(notice.period.until),
    publishedOn: day(notice.publishedOn),
    version: String(notice.version),
    corrects: notice.corrects ? `更正第 ${notice.corrects.version} 版：${notice.corrects.reason}` : '',
    hash: sha256,
    rows: notice.rows.map((row) => ({
      no: String(row.task),
      task: row.taskName,
      measure: row.measureName || row.taskName,
      town: row.townName,
      target: (row.direction === 'atMost' && row.target !== null ? '≤ ' : '') + (row.kind === 'stage' ? '100%' : formatValue(row.target, row.unit, 'zh-CN')),
      value: row.kind === 'stage' ? `${row.value}%` : formatValue(row.value, row.unit, 'zh-CN'),
      share: row.share === null ? '—' : formatPercent(row.share),
    })),
  }
}
