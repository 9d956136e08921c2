/**
 * The ledger of the demonstration year: problems such as each task's towns might find, inside their shapes, on their way through the year. Pure and
 * the same every time; synthetic, and marked so. The plan may be any that was read: what is found is told by the task's words.
 */
import type { MultiPolygon, Polygon } from 'geojson'
import { codeUseOf, dueDayOf, findingStateAfter, hasLedger, type FindingAct, type FindingSource, type FindingState, type FindingStep, type SafetyCode } from '../../geo/finding/finding.ts'
import { countsBetween, type FindingDays, type LedgerCounts } from '../../geo/finding/counts.ts'
import { dayNumber, isoDay } from '../../geo/month/day.ts'
import { workdayFrom, type Calendar } from '../../geo/month/workday.ts'
import type { Task } from '../../geo/plan/plan.ts'
import { unitsOf } from '../../geo/submission/submission.ts'
import { partsOf } from '../../geo/town/ring.ts'
import { isDistrict } from '../../geo/right/right.ts'
import { chanceOf, type Chance } from './chance.ts'
import { DEMO_WORDS } from './year.ts'

export interface DemoStep {
  act: FindingAct
  /** ISO date. */
  day: string
  /** Whose account did it. */
  by: 'town' | 'department' | 'office'
  state: FindingState
  words: string
  dueOn: string
  fixedOn: string | null
  struckOn: string | null
}

export interface DemoFinding {
  task: number
  town: string
  title: string
  words: string
  address: string
  source: FindingSource
  code: SafetyCode | null
  place: [number, number]
  foundOn: string
  dueOn: string
  steps: DemoStep[]
}

/** A unit's shape. The park has none and lies in others' land. */
export interface DemoShape {
  code: string
  geometry: Polygon | MultiPolygon | null
}

/** Where the park's own fields lie. */
const LAND_OF_THE_PARK = '310118003'

interface Kind {
  task: RegExp
  titles: readonly string[]
  fixes: readonly string[]
  places: readonly string[]
}

const KINDS: readonly Kind[] = [
  { task: /人居环境/, titles: ['宅前屋后乱堆物', '河道岸边漂浮垃圾', '垃圾分类收集点满溢', '公共厕所管护不到位', '田间废弃农膜未回收', '沿路违规小广告'], fixes: ['已清运，并落实保洁责任人', '已清理到位，加密巡查'], places: ['村内主路旁', '自然村村口', '河道北岸', '集中居住点旁'] },
  { task: /路桥/, titles: ['村道路面坑洼破损', '临河路段护栏缺失', '桥面伸缩缝破损', '桥头跳车', '路肩坍塌', '桥梁栏杆锈蚀断裂'], fixes: ['已修补并设置警示标志', '已更换护栏，验收合格'], places: ['村内支路', '临河路段', '机耕桥', '中心路'] },
  { task: /危旧房/, titles: ['屋面渗漏', '墙体开裂倾斜', '木梁腐朽', '地基沉降'], fixes: ['已加固，经鉴定安全', '已完成翻建，农户入住'], places: ['低收入农户住宅', '老宅'] },
  { task: /自建房/, titles: ['经营性自建房擅自加层', '承重墙拆改', '疏散通道堵塞', '楼板超载堆货', '未经鉴定用于出租'], fixes: ['已拆除加建部分，经复核安全', '已清空封停，落实专人巡查', '已鉴定加固'], places: ['沿街商铺', '集镇商住楼', '农家乐', '出租房'] },
  { task: /禁渔/, titles: ['发现违规地笼网', '“三无”船舶停靠', '禁渔区违规垂钓', '销售江鲜的标语未清除'], fixes: ['已清除并移交执法部门', '已劝离，登记在册'], places: ['河道岸边', '水闸旁', '湖荡东岸', '集贸市场'] },
  { task: /生猪|动物/, titles: ['场区消毒记录不全', '粪污暂存池溢流', '运输车辆未经洗消', '免疫标识缺失'], fixes: ['已补记并培训', '已清淤，加装液位报警', '已补打免疫标识'], places: ['养殖场', '散养户', '屠宰场入口'] },
  { task: /农产品质量/, titles: ['合格证未按要求开具', '农药使用记录缺失', '兽药休药期登记不全', '抽检样品农残超标'], fixes: ['已补开合格证并约谈', '已补齐记录，复检合格'], places: ['蔬菜合作社', '水产基地', '农资店', '果园'] },
  { task: /耕地/, titles: ['堆土占用耕地', '田块硬化', '耕地抛荒', '违规挖塘养鱼', '占用耕地种植苗木'], fixes: ['已清运复耕', '已拆除硬化地面，恢复耕作层'], places: ['机耕路旁田块', '高压走廊下', '村界旁田块'] },
  { task: /移风易俗/, titles: ['红白事大操大办', '散埋乱葬', '封建迷信用品摆卖'], fixes: ['已劝导，纳入村规民约', '已迁入公益性墓地'], places: ['自然村', '集市', '村民活动室旁'] },
  { task: /宅基地/, titles: ['未批先建', '超面积翻建', '一户多宅未腾退', '占用农用地搭建'], fixes: ['已责令停工并拆除', '已补办手续', '已签订腾退协议'], places: ['村民住宅', '村西宅基地', '自然村北侧'] },
  { task: /./, titles: ['现场检查发现问题'], fixes: ['已整改到位'], places: ['现场'] },
]
const SOURCES: readonly FindingSource[] = ['self', 'self', 'patrol', 'patrol', 'inspection', 'public']

