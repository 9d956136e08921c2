import { decimalOf, times, toNumber } from '../number/decimal.ts'

/** One 亩 in m², exactly. */
export const M2_PER_MU = 10_000 / 15

/** What a unit measures. `time` and `order` units stand beside numbers that are no amounts (年, 级, 批). */
export const DIMENSIONS = [
  'area',
  'length',
  'mass',
  'money',
  'sown',
  'persons',
  'things',
  'share',
  'time',
  'order',
] as const
export type Dimension = (typeof DIMENSIONS)[number]

export interface Unit {
  name: string
  dimension: Dimension
  /** How many of the dimension's base unit (亩, 公里, 吨, 元, 亩次, 人次; each counter is its own base) one of it is. */
  factor: number
}

/** Counters: each counts its own things, so 3 家 and 3 个 are not the same number; 个村 counts what 个 counts. */
const COUNTERS = [
  '个村', '个', '家', '户', '项', '次', '场', '条', '座', '处', '所', '名', '人', '件', '篇', '套', '台', '辆', '间', '栋', '幢', '宗', '块', '头',
  '只', '羽', '株', '棵', '支', '本', '份', '例', '起', '对', '幅', '张', '门', '节', '课时', '盏', '根', '口', '艘', '片', '班', '村次', '场次', '户次',
  '批次', '车次', '期', '村', '支队伍', '条段', '路段', '标段', '段',
] as const // prettier-ignore

const MEASURED: readonly (readonly [string, Dimension, number])[] = [
  ['亩', 'area', 1],
  ['公顷', 'area', 15],
  ['平方公里', 'area', 1500],
  ['平方千米', 'area', 1500],
  ['平方米', 'area', 0.0015],
  ['km²', 'area', 1500],
  ['㎡', 'area', 0.0015],
  ['m²', 'area', 0.0015],
  ['公里', 'length', 1],
  ['千米', 'length', 1],
  ['km', 'length', 1],
  ['米', 'length', 0.001],
  ['吨', 'mass', 1],
  ['公斤', 'mass', 0.001],
  ['千克', 'mass', 0.001],
  ['斤', 'mass', 0.0005],
  ['元', 'money', 1],
  ['亩次', 'sown', 1],
  ['人次', 'persons', 1],
  ['%', 'share', 1],
  ['％', 'share', 1],
  ['‰', 'share', 0.1],
  ['个百分点', 'share', 1],
  ['百分点', 'share', 1],
]

const NO_AMOUNTS: readonly (readonly [string, Dimension])[] = [
  ...['个月', '个工作日', '工作日', '年', '月', '日', '天', '周', '小时', '分钟', '季度'].map(
    (u) => [u, 'time'] as const,
  ),
  ...['批', '类', '级', '轮', '届', '号', '岁', '层', '步', '大', '部门'].map((u) => [u, 'order'] as const),
]

const SCALES: readonly (readonly [string, number])[] = [
  ['', 1],
  ['百', 100],
  ['千', 1000],
  ['万', 10_000],
  ['百万', 1_000_000],
  ['亿', 100_000_000],
]

/** Every unit by name, the ones with 万, 亿 … in front included: 万亩 is a unit of its own, as the document writes it. */
export const UNITS: ReadonlyMap<string, Unit> = unitTable()

function unitTable(): Map<string, Unit> {
  const units = new Map<string, Unit>()
  for (const [scale, factor] of SCALES) {
    for (const [name, dimension, base] of MEASURED) {
      if (scale === '' || dimension !== 'share')
        units.set(scale + name, { name: scale + name, dimension, factor: times(base, factor) })
    }
    for (const name of COUNTERS) units.set(scale + name, { name: scale + name, dimension: 'things', factor })
  }
  for (const [name, dimension] of NO_AMOUNTS) units.set(name, { name, dimension, factor: 1 })
  return units
}

const LONGEST = Math.max(...[...UNITS.keys()].map((name) => name.length))

/** Behind 个村 these make another word: 3 个村级站点, 1 个村居, 50 个村卫生室. */
const NOT_A_VILLAGE = /[级居民卫庄落务集委组域内道史干企镇]/

/** The unit written at a place, after at most one space; the longest that fits. "个村居" is 个 (of 村居), not 个村. */
export function unitAt(text: string, at: number): { unit: Unit; start: number; end: number } | null {
  const start = text[at] === ' ' ? at + 1 : at
  for (let length = LONGEST; length > 0; length--) {
    const name = text.slice(start, start + length)
    const unit = name.length === length ? UNITS.get(name) : undefined
    if (!unit || (name.endsWith('个村') && NOT_A_VILLAGE.test(text[start + length] ?? ''))) continue
    return { unit, start, end: start + length }
  }
  return null
}

/** What a unit counts, for telling whether two numbers can be compared: 亩 and 万亩 can, 家 and 户 cannot, 个 and 个村 can, 条 and 条段. */
export function comparable(a: string, b: string): boolean {
  if (a === b) return true
  const [x, y] = [UNITS.get(a), UNITS.get(b)]
  if (!x || !y || x.dimension !== y.dimension) return false
  return x.dimension === 'things' ? counter(x.name) === counter(y.name) : true
}

const counter = (name: string): string => name.replace(/^(?:百万|百|千|万|亿)/, '').replace(/^个村$/, '个').replace(/^条段$/, '条')

/**
 * A value in another unit of the same dimension, exactly (12.4 万亩 → 124000 亩); null when the units do not compare. 亩 is the base of
 * areas: 1 公顷 = 15 亩, so 1 亩 = 10000/15 m².
 */
export function convert(value: number, from: string, to: string): number | null {
  if (from === to) return value
  const [x, y] = [UNITS.get(from), UNITS.get(to)]
  if (!x || !y || !comparable(from, to)) return null
  if (x.factor === y.factor) return value
  if (x.factor > y.factor) return times(value, ratio(x.factor, y.factor))
  const down = ratio(y.factor, x.factor)
  const power = Math.log10(down)
  const exact = decimalOf(value)
  return exact && Number.isInteger(power)
    ? toNumber({ digits: exact.digits, scale: exact.scale + power })
    : value / down
}

const ratio = (a: number, b: number): number => Number((a / b).toPrecision(12))
