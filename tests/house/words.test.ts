import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT } from './files.ts'

/** Every sentence of a language by its key: `map.legend.title`. */
function flatten(words: unknown, prefix = ''): Map<string, string> {
  if (typeof words !== 'object' || words === null) return new Map([[prefix, String(words)]])
  return new Map(
    Object.entries(words).flatMap(([key, value]) => [...flatten(value, prefix ? `${prefix}.${key}` : key)]),
  )
}

/** The names in a sentence that numbers and words are put in for, each once: a plural form may repeat them. */
const placeholders = (sentence: string) =>
  [...new Set([...sentence.matchAll(/\{\s*(\w+)\s*\}/g)].map(([, name]) => name))].sort()

async function load(language: string): Promise<Map<string, string>> {
  const path = join(ROOT, `client/words/${language}.ts`)
  if (!existsSync(path)) throw new Error(`client/words/${language}.ts is missing`)
  const module = (await import(/* @vite-ignore */ path)) as Record<string, unknown>
  return flatten(module.default ?? Object.values(module)[0])
}

describe('words', () => {
  it('should be the same keys in English as in Chinese, none of them empty', async () => {
    const [chinese, english] = [await load('zh-CN'), await load('en')]
    expect(chinese.size).toBeGreaterThan(20)
    expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort())
    for (const words of [chinese, english])
      expect([...words].filter(([, sentence]) => sentence.trim() === '').map(([key]) => key)).toEqual([])
  })

  it('should put the same figures into both', async () => {
    const [chinese, english] = [await load('zh-CN'), await load('en')]
    const different = [...chinese].filter(
      ([key, sentence]) => placeholders(sentence).join() !== placeholders(english.get(key) ?? '').join(),
    )
    expect(different.map(([key, sentence]) => `${key}: ${sentence} / ${english.get(key)}`)).toEqual([])
  })
})
