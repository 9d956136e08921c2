/** The accounts that an installation starts with: one administrator with a password for one use, or the demonstration's. */
import type { Grant } from '../../geo/right/role.ts'
import { QINGPU } from '../../geo/town/qingpu.ts'
import { audit, bySystem } from '../audit/queries.ts'
import { instantOf, type Clock } from '../clock.ts'
import type { Sql, Tx } from '../database/connect.ts'
import { takeTurn } from '../database/turns.ts'
import { leadDepartments } from '../plan/queries.ts'
import { hashPassword, oneTimePassword } from './password.ts'
import { accountOf, countWithRole, insertAccount } from './queries.ts'

/** Everybody may know it: demonstration accounts are good only while nobody but this machine reaches the server. */
export const DEMO_PASSWORD = 'xiangtu-demo'

/** The demonstration's town that has an approver. */
const APPROVED_TOWN = '310118110'

const FIRST_START = bySystem('first start')

/**
 * Makes the first administrator where there is none.
 * @returns the password for one use, to be printed, or null when there was an administrator
 */
export async function firstAdmin(sql: Sql, clock: Clock): Promise<{ account: string; password: string } | null> {
  if (await countWithRole(sql, 'admin')) return null
  const password = oneTimePassword()
  const hashed = await hashPassword(password)
  return sql.begin(async (tx) => {
    await takeTurn(tx, 'accounts')
    // Another process may have been quicker.
    if (await countWithRole(tx, 'admin')) return null
    // The demonstration has the name `admin`; a real administrator of an installation that began as one is called otherwise.
    const account = (await accountOf(tx, 'admin')) ? 'administrator' : 'admin'
    if (await accountOf(tx, account)) return null
    const grants: Grant[] = [{ role: 'admin', scope: '' }]
    await insertAccount(tx, { name: account, person: '系统管理员', email: null, password: hashed, mustChange: true, demo: false, createdAt: instantOf(clock), grants })
    await audit(tx, FIRST_START, { action: 'account.create', subject: `account/${account}`, before: null, after: { grants } })
    return { account, password }
  })
}

/** The demonstration's accounts, one a role: one for each town, and one for each lead department of the plans. Part of the caller's transaction. */
export async function seedDemoAccounts(tx: Tx, clock: Clock, password: string): Promise<void> {
  const departments = await leadDepartments(tx)
  const people: { name: string; person: string; grants: Grant[] }[] = [
    { name: 'leader', person: '区领导', grants: [{ role: 'leader', scope: '' }] },
    { name: 'office', person: '区乡村振兴办', grants: [{ role: 'office', scope: '' }] },
    { name: 'planner', person: '规划员', grants: [{ role: 'planner', scope: '' }] },
    { name: 'auditor', person: '审计员', grants: [{ role: 'auditor', scope: '' }] },
    { name: 'admin', person: '系统管理员', grants: [{ role: 'admin', scope: '' }] },
    ...QINGPU.towns.map(({ code, name }) => ({ name: `town-${code.toLowerCase()}`, person: `${name}填报员`, grants: [{ role: 'reporter' as const, scope: code }] })),
    // One town with two people, so that both levels of review can be tried.
    { name: `approver-${APPROVED_TOWN}`, person: `${QINGPU.towns.find(({ code }) => code === APPROVED_TOWN)!.name}审核人`, grants: [{ role: 'approver', scope: APPROVED_TOWN }] },
    ...departments.map((scope, i) => ({ name: departmentAccount(i), person: scope, grants: [{ role: 'department' as const, scope }] })),
  ]
  for (const person of people) {
    if (await accountOf(tx, person.name)) continue
    await insertAccount(tx, { ...person, email: null, password, mustChange: false, demo: true, createdAt: instantOf(clock) })
  }
  await audit(tx, FIRST_START, { action: 'account.demo', subject: 'accounts', before: null, after: { accounts: people.map(({ name }) => name) } })
}

/** The account of a lead department by its place in the list of them. */
export function departmentAccount(place: number): string {
  return `dept-${String(place + 1).padStart(2, '0')}`
}

export function demoPasswordHash(): Promise<string> {
  return hashPassword(DEMO_PASSWORD)
}
