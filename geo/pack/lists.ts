/** The pack's long tables as they stand on pages: matrix, changes, problems, orders. Pure. */
import { reasonText } from '../light/reason.ts'
import type { TaskLight } from '../light/task-light.ts'
import { formatDate, formatDay, formatPercent } from '../number/in-words.ts'
import type { Lang } from '../number/in-words.ts'
import { ORDER_STATES } from '../order/order.ts'
import type { Task } from '../plan/plan.ts'
import type { PageBasis } from '../snapshot/figures.ts'
import type { LongList, ListRow } from '../snapshot/list.ts'
import { PAGE_WORDS } from '../snapshot/words.ts'
import { changesOf, ordersDue, problemsOf, type PackFacts } from './pack.ts'
import { PACK_WORDS } from './words.ts'

/** Names of units by code; of what is none, the words themselves: departments have no code. */
export function unitNamer({ sources }: PageBasis, lang: Lang): (code: string) => string {
  const names = new Map([...sources.towns, sources.district].map((unit) => [unit.code, lang === 'en' ? unit.nameEn : unit.name]))
  return (code) => names.get(code) ?? code
}

/** Tasks by category, in the list's order. */
export function byCategory(tasks: readonly Task[]): { name: string; tasks: Task[] }[] {
  return [...Map.groupBy(tasks, ({ category }) => category.no).values()].map((its) => ({ name: its[0]!.category.name, tasks: its }))
}

const CHINESE_NUMBERS = '〇一二三四五六七八九十'
const ordinal = (n: number, lang: Lang) => (lang === 'en' ? `${n}.` : `${n <= 10 ? CHINESE_NUMBERS[n] : n < 20 ? `十${CHINESE_NUMBERS[n - 10]}` : n}、`)

export function matrixList(basis: PageBasis, lang: Lang): LongList {
  const { sources, now } = basis
  const words = PACK_WORDS[lang]
  const units = [...sources.towns, { ...sources.district, shortName: PAGE_WORDS[lang].districtsOwn, nameEn: PAGE_WORDS[lang].districtsOwn }]
  const cell = (light: TaskLight | undefined) => (light ? { text: '', light: light.light } : { text: '' })
  const rows = byCategory(sources.tasks).flatMap(({ name, tasks }, i): ListRow[] => [
    { cells: [{ text: `${ordinal(i + 1, lang)}${lang === 'en' ? ' ' : ''}${name}` }], over: true },
    ...tasks.map((task) => ({ cells: [{ text: `${task.no} ${task.name}` }, { text: task.leads.join('、') }, ...units.map(({ code }) => cell(now.taskLight(task.no, code)))] })),
  ])
  return {
    title: words.matrix,
    subtitle: words.matrixHint,
    columns: [
      { title: words.task, anchor: 'start', share: 5.4 },
      { title: words.leads, anchor: 'start', share: 2.6 },
      ...units.map(({ nameEn, shortName }) => ({ title: lang === 'en' ? nameEn : shortName, anchor: 'middle' as const, share: 1 })),
    ],
    rows,
    none: '',
    scale: 0.84,
  }
}

export function changesList(basis: PageBasis, lang: Lang): LongList {
  const words = PACK_WORDS[lang]
  const light = PAGE_WORDS[lang].light
  const nameOf = unitNamer(basis, lang)
  const changes = changesOf(basis)
  const row = ({ now, then }: NonNullable<typeof changes>[number]): ListRow => ({
    cells: [
      { text: nameOf(now.town) },
      { text: `${now.task} ${basis.plan.task(now.task)?.name ?? ''}` },
      { text: light[then.light], light: then.light },
      { text: light[now.light], light: now.light },
      { text: shareText(then, words.noData) },
      { text: shareText(now, words.noData) },
      { text: reasonText(now.because, lang) },
    ],
  })
  const [worse, better] = [(changes ?? []).filter((change) => change.worse), (changes ?? []).filter((change) => !change.worse)]
  const group = (title: string, its: typeof worse): ListRow[] => (its.length ? [{ cells: [{ text: `${title}（${its.length}）` }], over: true }, ...its.map(row)] : [])
  return {
    title: words.changes,
    subtitle: words.changesHint(worse.length, better.length),
    columns: [
      { title: words.unit, anchor: 'start', share: 2 },
      { title: words.task, anchor: 'start', share: 4.6 },
      { title: words.last, anchor: 'start', share: 1.5 },
      { title: words.current, anchor: 'start', share: 1.5 },
      { title: `${words.last} ${words.done}`, anchor: 'end', share: 1.5 },
      { title: `${words.current} ${words.done}`, anchor: 'end', share: 1.5 },
      { title: words.reason, anchor: 'start', share: 8 },
    ],
    rows: [...group(words.worse, worse), ...group(words.better, better)],
    none: changes ? words.noChanges : words.noMonth,
    scale: 0.95,
  }
}

