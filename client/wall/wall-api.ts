/** What the wall asks the server, by its own token or as whoever is signed in; and the tokens, as an administrator sees them. */
import type { WallContent } from '../../geo/wall/content.ts'
import type { TokenState } from '../../geo/wall/token.ts'
import { request, send, type TownCollection } from '../api.ts'

export type Wall = WallContent & { shapes: TownCollection }

export interface WallDue {
  day: string
  orders: {
    issued: number
    answered: number
    overdue: number
    /** `owner`: a town's code or a department. */
    next: { no: number; title: string; owner: string; dueOn: string; overdue: boolean; demo: boolean }[]
  }
  findings: { left: number; overdue: number; towns: { town: string; left: number; overdue: number }[] }
  demo: boolean
}

/** Whose wall it is: by its token alone, so that whoever else is signed in on the machine makes no difference. */
function by(token: string | null, signal: AbortSignal): RequestInit {
  return token === null ? { signal } : { signal, credentials: 'omit', headers: { authorization: `Wall ${token}` } }
}
const planQuery = (plan: number | null) => (plan === null ? '' : `?plan=${plan}`)

export const loadWall = (plan: number | null, token: string | null, signal: AbortSignal) => request<Wall>(`/api/wall${planQuery(plan)}`, by(token, signal))
export const loadWallDue = async (plan: number | null, token: string | null, signal: AbortSignal) =>
  (await request<{ due: WallDue | null }>(`/api/wall/due${planQuery(plan)}`, by(token, signal))).due

const ENTRY = /<script[^>]+type="module"[^>]+src="([^"]+)"/

/** The page's own first script: its name changes with every build. */
export const builtEntry = () => document.querySelector('script[type="module"][src]')?.getAttribute('src') ?? null
/** The same of what the server gives now; null: it could not be told. */
export async function servedEntry(signal: AbortSignal): Promise<string | null> {
  const answer = await fetch('/wall', { cache: 'no-cache', credentials: 'omit', signal })
  return answer.ok ? (ENTRY.exec(await answer.text())?.[1] ?? null) : null
}

export interface WallToken {
  id: number
  name: string
  state: TokenState
  due: boolean
  issuedBy: string
  issuedAt: string
  expiresAt: string | null
  revokedBy: string | null
  revokedAt: string | null
  seenAt: string | null
  seenFrom: string | null
  uses: number
}

export const WALL_TOKENS = { queryKey: ['wall-tokens'], queryFn: () => request<WallToken[]>('/api/wall/tokens'), staleTime: 0 }
export const issueToken = (token: { name: string; due: boolean; expiresAt: string | null }) => send<{ token: WallToken; secret: string }>('POST', '/api/wall/tokens', token)
export const revokeToken = (id: number) => send<WallToken>('POST', `/api/wall/tokens/${id}/revoke`, {})
