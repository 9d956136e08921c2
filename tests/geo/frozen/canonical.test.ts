import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../../../geo/frozen/canonical.ts'

describe('canonical JSON', () => {
  it('should order keys by their characters, at every depth, and leave no spaces', () => {
    expect(canonicalJson({ b: [{ z: 1, a: null }], a: '街镇', é: true, A: undefined })).toBe('{"a":"街镇","b":[{"a":null,"z":1}],"é":true}')
  })

  it('should write numbers as JavaScript does and refuse what JSON cannot hold', () => {
    expect(canonicalJson([1.0, 1e21, 0.1, -0])).toBe('[1,1e+21,0.1,0]')
    expect(() => canonicalJson({ a: Number.NaN })).toThrow(RangeError)
  })

  it('should give the same text for the same record, however it was put together, and read back as it was', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value)
        expect(canonicalJson(JSON.parse(text))).toBe(text)
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  it('should tell records apart that differ in one character', () => {
    expect(canonicalJson({ value: 12300 })).not.toBe(canonicalJson({ value: '12300' }))
  })
})