/** The share done of the measure that makes a task's light; no data is told apart from zero. */
function shareText({ because }: TaskLight, noData: string): string {
  return because.done === null ? noData : formatPercent(because.done)
}

export function problemsList(basis: PageBasis, lang: Lang): LongList {
  const words = PACK_WORDS[lang]
  const page = PAGE_WORDS[lang]
  const nameOf = unitNamer(basis, lang)
  const problems = problemsOf(basis)
  return {
    title: words.problems,
    subtitle: words.problemsHint(problems.filter(({ light }) => light === 'red').length, problems.filter(({ light }) => light === 'yellow').length),
    columns: [
      { title: words.light, anchor: 'start', share: 1.5 },
      { title: words.unit, anchor: 'start', share: 2 },
      { title: words.task, anchor: 'start', share: 4.2 },
      { title: words.leads, anchor: 'start', share: 2.8 },
      { title: words.expected, anchor: 'end', share: 1.3 },
      { title: words.done, anchor: 'end', share: 1.3 },
      { title: words.since, anchor: 'start', share: 1.6 },
      { title: words.reason, anchor: 'start', share: 7.6 },
    ],
    rows: problems.map((light) => {
      const task = basis.plan.task(light.task)
      return {
        cells: [
          { text: page.light[light.light], light: light.light },
          { text: nameOf(light.town) },
          { text: `${light.task} ${task?.name ?? ''}` },
          { text: task?.leads.join('、') ?? '' },
          { text: formatPercent(light.because.expected) },
          { text: shareText(light, words.noData) },
          { text: light.because.since ? formatDay(light.because.since, lang) : '' },
          { text: reasonText(light.because, lang) },
        ],
      }
    }),
    none: words.noProblems,
    scale: 0.95,
  }
}

export function ordersList(basis: PageBasis, facts: PackFacts, lang: Lang): LongList {
  const words = PACK_WORDS[lang]
  const nameOf = unitNamer(basis, lang)
  const orders = ordersDue(facts)
  return {
    title: words.orders,
    subtitle: words.ordersHint(formatDate(facts.day, lang), orders.length, orders.filter(({ overdue }) => overdue).length),
    columns: [
      { title: words.no, anchor: 'start', share: 2.2 },
      { title: words.owner, anchor: 'start', share: 3 },
      { title: words.what, anchor: 'start', share: 9.6 },
      { title: words.issued, anchor: 'start', share: 2 },
      { title: words.due, anchor: 'start', share: 2 },
      { title: words.state, anchor: 'start', share: 2.6 },
    ],
    rows: orders.map((order) => ({
      cells: [
        { text: words.orderNo(order.year, order.no) },
        { text: nameOf(order.owner) },
        { text: order.demo ? `${order.title}（${words.demo}）` : order.title },
        { text: formatDate(order.issuedOn, lang) },
        { text: formatDate(order.dueOn, lang) },
        { text: order.overdue ? words.overdue : ORDER_STATES[order.state][lang === 'en' ? 'en' : 'zh'], ...(order.overdue ? { light: 'red' as const } : {}) },
      ],
      strong: order.overdue,
    })),
    none: words.noOrders,
    scale: 0.95,
  }
}
