import { townSetAt } from './towns.ts'

/** Names stand in tables: longer ones are shortened to about this many characters. */
export const MAX_NAME = 18

/** Words at the start that say how or when, not what. */
const LEADING =
  /^(?:[\s、，,：:]|全[区市县镇]|本[区市县]|目前|现阶段|年内|全年|当年|今年|本年度?|每年|常年(?=落实)|(?:到|至|截至)?\s?(?:20\d{2}\s?)?年底前?|20\d{2}\s?年(?:度|底)?|(?:到|至)?20\d{2}\s?年|其中|具体为?|分别为?|计划|力争|预计|要求|确保|努力|继续|持续|进一步|稳步|全面|积极|大力|加快|重点|统筹|组织(?!率)|推进|推动|开展|实施|落实|完成|做好|加强|指导|服务|争取|及时|按时|有序|累计|总计|合计|共计|共(?!同)|至少|初步|并|且|对(?!接)|将|在(?![建册编途线校岗田])|为|使|其(?!中)|该|涉及|确定|任务量?[:：]|(?:年度)?目标[:：]|不断|扎实|深入|切实|同时|还|再|新(?=新)|第[一二三四五六七八九十]{1,3}批)+/
const TRAILING_BOUND =
  /(?:[\s：:，,、（(]|不少于|不低于|不得低于|不得少于|不小于|不超过|不高于|不大于|不得超过|至少|最少|达到|高于|超过|大于|低于|少于|小于|提高至|提高到|提升至|提升到|增加到|控制在|保持在|稳定在|下降到|降至|达|约|大约|近|共计|合计|总计|总共|共|为|是|(?<![设统会审估核])计|累计|各(?!类)|均|[≥≤＞>＜<=]|的数量|的总数|数量|总数|任务数|比例为|其中|分别|按照|按|各类|(?<=.[\u3400-\u9fff])在)+$/
const TRAILING_NOUN = /(?:[\s：:，,、（(]|以上|以下|以内|左右|及以上|(?:[的之])?(?:工作|任务)|的|和|及|与|并|等)+$/
const NOT_A_NOUN = /^(?:以上|以下|以内|左右|并|且|，|的(?:比例|目标|要求)|等|其中|或|及以上|不|作为|完成|达标|到位|前)/
const FILLERS = /进行|(?<=[\u4e00-\u9fff])\s(?=[\u4e00-\u9fff])/g

/** A phrase without the words around it that say when, who and how: "全区落实粮食生产任务" → "粮食生产任务". */
export function stripLeading(phrase: string): string {
  let rest = phrase
  for (let i = 0; i < 12; i++) {
    const before = rest
    rest = rest.replace(LEADING, '')
    const set = townSetAt(rest, 0)
    if (set && set.set.each) rest = rest.slice(set.end)
    if (rest === before) break
  }
  return rest
}

/** The name that the words before a number give: "全年累计新建“平安屋”" → "新建“平安屋”". */
export function nameBefore(phrase: string): string {
  const own = stripLeading(phrase.replace(TRAILING_BOUND, ''))
  return own
    .replace(TRAILING_BOUND, '')
    .replace(/(?:的|(?<=..)工作)$/, '')
    .replace(FILLERS, '')
    .trim()
}

/** The name that the words after a number give: "以上" and the like are none. */
export function nameAfter(phrase: string): string {
  let rest = phrase.trim()
  if (/^以上(?=[\u4e00-\u9fff]{3})/.test(rest)) rest = rest.slice(2)
  if (NOT_A_NOUN.test(rest)) return ''
  rest = rest.replace(/(?:并|且|，|。|；).*$/s, '')
  return rest.replace(TRAILING_NOUN, '').replace(/^的/, '').replace(FILLERS, '').trim()
}

/**
 * The name of what a number counts. A noun after the number is the thing ("推进1家水产健康养殖示范场创建"), with the verb before it when that
 * says something ("培育…", "举办…"); without one the words before it are ("培育高素质农民426人").
 */
export function nameOf(before: string, after: string, share = false): string {
  const thing = share ? stripLeading(nameAfter(after)) : nameAfter(after)
  const lead = nameBefore(before)
  // "绿色食品获证主体100%做好档案电子化管理": who and what make the name of a share.
  if (share && thing.length >= 4 && lead.length > 4 && !/[率例比]$/.test(lead))
    return lead.length + thing.length <= MAX_NAME ? `${lead}${thing}` : thing
  if (share && thing === '' && /占/.test(lead) && !/[率例比重]$/.test(lead)) return `${lead}比例`
  if (thing === '') return lead
  if (lead.length <= 4 && !/[率面]$/.test(lead)) return `${lead}${thing}`
  return /(?:率|面积|比例|占比|数|量|比重|水平)$/.test(lead) ? lead : thing.length >= 4 ? thing : `${lead}${thing}`
}

/** Verbs and nouns that every task has: a name of nothing else names nothing. */
const GENERIC = /目标|排摸|开展|创建|建设|工作|推进|完成|培训|新建|达到?|任务|情况|改造|提升|发展|落实|实施|活动中?/g

export const isGeneric = (name: string): boolean => name.replace(GENERIC, '').length < 2

/** Ways to shorten a name, each only for names that are still too long. */
const SHORTENINGS: readonly ((name: string) => string)[] = [
  (name) => /(?:全年|年内)(?:开展|举办|组织|完成)?(.{4,})$/.exec(name)?.[1] ?? name,
  (name) => /^(.{6,18}?)(?:并|，)/.exec(name)?.[1] ?? name,
  (name) => name.replace(/^(.{4,14})(?:按照?|根据|依据).{3,}(..)$/, '$1$2'),
  (name) => (/率$/.test(name) ? name.slice(name.lastIndexOf('、') + 1) : name),
  (name) => (name.length - name.lastIndexOf('的') > 4 ? name.slice(name.lastIndexOf('的') + 1) : name),
  (name) => name.replace(/^(?:培育|打造|建设|新建|创建|发展|启动|举办|形成|聚焦)/, ''),
  (name) => name.replace(/[“”"「」]/g, ''),
  (name) => name.slice(0, MAX_NAME),
]

/** Shortens a name for a table: what stands in brackets goes first, then whatever the document says least with. */
export function short(name: string): string {
  let rest = name
    .replace(/[（(][^（）()]{0,60}[)）]/g, '')
    .replace(/\s+/g, '')
    .replace(/^[、，：:的]+|[、，：:]+$/g, '')
  for (const shorten of SHORTENINGS) {
    if (rest.length <= MAX_NAME) break
    rest = shorten(rest)
  }
  return closed(rest)
}

/** Takes out a quotation mark or bracket whose other half was cut off. */
function closed(name: string): string {
  let out = name
  for (const [open, close] of ['“”', '《》', '（）', '()'].map((pair) => [...pair] as [string, string])) {
    if (out.split(open).length !== out.split(close).length) out = out.split(open).join('').split(close).join('')
  }
  return out
}

/** How alike two phrases are by the pairs of characters they share, 0…1 (Dice); against the shorter one when `contained`. */
export function similarity(a: string, b: string, contained = false): number {
  const [x, y] = [pairsOf(a), pairsOf(b)]
  if (x.size === 0 || y.size === 0) return a !== '' && a === b ? 1 : 0
  let shared = 0
  for (const pair of x) if (y.has(pair)) shared++
  return contained ? shared / Math.min(x.size, y.size) : (2 * shared) / (x.size + y.size)
}

function pairsOf(phrase: string): Set<string> {
  const plain = phrase.slice(0, 200).replace(/[^\p{L}\p{N}%]/gu, '')
  const pairs = new Set<string>()
  for (let i = 0; i + 1 < plain.length; i++) pairs.add(plain.slice(i, i + 2))
  return pairs
}
