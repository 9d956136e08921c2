import { halfWidth } from '../number/written.ts'
import { chineseNumber } from '../number/chinese.ts'
import { clean } from './clean.ts'

export interface Title {
  title: string | null
  year: number | null
  district: string | null
}

const YEAR = /(20\d{2}|二[〇零○O]{1}[一二三四五六七八九〇零]{2})\s?年/
const LIST_WORDS = /清单|任务|方案|分解表|分工|要点|计划|安排|目标/
const DISTRICT = /(?:^|[省市州盟的《发])((?:(?![省市州盟])[\u4e00-\u9fff]){1,5}?(?:新区|区|县|旗))(?![域级委划块间])/
const CITY = /(?:^|省)([\u4e00-\u9fff]{2,6}?市)/

/** Title, year and district from the lines before the first table, and from the file's name where they say nothing. */
export function readTitle(lines: readonly string[], name: string): Title {
  const cleaned = lines
    .slice(0, 200)
    .map((line) => clean(line.slice(0, 500)).text)
    .filter((line) => line !== '' && !/^附(?:件|表)?\s?\d{0,2}[:：]?$/.test(line))
  const titled = cleaned.find((line) => line.length <= 120 && LIST_WORDS.test(line) && YEAR.test(halfWidth(line)))
  const title =
    titled ?? cleaned.find((line) => line.length <= 120 && LIST_WORDS.test(line) && !/[。；]$/.test(line)) ?? null
  const all = [...(title ? [title] : []), name, ...cleaned]
  return { title, year: first(all, yearIn), district: first(all, districtIn) }
}

function first<T>(lines: readonly string[], find: (line: string) => T | null): T | null {
  for (const line of lines) {
    const found = find(line)
    if (found !== null) return found
  }
  return null
}

/** The year that a line names ("2023 年", "二〇二三年", "2023-310118.txt"), or null. */
export function yearIn(line: string): number | null {
  const half = halfWidth(line)
  const match = YEAR.exec(half) ?? /(?:^|\D)(20[1-4]\d)(?:\D|$)/.exec(half)
  if (!match) return null
  const text = (match[1] as string).replace(/[○O]/g, '〇')
  return /^\d/.test(text) ? Number(text) : chineseNumber(text)
}

function districtIn(line: string): string | null {
  const plain = halfWidth(line)
    .replace(/(?:20\d{2}|二[〇零○][\u4e00-\u9fff]{2})\s?年度?/g, '')
    .replace(/\s+/g, '')
    .replace(/\.[a-z]{2,5}$/i, '')
  if (plain.length > 120) return null
  const match = DISTRICT.exec(plain) ?? CITY.exec(plain)
  const found = match?.[1] ?? null
  return found && !/^(?:本|全|各|城|地|社|园|片|郊|山|农|市|辖|涉农|试点)区$|^关于|印发/.test(found) ? found : null
}
