/** Numbers in Chinese characters: 三, 十二, 一百二十, 两千零五, 二〇二三. */

const DIGITS: Record<string, number> = {
  零: 0, 〇: 0, 一: 1, 二: 2, 两: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9,
} // prettier-ignore
const TENS: Record<string, number> = { 十: 10, 百: 100, 千: 1000 }

/** The characters that a Chinese number is written in, for regular expressions. */
export const CHINESE_NUMERALS = '零〇一二两三四五六七八九十百千'

/**
 * The value of a whole number below 10 000 万 written in Chinese characters, or null when it is none ("十百", "万", ""). Digits in a row are
 * read as such (二〇二三 → 2023); a last digit without its unit counts one place down (一百二 → 120), as people say it.
 */
export function chineseNumber(text: string): number | null {
  if (text === '' || text.length > 16) return null
  const wan = text.indexOf('万')
  if (wan >= 0) {
    const high = wan === 0 ? null : chineseNumber(text.slice(0, wan))
    const rest = text.slice(wan + 1)
    const low = rest === '' ? 0 : chineseNumber(rest.replace(/^[零〇]/, ''))
    return high === null || low === null || high >= 10_000 || low >= 10_000 ? null : high * 10_000 + low
  }
  const all = [...text]
  if (all.every((c) => c in DIGITS)) {
    if (all.length === 1) return DIGITS[text] as number
    return all[0] === '零' || all[0] === '〇' || all.includes('两') ? null : Number(all.map((c) => DIGITS[c]).join(''))
  }
  return belowTenThousand(all)
}

function belowTenThousand(all: string[]): number | null {
  let total = 0
  let digit: number | null = null
  let last = 10_000
  let zero = false
  for (const [i, c] of all.entries()) {
    const unit = TENS[c]
    if (unit === undefined) {
      const value = DIGITS[c]
      if (value === undefined || (digit !== null && digit !== 0)) return null
      if (value === 0) zero = true
      digit = value
      continue
    }
    if (unit >= last || digit === 0) return null
    if (digit === null && !(unit === 10 && i === 0)) return null
    total += (digit ?? 1) * unit
    digit = null
    zero = false
    last = unit
  }
  if (digit === null) return total
  return total + (last > 10 && last < 10_000 && !zero ? digit * (last / 10) : digit)
}
