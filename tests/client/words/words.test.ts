import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import en from '../../../client/words/en.ts'
import screensEn from '../../../client/words/screens.en.ts'
import screensZh from '../../../client/words/screens.zh-CN.ts'
import zh from '../../../client/words/zh-CN.ts'

const CLIENT = fileURLToPath(new URL('../../../client', import.meta.url))

function flat(words: object, path = ''): Map<string, string> {
  return new Map(
    Object.entries(words).flatMap(([key, value]) =>
      typeof value === 'string' ? [[path + key, value] as const] : [...flat(value, `${path}${key}.`)],
    ),
  )
}
const chinese = new Map([...flat(zh), ...flat(screensZh)])
const english = new Map([...flat(en), ...flat(screensEn)])
const sources = (readdirSync(CLIENT, { recursive: true }) as string[]).filter(
  (name) => /\.(vue|ts)$/.test(name) && !name.startsWith('words'),
)
/** Keys that code names whole; made-up ones (`light.${colour}`) are left to the types. */
const named = sources.flatMap((name) =>
  [...readFileSync(join(CLIENT, name), 'utf8').matchAll(/\bt\(\s*'([\w.-]+)'/g)].map(([, key]) => ({
    name,
    key: key!,
  })),
)

describe('the words of the screens', () => {
  it('should exist for every key that a screen names', () => {
    expect(named.length).toBeGreaterThan(100)
    expect(named.filter(({ key }) => !chinese.has(key))).toEqual([])
  })

  it('should have the same keys and the same places to fill in both languages', () => {
    expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort())
    const places = (text = '') => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort()
    expect(
      [...chinese]
        .filter(([key, text]) => String(places(text)) !== String(places(english.get(key))))
        .map(([key]) => key),
    ).toEqual([])
  })

  it('should not use characters that the message format takes for its own', () => {
    expect([...chinese, ...english].filter(([, text]) => /[|@$]/.test(text)).map(([key]) => key)).toEqual([])
  })
})
