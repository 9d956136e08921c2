import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as messages from '../../../server/database/embedded/messages.ts'

describe('the reader of messages', () => {
  it('should give the same messages however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ maxLength: 40 })),
        fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }),
        (texts, cuts) => {
          const stream = Buffer.concat(texts.map((text) => messages.query(text.replaceAll('\0', ''))))
          const reader = new messages.MessageReader(1000)
          const read: string[] = []
          for (let at = 0, cut = 0; at < stream.length; at += cuts[cut++ % cuts.length]!) {
            reader.push(stream.subarray(at, at + cuts[cut % cuts.length]!))
            for (let m = reader.next(); m; m = reader.next()) read.push(messages.readString(m, 5).text)
          }
          expect(read).toEqual(texts.map((text) => text.replaceAll('\0', '')))
          expect(reader.size).toBe(0)
        },
      ),
    )
  })

  it('should refuse a message above its limit before it has arrived, and an impossible length', () => {
    const reader = new messages.MessageReader(100)
    reader.push(Buffer.from([0x51, 0, 0, 1, 0]))
    expect(() => reader.next()).toThrow(/above the limit of 100 bytes/)
    const other = new messages.MessageReader(100)
    other.push(Buffer.from([0x51, 0, 0, 0, 3]))
    expect(() => other.next()).toThrow(/invalid message length/)
  })

  it('should rename a statement and nothing else', () => {
    const close = messages.closeStatement('old')
    const named = messages.statementName(close)!
    expect(named.name).toBe('old')
    expect(messages.rename(close, named.start, named.end, '7/old')).toEqual(messages.closeStatement('7/old'))
    expect(messages.statementName(messages.query('select 1'))).toBeUndefined()
  })
})
