import type { LightRule } from './light.ts'

/** The thresholds of the design, for a plan that has none of its own yet. */
export const FIRST_LIGHT_RULE: Omit<LightRule, 'validFrom'> = { version: 1, green: 5, yellow: 20 }

/**
 * The thresholds valid on a date: of those that hold already the one with the latest `validFrom` (of two from one day the higher version).
 * Before the first, the first holds, so that every day has exactly one.
 * @throws RangeError if there are no rules at all
 */
export function ruleAt(rules: readonly LightRule[], date: string): LightRule {
  const ordered = inOrder(rules)
  const rule = ordered.findLast((candidate) => candidate.validFrom <= date) ?? ordered[0]
  if (!rule) throw new RangeError('a plan needs at least one light rule')
  return rule
}

/** Rules in the order in which they come to hold. */
export function inOrder(rules: readonly LightRule[]): LightRule[] {
  return [...rules].sort((a, b) => a.validFrom.localeCompare(b.validFrom) || a.version - b.version)
}

/** What is wrong with thresholds, as a key: they must leave no gap and no overlap between green, yellow and red. */
export function faultOfRule(
  rule: Pick<LightRule, 'green' | 'yellow'>,
): 'not-a-number' | 'out-of-range' | 'not-contiguous' | null {
  if (!Number.isFinite(rule.green) || !Number.isFinite(rule.yellow)) return 'not-a-number'
  if (rule.green < 0 || rule.yellow > 100) return 'out-of-range'
  return rule.green > rule.yellow ? 'not-contiguous' : null
}
