import type { District } from '../town/town.ts'
import { chineseNumber } from '../number/chinese.ts'
import { halfWidth } from '../number/written.ts'

/** Kinds of unit as their names tell: 镇 and 乡, 街道, and everything else that has quotas (园区, 农场 …). */
export type UnitKind = 'town' | 'subdistrict' | 'park'

/** The units that a document can mean, and how they may be written. */
export interface Lexicon {
  /** Full names in the district's order, or that of first appearance. */
  names: string[]
  kindOf: ReadonlyMap<string, UnitKind>
  /** Every way to write one (full name, short name) → full name. Short names hold only between separators. */
  spellings: ReadonlyMap<string, { name: string; short: boolean }>
  /** First characters of all spellings and regions. */
  initials: ReadonlySet<string>
  /** Names of regions → their towns. */
  regions: ReadonlyMap<string, string[]>
  /** What sets of towns can mean: a known district's towns, else every name that the document gives. */
  members: string[]
  /** The members are all there are: a known district, not gathered from the document. */
  complete: boolean
}

/** "各街镇", "11个街镇", "8个镇": a set of towns by kind, with the count if one is given. */
export interface TownSet {
  kinds: UnitKind[]
  count: number | null
  /** 各 and 每个 say that each has to deliver. */
  each: boolean
  /** "有关镇": some of them, not said which. */
  vague: boolean
}

/** More names than this do not stand in one district's list. */
const MAX_TOWNS = 300

const HAN = '[\\u3400-\\u9fff]'
const STRONG = '(?:镇|街道办事处|街道|民族乡|乡)'
const WEAK = '(?:工业园区|农业园区|产业园区|园区|开发区|工业区|度假区|旅游区|高新区|新区|农场|林场|管委会)'
const EDGE_LEFT = '(?:^|[\\s、，,；;：:。（(）)0-9０-９个亩户项家场次吨里%]|[和及与]|其中|涉及|指导|完成|推进|分别为)'

/** Words that stand before a town's name in prose and are not of it. Single characters are left: 向化镇 and 和桥镇 begin with one. */
const LEAD_IN =
  /^(?:服务|指导|推进|推动|涉及|完成|其中|全区|落实|组织|支持|确保|确定|选取|选择|位于|包括|包含|分别|聚焦|围绕|依托|覆盖|试点|开展|实施|启动|新增|新建|建设|继续|重点|主要|目前|以及|[在由将把给](?=.{2})|、)+/

const KIND = '(?:镇|乡|街道)'
/** What ends in 镇, 乡 or 街道 and names none: "各镇", "文明镇", "特色小镇", "农业产业强镇", "三下乡". Real names may look alike (奉城镇, 青村镇, 陈家镇, 堡镇). */
const NO_TOWN = new RegExp(
  [
    `^.*(?:街镇|乡镇|镇乡|镇街)$`,
    `(?:各|每|个|本|全|该|某|等|涉农|有关|相关|试点|建制|中心|文明|卫生|示范|特色|美丽|智慧|先行|所在|所辖|属地|基层|优秀|先进|达标|创建|责任|涉及|乡村|农村)${KIND}$`,
    `[二两三四五六七八九十百千]${KIND}$`,
    `^(?:村|城|集|古|小|名|强|重|大|跨|市|县|区|街|乡|省|家|多|共|级|一)${KIND}$`,
    `(?:示范|特色|中小|新型|千年|历史|文化|产业|农业|经济|工业|旅游|国家|全国|建设|发展|打造)(?:村|城|集|古|小|名|强|重)镇$`,
    `(?:返|下|入|还|回|离|故|城|异|他|思|爱|助)乡$`,
  ].join('|'),
)

const TOWN_HEAD = /^[\u3400-\u9fff]{1,10}(?:镇|街道|乡|园区|工业区|开发区|度假区|高新区|农场|林场|管委会)$/

/** Whether a text is nothing but a town's (or park's) name: the head of a column of a matrix. */
export const isTownName = (text: string): boolean =>
  TOWN_HEAD.test(text) && !NO_TOWN.test(text) && !/责任|落实|涉及|实施|任务|单位|部门/.test(text)

