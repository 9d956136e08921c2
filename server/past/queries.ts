import type { Queryable, Sql, Tx } from '../database/connect.ts'

/** A piece of a statement. */
type Fragment = ReturnType<Queryable>

/**
 * The features of a layer as they stood at an instant, to stand in a statement in place of the table `feature`; null: as they are now. Those that have
 * not changed since come from that table itself and by its indexes, the others from what was kept of them.
 */
export function featuresAt(sql: Queryable, layer: string, at: string | null): Fragment {
  if (at === null) return sql`feature`
  return sql`(
    select id, layer, version, key, properties, geom, geom_3857, small, area_m2, length_m, town, towns, outside, unit, source, licence, demo, changed_by, changed_at
    from feature where layer = ${layer} and changed_at <= ${at}::timestamptz and (placed_at is null or placed_at <= ${at}::timestamptz)
    union all
    select p.feature_id, p.layer, p.version, v.key, v.properties, v.geom, p.geom_3857, p.small, p.area_m2, p.length_m, p.town, p.towns, p.outside, v.unit, v.source, v.licence, v.demo, v.by, v.at
    from feature_past p join feature_version v on v.feature_id = p.feature_id and v.version = p.version
    where p.layer = ${layer} and p.since <= ${at}::timestamptz and p.until > ${at}::timestamptz
  )`
}

/**
 * Reads what was with plans of their own. A prepared statement is soon planned once for all instants, but before most of a layer came other indexes lead
 * to what stood than after: of a million features the wrong one takes seconds.
 */
export function readPast<T>(sql: Sql, read: (tx: Tx) => Promise<T>): Promise<T> {
  return sql.begin('read only', async (tx) => {
    await tx`set local plan_cache_mode = force_custom_plan`
    return read(tx)
  }) as Promise<T>
}

/** The data version that a layer had at an instant; 0 before its first write. */
export interface VersionThen {
  version: number
  /** How many versions there had been by then. With the version it names the layer as it stood, also where history is added to the past (the clock can be set). */
  count: number
}

const NEVER: VersionThen = { version: 0, count: 0 }

export async function versionsThen(sql: Queryable, at: string): Promise<(layer: string) => VersionThen> {
  const rows = await sql<{ layer: string; version: string; count: number }[]>`
    select layer, max(version) as version, count(*)::int as count from layer_version_past where at <= ${at}::timestamptz group by layer`
  const known = new Map(rows.map(({ layer, version, count }) => [layer, { version: Number(version), count }]))
  return (layer) => known.get(layer) ?? NEVER
}

export async function versionThen(sql: Queryable, layer: string, at: string): Promise<VersionThen> {
  const [row] = await sql<{ version: string | null; count: number }[]>`
    select max(version) as version, count(*)::int as count from layer_version_past where layer = ${layer} and at <= ${at}::timestamptz`
  return { version: Number(row?.version ?? 0), count: row?.count ?? 0 }
}
