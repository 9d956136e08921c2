import type { FeatureProperties } from '../../geo/layer/layer.ts'
import type { Queryable } from '../database/connect.ts'
import { fits, type FeatureFilter } from '../layer/queries.ts'

export interface ExportRow {
  id: number
  key: string | null
  properties: FeatureProperties
  /** Hexadecimal EWKB: every digit that the database has. */
  shape: string | null
  areaM2: number | null
  lengthM: number | null
  town: string | null
  unit: string | null
  source: string
  demo: boolean
}

/** Features that fit, in the order of their numbers. */
export async function exportRows(sql: Queryable, layer: string, filter: FeatureFilter, most: number): Promise<ExportRow[]> {
  return [
    ...(await sql<ExportRow[]>`
      select f.id::float8 as id, f.key, f.properties, encode(ST_AsEWKB(f.geom), 'hex') as shape, f.area_m2, f.length_m, t.name as town, u.name as unit, f.source, f.demo
      from feature f left join town t on t.code = f.town left join town u on u.code = f.unit
      where ${fits(sql, layer, filter)} order by f.id limit ${most}`),
  ]
}

/** What kind the boundaries are that towns were found by. */
export async function boundaryKind(sql: Queryable): Promise<string | null> {
  const [row] = await sql<{ kind: string }[]>`select kind from boundary_set where current`
  return row?.kind ?? null
}