export function kindOfName(name: string): UnitKind {
  if (/街道(?:办事处)?$/.test(name)) return 'subdistrict'
  return /(?:镇|乡)$/.test(name) ? 'town' : 'park'
}

/** Full name → the short one people use: 朱家角镇 → 朱家角. Names that would be a single character stay whole. */
export function shortName(name: string): string {
  const short = name.replace(/(?:镇|街道办事处|街道|民族乡|乡|工业园区|工业区|管委会)$/, '')
  return short.length >= 2 ? short : name
}

/**
 * The lexicon of a document. A known district's towns come first, as it knows them; what else the document itself names (between separators,
 * before numbers, as heads of columns) is added as written, so that a stranger is seen and not lost.
 */
export function lexiconOf(
  texts: { listed: readonly string[]; prose: readonly string[]; heads: readonly string[] },
  district: District | null,
): Lexicon {
  const known = district?.towns.map((town) => town.name) ?? []
  const gathered = gather(texts, known)
  const names = [...known, ...gathered.filter((name) => !known.includes(name))].slice(0, MAX_TOWNS)
  const spellings = new Map<string, { name: string; short: boolean }>()
  for (const name of names) spellings.set(name, { name, short: false })
  for (const name of names) {
    const short = district?.towns.find((town) => town.name === name)?.shortName ?? shortName(name)
    if (short !== name && !spellings.has(short)) spellings.set(short, { name, short: true })
  }
  const byCode = new Map(district?.towns.map((town) => [town.code, town.name]) ?? [])
  const regions = new Map<string, string[]>()
  for (const region of district?.regions ?? []) {
    const members = region.towns.map((code) => byCode.get(code)).filter((name) => name !== undefined)
    for (const name of region.names) regions.set(name, members)
  }
  const kindOf = new Map<string, UnitKind>(names.map((name) => [name, kindOfName(name)]))
  for (const town of district?.towns ?? []) if (town.kind !== 'district') kindOf.set(town.name, town.kind)
  const initials = new Set([...spellings.keys(), ...regions.keys()].map((name) => name[0] as string))
  return { names, initials, kindOf, spellings, regions, members: district ? known : names, complete: district !== null }
}

/** Names of towns that a document contains, in the order of first appearance. */
function gather(
  texts: { listed: readonly string[]; prose: readonly string[]; heads: readonly string[] },
  known: readonly string[],
): string[] {
  const found = new Map<string, number>()
  const note = (raw: string): void => {
    const stripped = raw.replace(LEAD_IN, '')
    // 建设镇 is a town where a list names it.
    const name = /^(?:镇|乡|街道)$/.test(stripped) && raw.length === 3 ? raw : stripped
    if (name.length < 2 || NO_TOWN.test(name) || /^[和与及]|的/.test(name) || found.size > 4 * MAX_TOWNS) return
    if (/^(?:镇|乡|街道)/.test(name) || /(?:镇|街道|乡).*(?:园区|区|农场|林场|管委会)$/.test(name)) return
    found.set(name, (found.get(name) ?? 0) + 1)
  }
  for (const head of texts.heads) note(head)
  for (const text of texts.listed) for (const match of text.slice(0, 20_000).matchAll(LISTED)) note(match[1] as string)
  for (const text of [...texts.listed, ...texts.prose])
    for (const match of text.slice(0, 20_000).matchAll(LAST_LISTED)) note(match[1] as string)
  for (const text of texts.prose) for (const match of text.slice(0, 20_000).matchAll(IN_PROSE)) note(match[1] as string)
  const all = [...found.keys()]
  const strong = new Set([...known, ...all.filter((name) => name.length <= 6)])
  // "服务赵巷镇" is 赵巷镇 with a word before it when 赵巷镇 stands elsewhere too.
  return all.filter((name) => ![...strong].some((other) => other !== name && other.length >= 3 && name.endsWith(other)))
}

