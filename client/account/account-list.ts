/** Which accounts a list shows, and in what state each is. Pure. */
import type { Role } from '../../geo/right/role.ts'
import type { Account } from './account-api.ts'

export const ACCOUNT_STATES = ['active', 'new', 'locked', 'disabled'] as const
/** `new`: has a one-time password that was not used yet. */
export type AccountState = (typeof ACCOUNT_STATES)[number]

/** @param now ISO instant */
export function stateOf(account: Pick<Account, 'disabledAt' | 'lockedUntil' | 'mustChange'>, now: string): AccountState {
  if (account.disabledAt) return 'disabled'
  if (account.lockedUntil && Date.parse(account.lockedUntil) > Date.parse(now)) return 'locked'
  return account.mustChange ? 'new' : 'active'
}

export interface AccountFilter {
  words: string
  role: Role | ''
  state: AccountState | ''
}

/** `scopeName` gives what a scope is called, so that 白鹤 finds its reporters. */
export function matching(accounts: readonly Account[], filter: AccountFilter, scopeName: (scope: string) => string, now: string): Account[] {
  const words = filter.words.trim().toLowerCase()
  return accounts.filter((account) => {
    if (filter.role && !account.grants.some(({ role }) => role === filter.role)) return false
    if (filter.state && stateOf(account, now) !== filter.state) return false
    const text = [account.name, account.person, account.email ?? '', ...account.grants.map(({ scope }) => scopeName(scope))].join('\n').toLowerCase()
    return text.includes(words)
  })
}
