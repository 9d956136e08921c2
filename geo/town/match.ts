import type { District, Town } from './town.ts'

/** Property names (lower case) that hold a town's code in files as they are: our own, the survey's (XZQDM, ZLDWDM), map vendors' (adcode). */
const CODE_KEYS = [
  'code',
  'towncode',
  'town_code',
  'adcode',
  'xzqdm',
  'xzdm',
  'xzqhdm',
  'zldwdm',
  'gb',
  'code12',
  'id',
  '行政区代码',
  '行政区划代码',
  '街镇代码',
  '代码',
]
/** … and a town's name, the likeliest first. */
const NAME_KEYS = [
  'name',
  'townname',
  'town_name',
  'town',
  'xzmc',
  'xzqmc',
  'jzmc',
  'zmc',
  'zldwmc',
  'mc',
  'name_zh',
  'name:zh',
  'name_chn',
  'shortname',
  'nameen',
  'name_en',
  'name:en',
  '镇名',
  '街镇',
  '街镇名称',
  '乡镇',
  '乡镇名称',
  '名称',
  '行政区名称',
]

/** What the properties of a feature say about its town. */
export interface TownMatch {
  byCode: Town | null
  byName: Town | null
  /** What a person would recognise the feature by, as it stands in the file. */
  given: string
}

/**
 * The town that a feature means: by a code (9 or 12 digits, with or without the country's 156), else by a name in any likely
 * property, with or without 镇/街道 and the district's name before it, else by any text that is exactly one town's name.
 */
export function matchTown(properties: Record<string, unknown> | null, id: unknown, district: District): TownMatch {
  const entries = Object.entries({ id, ...properties }).map(
    ([key, value]) => [key.trim().toLowerCase(), value] as const,
  )
  const texts = (keys: readonly string[]) =>
    keys
      .flatMap((key) => entries.filter((entry) => entry[0] === key).map(([, value]) => text(value)))
      .filter((value) => value !== '')
  const codes = texts(CODE_KEYS)
  const names = texts(NAME_KEYS)
  const townOfCode = (code: string) => district.towns.find((town) => town.code === plainCode(code))
  const byCode = codes.map(townOfCode).find((town) => town !== undefined) ?? null
  const byName = names.map((name) => townOfName(name, district)).find((town) => town !== null) ?? null
  const given = names[0] ?? codes[0] ?? ''
  if (byCode || byName) return { byCode, byName, given }
  const anywhere = new Set(
    entries.map(([, value]) => townOfName(text(value), district)).filter((town) => town !== null),
  )
  return { byCode: null, byName: anywhere.size === 1 ? ([...anywhere][0] ?? null) : null, given }
}

const text = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value).trim() : ''

/** 12 digits of the statistics bureau end in 000 for a town; map services put the country's 156 before. */
function plainCode(code: string): string {
  const digits = /^156(\d{9})$/.exec(code)?.[1] ?? code
  return /^(\w{9})000$/.exec(digits)?.[1] ?? digits
}

function townOfName(given: string, { towns, name: district }: District): Town | null {
  const plain = given.normalize('NFKC').replace(/\s/g, '')
  const at = plain.indexOf(district)
  const name = (at < 0 ? plain : plain.slice(at + district.length)).replace(/(人民政府|办事处)$/, '')
  const short = name.replace(/(街道|镇|乡)$/, '')
  const english = plain.toLowerCase().replace(/(town|subdistrict)$/, '')
  return (
    towns.find(
      (town) =>
        town.name === name || town.shortName === short || english === town.nameEn.toLowerCase().replace(/\s/g, ''),
    ) ?? null
  )
}
