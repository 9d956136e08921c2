import type { Allocation, Direction, MeasureKind, Span, TaskField } from '../plan/plan.ts'
import type { NumberToken } from './lexer.ts'

/** How a number binds: a floor that is exceeded contradicts nothing, a ceiling turns the direction round. */
export type Bound = 'exact' | 'floor' | 'ceiling'

/** One number for one unit; `town: null` is the district. */
export interface Share {
  town: string | null
  value: number
  span: Span
  townSpan: Span | null
}

/** What a cell says about one thing counted, before the cells of a row are put together. */
export interface Statement {
  field: TaskField
  name: string
  /** The clause that says it, for telling which statements are about the same thing. */
  context: string
  unit: string
  kind: MeasureKind
  direction: Direction
  bound: Bound
  allocation: Allocation
  shares: Share[]
  /** A total declared beside a split, in its own unit. */
  total: { value: number; unit: string; span: Span; textSpan: Span } | null
  /** The units that its figures were written in; more than one is worth a look. */
  mixed: string[]
  /** Several towns and no word that says each or together. */
  ambiguous: boolean
  /** Upper bound of a range. */
  upper: number | null
  /** Text of number and unit, as written. */
  textSpan: Span
  /** The towns in whose sentence the number stands, for totals without a split. */
  towns: string[]
  at: number
}

/** A number with a unit that is no target of this year's plan, and why. */
export interface Leftover {
  field: TaskField
  reason: 'per-unit' | 'context' | 'vague-towns'
  text: string
  unit: string
  value: number
  span: Span
}

const FLOOR_BEFORE =
  /(?:不少于|不低于|不得低于|不得少于|不小于|至少|最少|高于|超过|大于|达到|达|提高至|提高到|提升至|提升到|力争|[≥＞>])\s?$/
const FLOOR_WORDS = /(?:不少于|不低于|不得低于|不得少于|至少|[≥])/
const FLOOR_AFTER = /^\s?(?:以上|及以上|起|多)/
const CEILING_BEFORE = /(?:不超过|不高于|不大于|不得超过|不得高于|控制在|(?<!不|不得)低于|(?<!不|不得)少于|[≤＜<])\s?$/
const CEILING_AFTER = /^\s?(?:以内|以下|之内)/
/** Rates of what is bad: the target is a limit. */
const BAD_RATE = /(?:不合格|损失|发生|死亡|违规|投诉|抛荒|撂荒|闲置|超标|返贫|差错|空置)[^，。；]{0,4}率/

/** What the words around a number make of it. */
export function boundOf(text: string, number: NumberToken): Bound {
  const before = text.slice(Math.max(0, number.start - 12), number.start)
  const after = text.slice(number.unitEnd, number.unitEnd + 6)
  if (CEILING_BEFORE.test(before) || CEILING_AFTER.test(after)) return 'ceiling'
  if (FLOOR_BEFORE.test(before) || FLOOR_AFTER.test(after) || FLOOR_WORDS.test(before.slice(-8))) return 'floor'
  return 'exact'
}

const KEEP = /保有量|永久基本农田|基本农田|耕地保护|红线|稳定保有|存量不|不减少/
const AMOUNTS = new Set(['area', 'mass', 'money', 'sown', 'persons'])

/** The kind of a measure by its unit's dimension and by words that say a level must be held. */
export function kindOf(dimension: string, context: string, name: string): MeasureKind {
  if (dimension === 'share') return 'rate'
  if (dimension === 'length') return 'length'
  if (!AMOUNTS.has(dimension)) return 'count'
  return KEEP.test(name) || (dimension === 'area' && KEEP.test(context)) ? 'keep' : 'amount'
}

export function directionOf(bound: Bound, kind: MeasureKind, context: string): Direction {
  if (bound === 'ceiling') return 'atMost'
  return kind === 'rate' && BAD_RATE.test(context) ? 'atMost' : 'atLeast'
}

/** Words that ask for something this year, or label a figure as asked for. */
const ASKS =
  /完成|推进|建设|新建|改建|扩建|创建|培育|打造|发展|举办|形成|落实|启动|培训|开展|达|推广|改造|提升|整治|扩大|创成|申报|建成|新增|增加|确保|实现|签约|配送|支持|遴选|完善|获得|治理|修复|种植|复审|推荐|上报|报送|组织|编制|制定|任务|目标|指标|排摸|计划|稳定|保持|力争|引进|招引|招商|盘活|拆除|清退|复垦|减量|流转|销售|产量|面积|播种|养殖|设立|成立|选派|评选|认定|创办|打通|疏浚|绿化|造林|补种|发放|安置|搬迁|归并|置换|惠及|覆盖|服务|帮扶|化解|处置|更新|安装|配备|配置|布设|试点|出栏|存栏|生产|供应|投入|投资|争取|发布|宣传|走访|检查|抽查|检测|巡查|监测|入库|储备|验收|竣工|开工|交付|签订|转化|注册|持证|认证|续展|增长|提高|提供|录用|刊发|保障/
const CONTEXT = /(?:涉及|现有|已有|原有|目前有|共有|辖区|区域面积|总面积|占地|面积)\s?约?\s?$|约\s?$/
const NEVER = /(?:区域面积|占地面积|辖区面积|总人口|户籍人口|常住人口(?=\s?约?\s?\d*$))/

/** Whether a number in a clause is a target of the plan rather than a description. */
export function isTarget(clause: string, before: string, bound: Bound, dimension: string): boolean {
  if (NEVER.test(before)) return false
  if (bound !== 'exact' || dimension === 'share') return true
  // Things and people are counted because somebody wants them; areas and lengths may only describe.
  const counted = dimension === 'things' || dimension === 'persons'
  if (!counted && !ASKS.test(clause)) return false
  return !CONTEXT.test(before) || ASKS.test(before.replace(CONTEXT, ''))
}
