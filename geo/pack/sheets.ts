/** The pack's workbook: the same figures as on its pages, as numbers that can be counted with. Pure. */
import { countLights } from '../light/task-light.ts'
import type { TaskLight } from '../light/task-light.ts'
import { reasonText } from '../light/reason.ts'
import { formatDate, formatMonth, unitWord, type Lang } from '../number/in-words.ts'
import { ORDER_STATES } from '../order/order.ts'
import type { PageBasis } from '../snapshot/figures.ts'
import { SIGNS } from '../snapshot/panels.ts'
import { PAGE_WORDS } from '../snapshot/words.ts'
import { byCategory, unitNamer } from './lists.ts'
import { changesOf, ordersDue, problemsOf, type PackFacts } from './pack.ts'
import { PACK_WORDS } from './words.ts'

export interface SheetColumn {
  title: string
  /** In characters, as spreadsheets count. */
  width: number
  /** `share`: 0…1, shown in percent. */
  kind: 'text' | 'number' | 'share'
}

export interface Sheet {
  name: string
  /** Stands over the table. */
  title: string
  /** What must be known of it: the date, the marks. */
  note: string
  columns: SheetColumn[]
  rows: (string | number | null)[][]
}

const text = (title: string, width: number): SheetColumn => ({ title, width, kind: 'text' })
const number = (title: string, width = 10): SheetColumn => ({ title, width, kind: 'number' })
const share = (title: string): SheetColumn => ({ title, width: 10, kind: 'share' })

export function packSheets(basis: PageBasis, facts: PackFacts, lang: Lang): Sheet[] {
  const { sources, now, plan } = basis
  const words = PACK_WORDS[lang]
  const page = PAGE_WORDS[lang]
  const nameOf = unitNamer(basis, lang)
  // Its own row and column are what the district reports itself; the last line is all of it.
  const headOf = (code: string) => (code === sources.district.code ? page.districtsOwn : nameOf(code))
  const units = [...sources.towns, sources.district]
  const month = formatMonth(now.month, lang)
  const demo = now.lights.some((light) => light.demo)
  const note = [page.asOf(formatDate(now.asOf, lang)), page.source(sources.plan.title), ...(demo ? [words.synthetic] : [])].join(page.and)
  const sheet = (name: string, columns: SheetColumn[], rows: Sheet['rows'], more = ''): Sheet => ({ name, title: `${month} ${name}`, note: more ? `${note}${page.and}${more}` : note, columns, rows })
  const order = ['red', 'yellow', 'green', 'grey'] as const
  const lightText = ({ light }: Pick<TaskLight, 'light'>) => `${SIGNS[light]} ${page.light[light]}`
  const before = basis.before
  const overview = units.map(({ code }) => {
    const counts = countLights(now.ofTown(code))
    const then = before && countLights(before.ofTown(code))
    return [headOf(code), ...order.map((light) => counts[light]), ...(then ? [counts.red - then.red, counts.yellow - then.yellow] : [null, null])]
  })
  const measureOf = ({ because }: TaskLight) => plan.measure(because.measure)
  const unitOf = (light: TaskLight) => {
    const measure = measureOf(light)
    return measure ? (measure.kind === 'stage' ? '%' : unitWord(measure.unit, lang)) : ''
  }
  return [
    sheet(
      words.overview,
      [text(words.unit, 16), ...order.map((light) => number(page.light[light])), number(`${page.light.red} ±`), number(`${page.light.yellow} ±`)],
      [...overview, [words.all, ...order.map((light) => now.counts[light]), ...(before ? [now.counts.red - before.counts.red, now.counts.yellow - before.counts.yellow] : [null, null])]],
    ),
    sheet(
      words.matrix,
      [text(words.category, 18), number(words.no, 6), text(words.task, 34), text(words.leads, 20), ...units.map(({ code }) => text(headOf(code), 11))],
      byCategory(sources.tasks).flatMap(({ name, tasks }) => tasks.map((task) => [name, task.no, task.name, task.leads.join('、'), ...units.map(({ code }) => {
        const light = now.taskLight(task.no, code)
        return light ? lightText(light) : null
      })])),
    ),
    sheet(
      words.changes,
      [text('', 8), text(words.unit, 16), number(words.no, 6), text(words.task, 34), text(words.last, 10), text(words.current, 10), share(`${words.last} ${words.done}`), share(`${words.current} ${words.done}`), text(words.reason, 70)],
      (changesOf(basis) ?? []).map(({ now: light, then, worse }) => [
        worse ? words.worse : words.better,
        nameOf(light.town),
        light.task,
        plan.task(light.task)?.name ?? '',
        lightText(then),
        lightText(light),
        then.because.done,
        light.because.done,
        reasonText(light.because, lang),
      ]),
    ),
    sheet(
      words.problems,
      [text(words.light, 10), text(words.unit, 16), number(words.no, 6), text(words.task, 34), text(words.leads, 20), text(words.measure, 24), number(words.target, 12), number(words.value, 12), text('', 8), share(words.expected), share(words.done), number(words.percentagePoints, 14), text(words.since, 12), text(words.reason, 70)],
      problemsOf(basis).map((light) => {
        const { because } = light
        const task = plan.task(light.task)
        return [lightText(light), nameOf(light.town), light.task, task?.name ?? '', task?.leads.join('、') ?? '', measureOf(light)?.name ?? '', because.target, because.value ?? words.noData, unitOf(light), because.expected, because.done ?? words.noData, because.gap === null ? null : Math.round(because.gap * 10) / 10, because.since, reasonText(because, lang)]
      }),
    ),
    sheet(
      words.orders,
      [text(words.no, 12), text(words.owner, 22), text(words.what, 60), text(words.issued, 12), text(words.due, 12), text(words.state, 14)],
      ordersDue(facts).map((one) => [words.orderNo(one.year, one.no), nameOf(one.owner), one.demo ? `${one.title}（${words.demo}）` : one.title, one.issuedOn, one.dueOn, one.overdue ? words.overdue : ORDER_STATES[one.state][lang === 'en' ? 'en' : 'zh']]),
      words.ordersHint(formatDate(facts.day, lang), ordersDue(facts).length, ordersDue(facts).filter(({ overdue }) => overdue).length),
    ),
  ]
}
