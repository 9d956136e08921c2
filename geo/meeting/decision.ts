/** What a meeting decides, and what becomes of it: a decision comes back at every later meeting until it is settled. */

/** A decision that becomes a supervision order, or one that is only kept on record. */
export const DECISION_KINDS = ['order', 'note'] as const
export type DecisionKind = (typeof DECISION_KINDS)[number]

/** What a later meeting found. */
export const OUTCOMES = {
  done: { zh: '已落实', en: 'done', settles: true },
  'going-on': { zh: '继续推进', en: 'going on', settles: false },
  dropped: { zh: '不再跟踪', en: 'no longer followed', settles: true },
} as const satisfies Record<string, { zh: string; en: string; settles: boolean }>
export type Outcome = keyof typeof OUTCOMES

export interface DecisionOutcome {
  /** The month whose meeting found it. */
  month: string
  outcome: Outcome
  words: string
  by: string
  at: string
}

/** Whether a decision still comes back: nothing was found about it yet, or the newest finding does not settle it. */
export function isOpen(outcomes: readonly Pick<DecisionOutcome, 'outcome'>[]): boolean {
  const newest = outcomes.at(-1)
  return newest === undefined || !OUTCOMES[newest.outcome].settles
}

/** The decisions of earlier meetings that a month's meeting has to look at: those that were open when it met. */
export function comingBack<D extends { month: string; outcomes: readonly DecisionOutcome[] }>(decisions: readonly D[], month: string): D[] {
  return decisions.filter((decision) => decision.month < month && isOpen(decision.outcomes.filter((outcome) => outcome.month < month)))
}
