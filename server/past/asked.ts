import { z } from '@hono/zod-openapi'
import { INSTANT_FAULTS, readInstant, type Instant } from '../../geo/past/instant.ts'
import { instantOf, type Clock } from '../clock.ts'
import { Problem } from '../problems.ts'

/** The query of everything that can be asked as it was. What is wrong with a date is said in words of its own, so nothing is looked at here. */
export const pastQuery = z.object({
  at: z.string().max(40).optional().openapi({ description: 'as it was: a date, which means the end of that day by China’s clock, or an instant with its offset', example: '2023-06-30' }),
})

/**
 * The instant that a request asks about; null: now.
 * @throws Problem instant-invalid
 */
export function askedInstant(at: string | undefined, clock: Clock): Instant | null {
  if (at === undefined) return null
  // A plus in a query is a blank.
  const found = readInstant(at.replace(' ', '+'), instantOf(clock))
  if (typeof found !== 'string') return found
  throw new Problem('instant-invalid', { given: at, why: INSTANT_FAULTS[found].zh, whyEn: INSTANT_FAULTS[found].en }, 'at')
}
