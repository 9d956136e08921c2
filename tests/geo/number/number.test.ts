import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chineseNumber } from '../../../geo/number/chinese.ts'
import { add, decimal, sum, times, toNumber } from '../../../geo/number/decimal.ts'
import { numberAt, writtenNumber } from '../../../geo/number/written.ts'

describe('numbers in Chinese characters', () => {
  it.each([
    ['零', 0], ['三', 3], ['两', 2], ['十', 10], ['十二', 12], ['二十', 20], ['三十五', 35], ['一百', 100], ['一百零五', 105], ['一百二', 120],
    ['一百二十', 120], ['两千零五', 2005], ['三千二', 3200], ['一千零三十', 1030], ['二〇二三', 2023], ['一万', 10000], ['十二万三千', 123000],
    ['一万零五', 10005],
  ])('should read %s as %d', (text, value) => {
    expect(chineseNumber(text)).toBe(value)
  }) // prettier-ignore

  it.each(['', '万', '百', '十百', '百十一千', '一十百', '三农', '千百', '零三'])('should refuse %s', (text) => {
    expect(chineseNumber(text)).toBeNull()
  })

  it('should read back every whole number below 10 000 as it is written', () => {
    const digits = '零一二三四五六七八九'
    const write = (n: number): string => {
      let out = ''
      let zero = false
      for (const [unit, name] of [[1000, '千'], [100, '百'], [10, '十'], [1, '']] as const) {
        const d = Math.floor(n / unit) % 10
        if (d === 0) zero = out !== ''
        else {
          out += (zero ? '零' : '') + digits[d] + name
          zero = false
        }
      } // prettier-ignore
      return n >= 10 && n < 20 ? out.slice(1) : out
    }
    for (let n = 1; n < 10_000; n++) expect(chineseNumber(write(n)), write(n)).toBe(n)
  })
})

describe('numbers as written', () => {
  it.each([
    ['16393.94', 16393.94], ['1.1700', 1.17], ['１，２００', 1200], ['1 200', 1200], ['12,345,678', 12345678], ['０.９', 0.9], ['三十', 30], ['007', 7],
  ])('should read %s as %d', (text, value) => {
    expect(writtenNumber(text)).toBe(value)
  }) // prettier-ignore

  it('should leave separators alone that part no thousands', () => {
    expect(numberAt('100，200户', 0)).toMatchObject({ value: 100200 })
    expect(numberAt('3、徐泾镇', 0)).toMatchObject({ value: 3, end: 1 })
    expect(numberAt('12，34', 0)).toMatchObject({ value: 12, end: 2 })
    expect(numberAt('2023 100', 0)).toMatchObject({ value: 2023, end: 4 })
  })

  it('should take the lower bound of a range and keep the upper one', () => {
    expect(numberAt('2-3 个', 0)).toMatchObject({ value: 2, upper: 3, end: 3 })
    expect(numberAt('1～2条', 0)).toMatchObject({ value: 1, upper: 2 })
    expect(numberAt('三至五个', 0)).toMatchObject({ value: 3, upper: 5, chinese: true })
    expect(numberAt('5-3', 0)).toMatchObject({ value: 5, upper: null, end: 1 })
  })

  it('should not understand numbers too long to be amounts', () => {
    expect(numberAt('12345678901234567890', 0)).toBeNull()
    expect(writtenNumber('1'.repeat(100_000))).toBeNull()
  })
})

describe('exact decimals', () => {
  const written = fc
    .tuple(fc.integer({ min: 0, max: 999_999 }), fc.integer({ min: 0, max: 4 }))
    .map(([n, places]) => (n / 10 ** places).toFixed(places))

  it('should add what doubles cannot', () => {
    expect(sum([0.1, 0.2])).toBe(0.3)
    expect(sum([812, 343, 2157, 2748.21, 1484.24, 4787.84, 1166.61, 2595.04, 300])).toBe(16393.94)
    expect(times(12.4, 10_000)).toBe(124_000)
    expect(times(1.1, 3)).toBe(3.3)
  })

  it('should give any order of summands the same sum', () => {
    fc.assert(
      fc.property(fc.array(written, { maxLength: 30 }), (texts) => {
        const values = texts.map(Number)
        expect(sum(values)).toBe(sum([...values].reverse()))
        const exact = texts.reduce((total, text) => add(total, decimal(text) as { digits: bigint; scale: number }), {
          digits: 0n,
          scale: 0,
        })
        expect(sum(values)).toBe(toNumber(exact))
      }),
      { numRuns: 300 },
    )
  })

  it('should read back what it writes', () => {
    fc.assert(
      fc.property(written, (text) => {
        expect(toNumber(decimal(text) as { digits: bigint; scale: number })).toBe(Number(text))
      }),
      { numRuns: 500 },
    )
  })
})