/** In cells that list towns: between separators, park-like units too. */
const LISTED = new RegExp(
  `(?<=${EDGE_LEFT})(${HAN}{1,7}?${STRONG}|${HAN}{2,8}?${WEAK})(?=$|[\\s、，,；;：:。（(）)0-9０-９和及与等各共约完新])`,
  'g',
)
/** In prose only between separators, and only what is surely a town. */
const IN_PROSE = new RegExp(
  `(?<=${EDGE_LEFT})(${HAN}{2,6}?(?:镇|街道|乡))(?=$|[\\s、，,；;：:。（(）)0-9０-９和及与等各])`,
  'g',
)
/** The last of an enumeration, with a verb right behind it: "朱溪镇、石堰街道做好…". */
const LAST_LISTED = new RegExp(
  `(?<=(?:镇|街道|乡)[、，和及与])(${HAN}{1,4}?(?:镇|街道|乡))(?!街道|[级域村居区党政办委化亲土])`,
  'g',
)

const COUNT = '(\\d{1,3}|[一二三四五六七八九十]{1,3})'
const WHAT =
  '(街镇|镇街|镇[、和（(]\\s?街道[)）]?|街道[、和（(]\\s?镇[)）]?|乡镇[、和（(]?\\s?街道[)）]?|乡镇|镇乡|街道|镇|乡(?![村土亲风贤愁]))'
const MORE =
  '((?:\\s?[、和及与]\\s?(?:各)?(?:街道|镇|乡|园区|工业区|开发区|管委会|农场)(?![\\u3400-\\u9fff]{0,3}[镇级]))*)'
const SET = new RegExp(
  `(?:全[区县市]|本[区县市])?(?:(每个|每一个|各个|各|每|所有|全部|全体)\\s?(有关|相关|涉农|涉及|试点)?(?:的)?\\s?${WHAT}|${COUNT}\\s?个\\s?(涉农|相关|有关)?${WHAT}|(有关|相关|部分)${WHAT})${MORE}`,
  'y',
)

/** The set of towns written at a place, or null. "8个镇级…" and "1个镇" are none. */
export function townSetAt(text: string, at: number): { set: TownSet; end: number } | null {
  SET.lastIndex = at
  const match = SET.exec(text)
  if (!match) return null
  const [whole, each, , eachWhat, count, , countWhat, vague, vagueWhat, more] = match
  const end = at + whole.length
  if (/^[级域村](?!.{0,2}[、，])/.test(text.slice(end, end + 4)) && !/^村/.test(text.slice(end))) return null
  const what = `${eachWhat ?? countWhat ?? vagueWhat ?? ''}${more ?? ''}`
  const number = count === undefined ? null : /^\d/.test(count) ? Number(halfWidth(count)) : chineseNumber(count)
  if (count !== undefined && (number === null || number < 2)) return null
  return {
    set: {
      kinds: kindsOf(what),
      count: number,
      each: each !== undefined,
      vague: vague !== undefined || match[2] !== undefined,
    },
    end,
  }
}

function kindsOf(what: string): UnitKind[] {
  const kinds: UnitKind[] = []
  if (/镇|乡/.test(what)) kinds.push('town')
  if (/街/.test(what)) kinds.push('subdistrict')
  if (/园区|工业区|开发区|管委会|农场/.test(what)) kinds.push('park')
  return kinds
}

/**
 * The towns of a set. A count must fit what is known: the towns of the kinds said, or, as people count loosely, all units. Without a count a
 * known district answers; a lexicon gathered from the document answers with what it has. Null when it cannot be told.
 */
export function townsOfSet(set: TownSet, lexicon: Lexicon): string[] | null {
  const members = lexicon.members.filter((name) => set.kinds.includes(lexicon.kindOf.get(name) as UnitKind))
  if (set.count === null) return set.vague || members.length === 0 ? null : members
  if (members.length === set.count) return members
  if (lexicon.members.length === set.count) return [...lexicon.members]
  const settled = lexicon.members.filter((name) => lexicon.kindOf.get(name) !== 'park')
  return settled.length === set.count ? settled : null
}
