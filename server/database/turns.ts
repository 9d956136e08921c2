import type { Tx } from './connect.ts'

/** What only one process may do at a time on a database that several share: each with a number that nothing else uses. */
const TURNS = { structure: 3101182023, plans: 3101182024, accounts: 3101182025, orders: 3101182026, calendar: 3101182027, messages: 3101182028, layers: 3101182040, objections: 3101182029, findings: 3101182030, checks: 3101182031, letters: 3101182032 } as const

/** Waits for its turn and keeps it until the transaction ends. Embedded, the lock always succeeds: there is one backend, and one transaction at a time. */
export async function takeTurn(tx: Tx, what: keyof typeof TURNS): Promise<void> {
  await tx`select pg_advisory_xact_lock(${TURNS[what]})`
}
