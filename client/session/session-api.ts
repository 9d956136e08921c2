import { nextTick } from 'vue'
import type { Grant, Person } from '../../geo/right/role.ts'
import { queryClient, request, send } from '../api.ts'

/** Who is signed in, and how one can sign in. */
export interface Session {
  person: Person | null
  /** Whose session it is while an administrator looks as `person`. */
  realAccount: string | null
  mustChange: boolean
  idleMinutes: number
  reading: 'anyone' | 'signed-in'
  /** By the server's clock, in China. */
  today: string
  /** Demonstration accounts, while they can be used and nobody is signed in. */
  demo: { name: string; person: string; grants: Grant[] }[]
  sso: boolean
}

/** Whether somebody has been signed in on this page and has not signed out by themselves. */
let wasSignedIn = false

export const SESSION = {
  queryKey: ['session'],
  queryFn: async () => {
    const session = await request<Session>('/api/session')
    wasSignedIn ||= session.person !== null
    return session
  },
}

/** Whether a session has ended that nobody here ended: true once, for the words at the door. */
export function hasEnded(): boolean {
  const ended = wasSignedIn
  wasSignedIn = false
  return ended
}

/**
 * Keeps what the server said of the session, and forgets everything that another person saw. What stays on the screen is asked for anew;
 * a screen that this person may not see goes first, and asks for nothing.
 */
export async function enter(session: Session): Promise<void> {
  wasSignedIn = session.person !== null
  queryClient.setQueryData(SESSION.queryKey, session)
  await nextTick()
  void queryClient.resetQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION.queryKey[0] })
}

/** @throws ProblemError sign-in-failed, account-locked, account-disabled, demo-account-elsewhere */
export async function signIn(account: string, password: string): Promise<Session> {
  const session = await send<Session>('POST', '/api/session', { account, password })
  await enter(session)
  return session
}

export async function signOut(): Promise<void> {
  await send('DELETE', '/api/session')
  await enter(await request<Session>('/api/session'))
}

/** As another person, read-only; null: as oneself again. */
export async function lookAs(account: string | null): Promise<void> {
  await enter(await send<Session>('PUT', '/api/session/looks-as', { account }))
}