type LedgerTask = Pick<Task, 'no' | 'name' | 'requirement' | 'deadline' | 'mechanisms' | 'measures'>

/** All findings of a plan's year in the order in which they were hung. What had not happened by the year's end did not happen. */
export function demoFindings(plan: { startsOn: string; endsOn: string }, tasks: readonly LedgerTask[], shapes: readonly DemoShape[], calendar: Calendar): DemoFinding[] {
  const geometryOf = (town: string) => shapes.find(({ code }) => code === town)?.geometry ?? shapes.find(({ code }) => code === LAND_OF_THE_PARK)?.geometry ?? null
  return tasks
    .filter(hasLedger)
    .flatMap((task) =>
      unitsOf(task).flatMap((town) => {
        const geometry = geometryOf(town)
        if (isDistrict(town) || !geometry) return []
        const chance = chanceOf(`finding ${task.name} ${town}`)
        return Array.from({ length: chance.whole(1, 4) }, (_, i) => findingOf(plan, task, town, geometry, calendar, chanceOf(`finding ${task.name} ${town} ${i}`)))
      }),
    )
    .sort((a, b) => a.foundOn.localeCompare(b.foundOn) || a.task - b.task || a.town.localeCompare(b.town))
}

function findingOf(plan: { startsOn: string; endsOn: string }, task: LedgerTask, town: string, geometry: Polygon | MultiPolygon, calendar: Calendar, chance: Chance): DemoFinding {
  const kind = KINDS.find((one) => one.task.test(task.name))!
  const pick = <T>(list: readonly T[]): T => list[chance.whole(0, list.length - 1)]!
  // What is to be over in June is looked for until then; found in the last days of the year there would be nothing to see of its way.
  const last = Math.min(dayNumber(task.deadline ?? plan.endsOn), dayNumber(plan.endsOn) - 8)
  const foundOn = isoDay(chance.whole(dayNumber(plan.startsOn) + 9, last))
  const use = codeUseOf(task)
  const code = use === 'none' ? null : pick<SafetyCode>(['red', 'yellow', 'yellow', 'green', 'green'])
  const dueOn = dueDayOf(foundOn, code, calendar)
  const finding = {
    task: task.no,
    town,
    title: pick(kind.titles),
    words: `${DEMO_WORDS}：${pick(['现场拍照取证，已告知责任人。', '巡查发现，已登记并通知村委会。', '群众反映属实，列入台账。'])}`,
    address: `${pick(['东', '西', '南', '北', '中'])}片${pick(kind.places)}（演示）`,
    source: pick(SOURCES),
    code,
    place: placeIn(geometry, chance),
    foundOn,
    dueOn,
  }
  return { ...finding, steps: stepsOf(finding, plan.endsOn, calendar, `${DEMO_WORDS}：${pick(kind.fixes)}。`, chance) }
}

