/**
 * The second wall, behind the doors' own checks: every write of a request runs in a transaction as the role `xiangtu_app`, which owns
 * nothing, may not change what is append-only, and is held by row-level security to the towns and departments of the person who asks. So
 * even a wrong query cannot write another town's report. The identity is local to the transaction: on a shared connection nothing of it stays.
 */
import { LAYERS } from '../../geo/layer/layers.ts'
import { departmentsOf, townsOf, type Person } from '../../geo/right/role.ts'
import { can } from '../../geo/right/right.ts'
import type { Sql, Tx } from './connect.ts'
import { takeTurn } from './turns.ts'

export const APP_ROLE = 'xiangtu_app'

/** Tables that may only grow, also against our own mistakes. */
const APPEND_ONLY = ['audit', 'report_version', 'order_event', 'submission_version', 'month_act', 'month_freeze', 'decision_outcome', 'notice_version', 'light_record', 'feature_version', 'feature_past', 'layer_version_past', 'boundary_use', 'finding_version', 'farmland_check_run', 'farmland_check_acknowledgement', 'letter_template']
/** Tables that only migrations, the start and the database's own triggers write. */
const NOT_OURS = ['migration', 'layer_legend', 'feature_cell', 'feature_cell_change']

/**
 * Makes the role and gives it what it needs, anew at each start: later migrations bring tables.
 * @returns whether the wall stands; not where the account of DATABASE_URL may create no role and nobody has made it: then an operator has to
 */
export async function raiseWall(sql: Sql): Promise<boolean> {
  return sql.begin(async (tx) => {
    await takeTurn(tx, 'structure')
    // Roles belong to the whole server: another database on it may make the same one at the same moment.
    await tx.unsafe(`do $$ begin
      if not exists (select from pg_roles where rolname = '${APP_ROLE}') then create role ${APP_ROLE} nologin; end if;
    exception when insufficient_privilege or duplicate_object or unique_violation then null; end $$`)
    await tx.unsafe(`do $$ begin
      if not pg_has_role(current_user, '${APP_ROLE}', 'member') then grant ${APP_ROLE} to current_user; end if;
    exception when others then null; end $$`)
    const [row] = await tx<{ member: boolean | null }[]>`
      select (select pg_has_role(current_user, oid, 'member') from pg_roles where rolname = ${APP_ROLE}) as member`
    if (!row?.member) return false
    await tx.unsafe(`
      grant usage on schema public to ${APP_ROLE};
      grant select, insert, update, delete on all tables in schema public to ${APP_ROLE};
      grant usage on all sequences in schema public to ${APP_ROLE};
      revoke update, delete, truncate on ${APPEND_ONLY.join(', ')} from ${APP_ROLE};
      revoke insert, update, delete, truncate on ${NOT_OURS.join(', ')} from ${APP_ROLE};`)
    return true
  })
}

/**
 * One transaction on behalf of a person (null: the system itself or the operator, who are bound to no town).
 * @throws what `work` throws; then nothing of it stays
 */
export function beginAs<T>(sql: Sql, wall: boolean, person: Person | null, work: (tx: Tx) => Promise<T>): Promise<T> {
  return sql.begin(async (tx) => {
    if (wall) {
      const everywhere = person === null || can(person, 'report.review', { town: '*', departments: [] })
      await tx`
        select set_config('xiangtu.everywhere', ${everywhere ? 'on' : 'off'}, true),
               set_config('xiangtu.towns', ${person ? townsOf(person).join(',') : ''}, true),
               set_config('xiangtu.departments', ${person ? departmentsOf(person).join(',') : ''}, true),
               set_config('xiangtu.orders', ${person === null || can(person, 'order.issue') ? 'on' : 'off'}, true),
               set_config('xiangtu.findings', ${person === null || can(person, 'finding.read', { town: '*', departments: [] }) ? 'on' : 'off'}, true),
               set_config('xiangtu.checks', ${person === null || can(person, 'check.read', { town: '*', departments: [] }) ? 'on' : 'off'}, true),
               set_config('xiangtu.check_makers', ${person === null || can(person, 'check.make', { town: '*', departments: [] }) ? 'all' : can(person, 'check.make') ? 'own' : ''}, true),
               set_config('xiangtu.account', ${person?.account ?? ''}, true),
               set_config('xiangtu.layers', ${LAYERS.filter(({ edits }) => person === null || can(person, edits, { town: '*' })).map(({ id }) => id).join()}, true),
               set_config('xiangtu.own_layers', ${LAYERS.filter(({ edits }) => person !== null && can(person, edits)).map(({ id }) => id).join()}, true)`
      await tx.unsafe(`set local role ${APP_ROLE}`)
    }
    return work(tx)
  }) as Promise<T>
}
