import type { Grant, Role } from '../../geo/right/role.ts'
import type { Queryable, Tx } from '../database/connect.ts'

/** An account with its roles, as administrators see it; the password never leaves the database but for being checked. */
export interface AccountRow {
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

export async function accounts(sql: Queryable): Promise<AccountRow[]> {
  const rows = await sql<AccountRow[]>`
    select a.name, a.person, a.email, a.password is not null as has_password, a.must_change, a.locked_until, a.disabled_at, a.sso, a.demo, a.version,
           a.created_at, (select max(s.seen_at) from session s where s.account = a.name) as seen_at,
           coalesce((select json_agg(json_build_object('role', r.role, 'scope', r.scope) order by r.role, r.scope) from account_role r where r.account = a.name), '[]') as grants
    from account a order by a.demo, a.created_at, a.name`
  return [...rows]
}

export async function accountOf(sql: Queryable, name: string): Promise<AccountRow | null> {
  return (await accounts(sql)).find((row) => row.name === name) ?? null
}

/** How people call the accounts; for those that are no account (the server itself) there is none. */
export async function namesOfAccounts(sql: Queryable, names: readonly string[]): Promise<Map<string, string>> {
  if (names.length === 0) return new Map()
  const rows = await sql<{ name: string; person: string }[]>`select name, person from account where name in ${sql([...new Set(names)])}`
  return new Map(rows.map(({ name, person }) => [name, person]))
}

/** What signing in needs to know. */
export interface Credentials {
  name: string
  password: string | null
  mustChange: boolean
  failures: number
  lockedUntil: string | null
  disabledAt: string | null
  demo: boolean
}

export async function credentialsOf(sql: Queryable, name: string): Promise<Credentials | null> {
  const [row] = await sql<Credentials[]>`
    select name, password, must_change, failures, locked_until, disabled_at, demo from account where name = ${name}`
  return row ?? null
}

/** An account as single sign-on finds it. */
export interface SignOnAccount {
  name: string
  disabledAt: string | null
  demo: boolean
  /** Issuer and subject that it is bound to. */
  identity: string | null
}

export async function accountOfSignOn(tx: Tx, by: { identity: string } | { name: string }): Promise<SignOnAccount | null> {
  const [row] =
    'identity' in by
      ? await tx<SignOnAccount[]>`select name, disabled_at, demo, sso as identity from account where sso = ${by.identity}`
      : await tx<SignOnAccount[]>`select name, disabled_at, demo, sso as identity from account where name = ${by.name} for update`
  return row ?? null
}

/** Binds an account to the identity that it was first used with; false: it has one already. */
export async function bindSignOn(tx: Tx, name: string, identity: string): Promise<boolean> {
  const rows = await tx`update account set sso = ${identity}, version = version + 1 where name = ${name} and sso is null returning name`
  return rows.length === 1
}

export async function unbindSignOn(tx: Tx, name: string): Promise<void> {
  await tx`update account set sso = null, version = version + 1 where name = ${name}`
}

/** How many accounts there are that can sign in and hold a role. */
export async function countWithRole(sql: Queryable, role: Role): Promise<number> {
  const [row] = await sql<{ n: number }[]>`
    select count(distinct a.name)::int as n from account a join account_role r on r.account = a.name
    where r.role = ${role} and a.disabled_at is null and not a.demo`
  return row?.n ?? 0
}

export async function insertAccount(
  tx: Tx,
  account: { name: string; person: string; email: string | null; password: string | null; mustChange: boolean; demo: boolean; createdAt: string; grants: readonly Grant[] },
): Promise<void> {
  await tx`
    insert into account (name, person, email, password, must_change, demo, created_at)
    values (${account.name}, ${account.person}, ${account.email}, ${account.password}, ${account.mustChange}, ${account.demo}, ${account.createdAt})`
  await insertGrants(tx, account.name, account.grants)
}

async function insertGrants(tx: Tx, account: string, grants: readonly Grant[]): Promise<void> {
  if (grants.length) await tx`insert into account_role ${tx(grants.map(({ role, scope }) => ({ account, role, scope })))}`
}

/** Names and roles anew; gives the new version. */
export async function updateAccount(tx: Tx, name: string, change: { person: string; email: string | null; grants: readonly Grant[] }): Promise<number> {
  const [row] = await tx<{ version: number }[]>`
    update account set person = ${change.person}, email = ${change.email}, version = version + 1 where name = ${name} returning version`
  await tx`delete from account_role where account = ${name}`
  await insertGrants(tx, name, change.grants)
  return row?.version ?? 0
}

export async function setDisabled(tx: Tx, name: string, at: string | null): Promise<void> {
  await tx`update account set disabled_at = ${at}, version = version + 1 where name = ${name}`
}

export async function setPassword(tx: Tx, name: string, password: string, mustChange: boolean): Promise<void> {
  await tx`update account set password = ${password}, must_change = ${mustChange}, failures = 0, locked_until = null, version = version + 1 where name = ${name}`
}

/** Counts a wrong password; from the limit on the account is locked until a time. */
export async function countFailure(tx: Tx, name: string, limit: number, lockedUntil: string): Promise<{ failures: number; lockedUntil: string | null }> {
  const [row] = await tx<{ failures: number; lockedUntil: string | null }[]>`
    update account set failures = case when failures + 1 >= ${limit} then 0 else failures + 1 end,
                       locked_until = case when failures + 1 >= ${limit} then ${lockedUntil}::timestamptz else locked_until end
    where name = ${name} returning failures, locked_until`
  return row ?? { failures: 0, lockedUntil: null }
}

export async function clearFailures(tx: Tx, name: string): Promise<void> {
  await tx`update account set failures = 0, locked_until = null where name = ${name} and (failures > 0 or locked_until is not null)`
}

/** Demonstration accounts that can sign in, for the page where one signs in. */
export async function demoAccounts(sql: Queryable): Promise<{ name: string; person: string; grants: Grant[] }[]> {
  return (await accounts(sql)).filter(({ demo, disabledAt }) => demo && !disabledAt).map(({ name, person, grants }) => ({ name, person, grants }))
}
