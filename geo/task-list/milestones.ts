import type { Milestone, Span } from '../plan/plan.ts'
import type { NumberToken, Token } from './lexer.ts'
import { nameOf, short } from './naming.ts'

/** A day in the text by which something has to be done, before shares are settled. */
export interface DatedStep {
  name: string
  due: string
  /** Share that the words give (85 %), null: none. */
  share: number | null
  span: Span
  /** The number in the same words: its share, or the amount that is due then. */
  number: NumberToken | null
}

const ACTION = /完成|申报|启动|建成|达到|达|实现|形成|报送|开工|竣工|验收|整治|排查|上报|提交|到位|开展/
const MAX_STEPS = 24

/** The dated steps of a cell: each day with the words up to the next separator, if they ask for something. */
export function datedSteps(tokens: readonly Token[], text: string): DatedStep[] {
  const steps: DatedStep[] = []
  for (const [i, token] of tokens.entries()) {
    if (token.kind !== 'date' || token.depth > 0 || steps.length >= MAX_STEPS) continue
    let end = i
    while (
      end + 1 < tokens.length &&
      !['stop', 'comma', 'item', 'colon', 'date'].includes((tokens[end + 1] as Token).kind)
    )
      end++
    const inside = tokens.slice(i + 1, end + 1)
    const words = text.slice(token.end, (tokens[end] as Token).end)
    if (!ACTION.test(words)) continue
    const number =
      inside.find(
        (t): t is NumberToken =>
          t.kind === 'number' && t.unit !== null && t.unit.dimension !== 'time' && t.unit.dimension !== 'order',
      ) ?? null
    const share =
      number?.unit?.dimension === 'share' && number.value > 0 && number.value <= 100 ? number.value / 100 : null
    const before = words
      .slice(0, number ? number.start - token.end : undefined)
      .replace(/^\s?(?:之?前|以前|内|，)?/, '')
    const after = number ? words.slice(number.unitEnd - token.end) : ''
    const plain = (share === null ? nameOf(before, after) : nameOf(before, '')).replace(/(?:工作|任务|为准)$/, '')
    steps.push({
      name: short(plain).replace(/为准$/, '') || short(words),
      due: token.date,
      share,
      span: { start: token.start, end: (tokens[end] as Token).end },
      number,
    })
  }
  return steps
}

/**
 * Milestones from dated steps. Where the text gives a share it is the share. Steps without one are equal stages between those that have one:
 * of n days without any share the i-th is i/n, the deadline being the last of them. A last step beside shares means all of it. What falls on
 * the deadline alone says nothing new, what falls after it is not this plan's.
 */
export function milestonesOf(
  steps: readonly DatedStep[],
  deadline: string | null,
  field: 'townText' | 'requirement',
): Milestone[] {
  const inTime = steps.filter((step) => deadline === null || step.due <= deadline)
  const days = [...new Set(inTime.map((step) => step.due))].sort()
  if (days.length === 0 || (days.length === 1 && days[0] === deadline && inTime.every((s) => s.share === null)))
    return []
  const given = new Map(inTime.filter((step) => step.share !== null).map((step) => [step.due, step.share as number]))
  const last = days.at(-1) as string
  if (!given.has(last) && (given.size > 0 || last === deadline)) given.set(last, 1)
  const known = days.map((day) => given.get(day) ?? null)
  if (known.at(-1) === null) known.push(1)
  const shares = evenly(known)
  return inTime
    .map((step) => ({
      name: step.name,
      due: step.due,
      share: step.share ?? (shares[days.indexOf(step.due)] as number),
      source: { field, ...step.span },
    }))
    .sort((a, b) => (a.due < b.due ? -1 : a.due > b.due ? 1 : a.share - b.share))
}

/**
 * The milestones whose share nobody wrote: equal steps gave it. What is due on the last day is all of it, and needs no saying.
 * @param milestones as milestonesOf made them from the same steps
 */
export function assumedShares(steps: readonly DatedStep[], milestones: readonly Milestone[]): Milestone[] {
  return milestones.filter(
    ({ share, source }) => share < 1 && steps.some((step) => step.share === null && step.span.start === source?.start),
  )
}

/** Fills gaps between known shares with equal steps, from nothing (0) on. */
function evenly(known: readonly (number | null)[]): number[] {
  const out: number[] = []
  let from = 0
  for (let i = 0; i < known.length;) {
    let next = i
    while (next < known.length && known[next] === null) next++
    const to = known[next] ?? 1
    for (let k = i; k <= next && k < known.length; k++)
      out.push(k === next ? to : from + ((to - from) * (k - i + 1)) / (next - i + 1))
    from = to
    i = next + 1
  }
  return out
}
