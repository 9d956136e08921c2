import type { LayerGeometry } from '../../geo/layer/layer.ts'
import type { Queryable } from '../database/connect.ts'
import { featuresAt } from '../past/queries.ts'

export interface TileAddress {
  z: number
  x: number
  y: number
}

/** How far a tile reaches over its edge, in parts of its side: lines and outlines go on there, so that no seam shows. */
export const MARGIN = 64 / 4096

/** What a tile is cut from: rows of id, class, name, town, demo and geom (Web Mercator). */
type Source = ReturnType<Queryable>

/** Features of a layer around a tile, as they are or (`at`) were. Only what stands in the index's way is left out here, nothing is computed. */
export function layerSource(sql: Queryable, layer: string, legendField: string, title: string, { z, x, y }: TileAddress, at: string | null = null): Source {
  return sql`
    select id, properties->>${legendField}::text as class, properties->>${title}::text as name, town, demo, geom_3857 as geom
    from ${featuresAt(sql, layer, at)} f where layer = ${layer} and geom_3857 && ST_TileEnvelope(${z}, ${x}, ${y}, margin => ${MARGIN}::float8)`
}

/** The towns with the boundaries of a set. */
export function townSource(sql: Queryable, setId: number | null): Source {
  return sql`
    select t.ordinal + 1 as id, t.kind as class, t.short_name as name, t.code as town, false as demo, ST_Transform(b.geom, 3857) as geom
    from town t join boundary b on b.town = t.code and b.set_id = ${setId}`
}

const DIMENSIONS: Record<LayerGeometry, number> = { point: 1, line: 2, polygon: 3 }

/**
 * The features of a tile in its own units, as one row of bytes: for each feature id (8 bytes), class, name and town (length in 4 bytes, −1 for none, and
 * UTF-8), demo (1 byte), and its shape as TWKB (length in 4 bytes). Runs on both databases; the embedded one has no ST_AsMVT, and this takes less
 * time than that: only what reaches over the tile's edge is clipped, and nothing is repaired, as shapes are sound when they are stored.
 * What is smaller than half a unit is left out, as ST_AsMVTGeom does it.
 */
export async function tileFeatures(sql: Queryable, source: Source, geometry: LayerGeometry, { z, x, y }: TileAddress, extent: number): Promise<Uint8Array> {
  const [row] = await sql<{ features: Uint8Array | null }[]>`
    with tile as materialized (
      select edge, ${extent}::float8 / (ST_XMax(box) - ST_XMin(box)) as scale, ST_XMin(box) as west, ST_YMax(box) as north
      from (select ST_TileEnvelope(${z}, ${x}, ${y}) as box, ST_TileEnvelope(${z}, ${x}, ${y}, margin => ${MARGIN}::float8) as edge) e
    ),
    shaped as (
      select f.id, f.class, f.name, f.town, f.demo, tile.scale, tile.west, tile.north,
             case when f.geom @ tile.edge then f.geom else ST_CollectionExtract(ST_ClipByBox2D(f.geom, tile.edge), ${DIMENSIONS[geometry]}::int) end as geom
      from (${source}) f cross join tile
      where f.geom && tile.edge
        and (${geometry === 'point'} or ST_XMax(f.geom) - ST_XMin(f.geom) >= 0.5 / tile.scale or ST_YMax(f.geom) - ST_YMin(f.geom) >= 0.5 / tile.scale)
    ),
    record as (
      select id, class, name, town, demo, ST_AsTWKB(ST_Affine(geom, scale, 0, 0, -scale, -scale * west, scale * north), 0) as shape
      from shaped where not ST_IsEmpty(geom)
    )
    select string_agg(
      int8send(id)
      || int4send(coalesce(octet_length(class), -1)) || coalesce(convert_to(class, 'UTF8'), '')
      || int4send(coalesce(octet_length(name), -1)) || coalesce(convert_to(name, 'UTF8'), '')
      || int4send(coalesce(octet_length(town), -1)) || coalesce(convert_to(town, 'UTF8'), '')
      || case when demo then '\\x01'::bytea else '\\x00'::bytea end
      || int4send(octet_length(shape)) || shape, ''::bytea) as features
    from record`
  return row?.features ?? new Uint8Array()
}
