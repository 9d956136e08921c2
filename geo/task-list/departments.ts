import { clean } from './clean.ts'

export interface Departments {
  leads: string[]
  partners: string[]
  /** Items that name towns or sets of towns ("各镇、街道"), as written: they are responsible, not leading. */
  towns: string[]
}

const MARK = /[*＊★☆▲△※]/
/** A role in brackets behind the name: "区农业农村委（牵头）". */
const LEADING = /[（(](?:牵头|主办|负责|主责)(?:部门|单位)?[)）]/
const HELPING = /[（(](?:配合|参与|协办|协同)(?:部门|单位)?[)）]/
const PARTS = /[、，,；;/／|\n]/
const DEPARTMENT_END =
  /(?:委员会|委|局|办公室|办|部|院|中心|公司|分局|会|社|队|馆|站|所|集团|政府|府|处|科|大学|学校|[)）*＊★])$/
const DEPARTMENT_START =
  /^(?:[*＊★▲]|区|市|县|省|各|公安|团|妇联|工会|总工会|国网|供电|城投|供销|驻|上海|[\u4e00-\u9fff]{2,10}(?:公司|集团|局|委|办)(?:$|[、，*＊（(]))/
const TOWN = /^(?:各|有关|相关|涉及|涉农|全区|所有|\d+个?)|(?:镇|街道|乡|园区|街镇|工业区|开发区|度假区|农场|管委会)$/
const LABEL = /(?:^|[；;。\n])\s*(牵头|主办|责任|主责|配合|参与|协办|协同)(?:责任)?(?:部门|单位)?\s*[:：]/g

/**
 * Departments of a cell. A mark (`*`, full width too, before or after the name) makes the leads, the others take part; without any mark
 * all lead. "牵头：… 配合：…" says it in words. Line breaks part names where one is complete and another begins, and join elsewhere.
 */
export function readDepartments(raw: string): Departments {
  const text = partLines(raw)
  const labelled = [...text.matchAll(LABEL)]
  if (labelled.length > 0) {
    const out: Departments = { leads: [], partners: [], towns: [] }
    for (const [i, match] of labelled.entries()) {
      const part = text.slice(match.index + match[0].length, labelled[i + 1]?.index ?? text.length)
      const items = itemsOf(part)
      out.towns.push(...items.filter((item) => isTown(item.name)).map((item) => item.name))
      const names = items.filter((item) => !isTown(item.name)).map((item) => item.name)
      if (/牵头|主办|主责|责任/.test(match[1] as string)) out.leads.push(...names)
      else out.partners.push(...names)
    }
    return { leads: unique(out.leads), partners: unique(out.partners), towns: unique(out.towns) }
  }
  const items = itemsOf(text)
  const departments = items.filter((item) => !isTown(item.name))
  const marked = departments.some((item) => item.marked)
  const leads = departments.filter((item) => item.marked || !marked).map((item) => item.name)
  return {
    leads: unique(leads),
    partners: unique(departments.map((item) => item.name)).filter((name) => !leads.includes(name)),
    towns: unique(items.filter((item) => isTown(item.name)).map((item) => item.name)),
  }
}

const unique = (names: string[]): string[] => [...new Set(names)]
const isTown = (name: string): boolean => TOWN.test(name) && !/(?:委|局|办)$/.test(name)

/** Line breaks and spaces → separators where a name ends and another begins, nothing elsewhere. */
function partLines(raw: string): string {
  const pieces = clean(raw.replace(/\r\n?/g, '\n').replace(/\n/g, '\u2028'), false).text.split(/\s*\u2028\s*|\s+/)
  let out = ''
  for (const piece of pieces) {
    if (piece === '') continue
    const lastName = out.slice(-30)
    const labelled = /^(?:牵头|主办|责任|配合|参与|协办|协同)(?:责任)?(?:部门|单位)?\s*[:：]/.test(piece)
    const parts =
      labelled || (out !== '' && DEPARTMENT_END.test(lastName) && DEPARTMENT_START.test(piece) && piece.length >= 3)
    out += (parts || (out !== '' && /(?:镇|街道|乡)$/.test(lastName) && piece.length >= 3) ? '\n' : '') + piece
  }
  return out
}

function itemsOf(text: string): { name: string; marked: boolean }[] {
  return splitOutside(text)
    .slice(0, 200)
    .map((item) => ({
      marked: MARK.test(item) || LEADING.test(item),
      name: item
        .replace(/[*＊★☆▲△※\s]/g, '')
        .replace(LEADING, '')
        .replace(HELPING, '')
        .replace(/^(?:牵头|责任|配合)(?:部门|单位)?[:：]/, '')
        .replace(/(?:等(?:部门|单位|有关部门)?)?[。.．]?$/, ''),
    }))
    .filter((item) => item.name !== '' && item.name.length <= 40 && !/^[-—–/无]$/.test(item.name))
}

/** Splits at separators that stand outside brackets: "区发改委（金融办、物价局）" is one. */
function splitOutside(text: string): string[] {
  const items: string[] = []
  let depth = 0
  let start = 0
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string
    if (c === '（' || c === '(') depth++
    else if (c === '）' || c === ')') depth = Math.max(0, depth - 1)
    else if (PARTS.test(c) && (depth === 0 || c === '\n')) {
      items.push(text.slice(start, i))
      start = i + 1
    }
  }
  items.push(text.slice(start))
  return items
}
