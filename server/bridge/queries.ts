import type { Queryable } from '../database/connect.ts'

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

/** All bridges with what their inspections follow from. */
export async function bridgesOf(sql: Queryable): Promise<BridgeRow[]> {
  return [
    ...(await sql<BridgeRow[]>`
      select id::float8 as id, properties->>'name' as name, town, ST_X(p) as lon, ST_Y(p) as lat, (properties->>'cycle')::float8 as cycle, properties->>'inspectedOn' as inspected_on, demo
      from feature cross join lateral (select case when geom is not null then ST_PointOnSurface(geom) end as p) g where layer = 'bridges' order by id`),
  ]
}
