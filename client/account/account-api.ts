/** Accounts as administrators see them, and one's own password and sessions. */
import type { Grant } from '../../geo/right/role.ts'
import { request, send } from '../api.ts'

export interface Account {
  name: string
  person: string
  email: string | null
  hasPassword: boolean
  mustChange: boolean
  lockedUntil: string | null
  disabledAt: string | null
  sso: string | null
  demo: boolean
  version: number
  createdAt: string
  grants: Grant[]
  seenAt: string | null
}
export interface AccountFacts {
  person: string
  email: string | null
  grants: Grant[]
}
/** What roles can be given for. */
export interface Scopes {
  towns: { code: string; name: string; nameEn: string }[]
  departments: string[]
}
export interface OwnSession {
  id: number
  origin: string
  agent: string
  createdAt: string
  seenAt: string
  here: boolean
}

const PATH = '/api/accounts'
const of = (name: string) => `${PATH}/${encodeURIComponent(name)}`

export const loadAccounts = () => request<Account[]>(PATH)
export const loadScopes = () => request<Scopes>(`${PATH}/scopes`)
export const createAccount = (name: string, facts: AccountFacts) => send<{ account: Account; oneTimePassword: string }>('POST', PATH, { name, ...facts })
export const changeAccount = (name: string, facts: AccountFacts, version: number) => send<Account>('PUT', of(name), { ...facts, version })
export const setDisabled = (name: string, disabled: boolean) => send<Account>('PUT', `${of(name)}/disabled`, { disabled })
export const newOneTimePassword = (name: string) => send<{ oneTimePassword: string }>('POST', `${of(name)}/one-time-password`)
export const endSessionsOf = (name: string) => send<{ ended: number }>('DELETE', `${of(name)}/sessions`)
export const unbindSso = (name: string) => send<Account>('DELETE', `${of(name)}/sso`)

export const changePassword = (current: string, password: string) => send<undefined>('PUT', '/api/account/password', { current, password })
export const loadOwnSessions = () => request<OwnSession[]>('/api/sessions')
export const endOwnSession = (id: number) => send<undefined>('DELETE', `/api/sessions/${id}`)
