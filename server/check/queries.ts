import type { MultiPolygon, Polygon } from 'geojson'
import { PERMANENT, type Overlay, type Part } from '../../geo/check/check.ts'
import type { Queryable } from '../database/connect.ts'

export interface OverlayRow extends Overlay {
  /** What of the plot lies on permanent basic farmland, to be marked on the map; null: nothing. */
  touched: MultiPolygon | null
  /** The plot without that: the smallest change that avoids it; null: nothing is left. */
  remaining: MultiPolygon | null
  remainingM2: number
  dataVersion: number
}

/**
 * One definition of area for parcels and for parts of them: on the ellipsoid, along edges that are straight in longitude and latitude, as overlays cut
 * them. Without points in between an edge of 2 km would run along its geodesic, 5 cm beside, and the parts would not add up.
 */
const STEP_DEGREES = 0.0005

/** A plot (valid, WGS84) overlaid with the farmland as it is now, in one statement: all of it is of one data version. */
export async function overlayOf(sql: Queryable, plot: Polygon | MultiPolygon): Promise<OverlayRow> {
  const [row] = await sql<(Omit<OverlayRow, 'parts' | 'dataVersion'> & { parts: Part[] | null; dataVersion: string })[]>`
    with plot as materialized (select ST_SetSRID(ST_GeomFromGeoJSON(${JSON.stringify(plot)}), 4326) as geom),
    cut as materialized (
      select f.id, f.properties, f.town, f.demo, f.geom as parcel,
             case when ST_Covers(p.geom, f.geom) then f.geom else ST_CollectionExtract(ST_Intersection(f.geom, p.geom), 3) end as geom
      from plot p join feature f on f.layer = 'farmland' and f.geom && p.geom and ST_Intersects(f.geom, p.geom)
    ),
    part as materialized (
      select *, ST_Area(ST_Segmentize(geom, ${STEP_DEGREES}::float8)::geography) as area_m2, ST_Area(ST_Segmentize(parcel, ${STEP_DEGREES}::float8)::geography) as parcel_m2
      from cut where not ST_IsEmpty(geom)
    ),
    together as materialized (
      select (select ST_Union(geom) from part) as farmland, (select ST_Union(geom) from part where properties->>'kind' = ${PERMANENT}) as permanent
    ),
    shapes as materialized (
      select p.geom as plot, t.farmland, t.permanent,
             case when t.permanent is null then ST_Multi(p.geom) else ST_Multi(ST_CollectionExtract(ST_Difference(p.geom, t.permanent), 3)) end as remaining
      from plot p, together t
    )
    select ST_Area(ST_Segmentize(plot, ${STEP_DEGREES}::float8)::geography) as plot_m2,
           coalesce(ST_Area(ST_Segmentize(farmland, ${STEP_DEGREES}::float8)::geography), 0) as farmland_m2,
           coalesce(ST_Area(ST_Segmentize(permanent, ${STEP_DEGREES}::float8)::geography), 0) as permanent_m2,
           case when permanent is not null then ST_AsGeoJSON(ST_Multi(permanent), 8)::json end as touched,
           case when not ST_IsEmpty(remaining) then ST_AsGeoJSON(remaining, 8)::json end as remaining,
           case when ST_IsEmpty(remaining) then 0 else ST_Area(ST_Segmentize(remaining, ${STEP_DEGREES}::float8)::geography) end as remaining_m2,
           coalesce((select version from layer_version where layer = 'farmland'), 0)::text as data_version,
           (select json_agg(json_build_object(
              'id', id, 'number', properties->>'number', 'kind', properties->>'kind', 'owner', properties->>'owner', 'crop', properties->>'crop',
              'town', town, 'demo', demo, 'areaM2', area_m2, 'parcelM2', parcel_m2)) from part) as parts
    from shapes`
  const { parts, dataVersion, ...areas } = row!
  return { ...areas, parts: parts ?? [], dataVersion: Number(dataVersion) }
}
