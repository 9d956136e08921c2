import type { Queryable } from '../database/connect.ts'
import { featuresAt } from '../past/queries.ts'

export interface BridgeRow {
  id: number
  name: string
  town: string | null
  lon: number | null
  lat: number | null
  cycle: number | null
  inspectedOn: string | null
  demo: boolean
}

/** All bridges with what their inspections follow from; `at`: as they were on record then. */
export async function bridgesOf(sql: Queryable, at: string | null = null): Promise<BridgeRow[]> {
  return [
    ...(await sql<BridgeRow[]>`
      select id::float8 as id, properties->>'name' as name, town, ST_X(p) as lon, ST_Y(p) as lat, (properties->>'cycle')::float8 as cycle, properties->>'inspectedOn' as inspected_on, demo
      from ${featuresAt(sql, 'bridges', at)} f cross join lateral (select case when geom is not null then ST_PointOnSurface(geom) end as p) g where layer = 'bridges' order by id`),
  ]
}