function stepsOf(finding: Omit<DemoFinding, 'steps'>, end: string, calendar: Calendar, fix: string, chance: Chance): DemoStep[] {
  let state: DemoStep = { act: 'hang', day: finding.foundOn, by: 'town', state: 'hung', words: finding.words, dueOn: finding.dueOn, fixedOn: null, struckOn: null }
  const steps = [state]
  let day = finding.foundOn
  /** The step on a working day so many days later, if the year has it still. */
  const go = (act: FindingStep, after: number, by: DemoStep['by'], words: string): boolean => {
    day = workdayFrom(calendar, isoDay(dayNumber(day) + after), 0)
    if (day > end) return false
    const dueOn = act === 'return' ? workdayFrom(calendar, isoDay(dayNumber(day) + 10), 0) : state.dueOn
    state = {
      act,
      day,
      by,
      state: findingStateAfter(act),
      words,
      dueOn,
      fixedOn: act === 'fix' ? day : act === 'return' ? null : state.fixedOn,
      struckOn: act === 'strike' ? day : act === 'check' ? state.struckOn : null,
    }
    steps.push(state)
    return true
  }
  const span = Math.max(3, dayNumber(finding.dueOn) - dayNumber(finding.foundOn))
  // A few stay as they are, those of autumn and winter: what the year leaves overdue.
  const stays = chance.happens(0.22)
  if (stays && finding.foundOn.slice(5, 7) >= '09') return steps
  if (!go('fix', Math.max(1, Math.round(span * chance.between(0.3, chance.happens(0.2) ? 1.9 : 1))), 'town', fix)) return steps
  if (chance.happens(0.09)) {
    if (!go('return', chance.whole(1, 4), 'department', `${DEMO_WORDS}：现场查看整改不彻底，请继续整改并补充照片。`)) return steps
    if (!go('fix', chance.whole(3, 9), 'town', `${DEMO_WORDS}：已按要求重新整改到位。`)) return steps
  }
  if (!go('strike', chance.whole(1, 7), 'department', `${DEMO_WORDS}：整改到位，同意销账。`)) return steps
  go('check', chance.whole(2, 20), 'office', `${DEMO_WORDS}：抽查复核，整改属实。`)
  return steps
}

/** A place inside of a shape's largest part; to the sixth decimal, a decimetre. */
function placeIn(geometry: Polygon | MultiPolygon, chance: Chance): [number, number] {
  const rings = partsOf(geometry).reduce((most, part) => (part[0]!.length > most[0]!.length ? part : most))
  const outer = rings[0]!
  const lons = outer.map(([lon]) => lon!)
  const lats = outer.map(([, lat]) => lat!)
  const [west, east, south, north] = [Math.min(...lons), Math.max(...lons), Math.min(...lats), Math.max(...lats)]
  for (let i = 0; i < 400; i++) {
    const place: [number, number] = [round(chance.between(west, east)), round(chance.between(south, north))]
    if (rings.reduce((inside, ring) => (isInside(place, ring) ? !inside : inside), false)) return place
  }
  throw new Error('a shape without room for a place')
}

const round = (degrees: number) => Math.round(degrees * 1e6) / 1e6

/** By how often a ray to the east crosses the ring. */
function isInside([x, y]: [number, number], ring: readonly (readonly number[])[]): boolean {
  let inside = false
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [ax, ay] = ring[i] as [number, number]
    const [bx, by] = ring[j] as [number, number]
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside
  }
  return inside
}

/** The ledger of a task in a unit in a span of days, as it is counted: what the unit reported of it says the same. */
export function demoLedger(findings: readonly DemoFinding[], task: number, town: string, from: string, to: string): LedgerCounts {
  const days = findings.filter((finding) => finding.task === task && finding.town === town).map((finding): FindingDays => {
    const last = finding.steps.filter(({ day }) => day <= to).at(-1)
    return { task, town, foundOn: finding.foundOn, dueOn: last?.dueOn ?? finding.dueOn, fixedOn: last?.fixedOn ?? null, clearedOn: last?.struckOn ?? null, count: 1, demo: true }
  })
  return countsBetween(days, from, to)
}
