import { beforeAll, describe, expect, it } from 'vitest'
import { DoorError } from '../../../../server/task-list/doors/index.ts'
import { openHere } from '../../../../server/task-list/doors/open.ts'
import { realList } from './list.ts'
import { bytesOf, refusal } from './open.ts'
import { pdf, Sheet } from './pdf-by-hand.ts'
import { asCsv, asDocx, asHtml, asMarkdown, asXls, asXlsx } from './render.ts'

/** Damage: bytes changed, pieces cut out, doubled or cut off, always the same for the same seed. */
function damage(bytes: Uint8Array, seed: number): Uint8Array {
  let state = seed * 2654435761 + 1
  const random = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  const out = Buffer.from(bytes)
  const at = random(out.length)
  const length = random(Math.min(2000, out.length - at))
  switch (seed % 5) {
    case 0:
      return out.subarray(0, at)
    case 1:
      return Buffer.concat([out.subarray(0, at), out.subarray(at + length)])
    case 2:
      return Buffer.concat([out.subarray(0, at + length), out.subarray(at)])
    default:
      for (let i = 0, flips = 1 + random(seed % 5 === 3 ? 3 : 200); i < flips; i++)
        out[random(out.length)] = random(256)
      return out
  }
}

const list = { ...realList(), pages: realList().pages.slice(0, 6) }
const TIMES = 60
const WITHIN = 6_000

function printed(): Uint8Array {
  const sheets = list.pages.slice(0, 2).map(({ rows }) => {
    const sheet = new Sheet()
    for (let x = 0; x <= 3; x++) sheet.line(50 + 200 * x, 50, 50 + 200 * x, 50 + 40 * rows.length)
    rows.forEach((cells, y) => {
      sheet.line(50, 50 + 40 * y, 650, 50 + 40 * y)
      cells.slice(3, 6).forEach((text, x) => sheet.text(55 + 200 * x, 75 + 40 * y, text.slice(0, 18)))
    })
    return sheet
  })
  return pdf(sheets)
}

const FORMATS: Record<string, () => Promise<Uint8Array> | Uint8Array> = {
  'a.txt': () =>
    bytesOf(list.pages.flatMap(({ head, rows }) => [head, ...rows].map((cells) => cells.join('\t'))).join('\n')),
  'a.csv': () => bytesOf(asCsv(list)),
  'a.md': () => bytesOf(asMarkdown(list)),
  'a.html': () => bytesOf(asHtml(list)),
  'a.docx': () => asDocx(list),
  'a.xlsx': () => asXlsx(list),
  'a.xls': () => asXls(list),
  'a.pdf': printed,
}

describe('damaged files', () => {
  for (const [name, make] of Object.entries(FORMATS)) {
    describe(name, () => {
      let whole: Uint8Array
      beforeAll(async () => {
        whole = await make()
        expect(await refusal(name, whole)).toBe('opened')
      })

      it(`should be opened or refused with a reason, ${TIMES} times over, each within ${WITHIN / 1000} s`, async () => {
        const outcomes = new Map<string, number>()
        for (let seed = 1; seed <= TIMES; seed++) {
          const bytes = damage(whole, seed)
          const start = performance.now()
          // Without the thread, so that what the thread would hide shows: anything but a DoorError fails here.
          const outcome = await openHere({ name, bytes: new Uint8Array(bytes) }).then(
            () => 'opened',
            (error: unknown) => {
              if (!(error instanceof DoorError)) throw error
              return error.key
            },
          )
          expect(performance.now() - start, `damage ${seed}`).toBeLessThan(WITHIN)
          outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
        }
        // Damage that never did anything would prove nothing.
        expect([...outcomes.values()].reduce((sum, times) => sum + times, 0)).toBe(TIMES)
        if (!/txt|csv|md|html/.test(name)) expect(outcomes.size).toBeGreaterThan(1)
      }, 200_000)

      it('should be refused or opened through the thread too', async () => {
        for (let seed = 1; seed <= 3; seed++)
          expect(typeof (await refusal(name, damage(whole, 100 + seed)))).toBe('string')
      })
    })
  }
})
