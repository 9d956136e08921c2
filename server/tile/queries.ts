import { EACH_BY_ITSELF, type LayerGeometry } from '../../geo/layer/layer.ts'
import type { Queryable, Tx } from '../database/connect.ts'
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

/** What a layer's tiles are cut from, and when. */
export interface Cut {
  layer: string
  /** The field that its legend colours by, and the one that names a feature. */
  legend: string
  title: string
  /** As it was then; null: as it is. */
  at: string | null
}

/**
 * Features of a layer around a tile, as they are or were. Only what stands in the index's way is left out here, nothing is computed. Among very many
 * nobody reads names, and they are most of a tile: `named` says whether they come.
 */
export function layerSource(sql: Queryable, { layer, legend, title, at }: Cut, { z, x, y }: TileAddress, named = true): Source {
  return sql`
    select id, properties->>${legend}::text as class, ${named ? sql`properties->>${title}::text` : sql`null::text`} as name, town, demo, geom_3857 as geom
    from ${featuresAt(sql, layer, at)} f where layer = ${layer} and geom_3857 && ST_TileEnvelope(${z}, ${x}, ${y}, margin => ${MARGIN}::float8)`
}

/** The zoom whose tiles are the cells that small areas are counted by (`feature_cell`). */
const CELL_ZOOM = 18
/** A side of a tile is drawn in so many cells. */
const CELLS = 128
/** Up to here a tile has as many cells as are counted. */
const DEEPEST_COUNTED = CELL_ZOOM - Math.log2(CELLS)
/** And from there to here its cells are counted from the features in it, when it is asked for. */
export const DEEPEST_OF_CELLS = EACH_BY_ITSELF - 1
/** So many small areas may lie in one tile and still be drawn one by one, with their names. */
export const CROWD = 6_000
/** A cell is drawn where this much of it is covered, for each class of which there is at least half as much as of the commonest: designations lie over uses. */
const COVERED = 0.1
const EQUATOR_M = 2 * Math.PI * 6378137

/**
 * Counts a layer's small areas by the field of its legend, with all that was counted at any time before, anew where that has become another; from then
 * on the database keeps both.
 */
export async function countCells(tx: Tx, layer: string, legendField: string): Promise<void> {
  const [row] = await tx<{ field: string }[]>`select field from layer_legend where layer = ${layer}`
  if (row?.field === legendField) return
  await tx`insert into layer_legend (layer, field) values (${layer}, ${legendField}) on conflict (layer) do update set field = excluded.field`
  await tx`delete from feature_cell where layer = ${layer}`
  await tx`
    insert into feature_cell (layer, x, y, class, town, features, demo, area_m2)
    select layer, cell_x(geom), cell_y(geom), coalesce(properties->>${legendField}::text, ''), coalesce(town, ''), count(*), count(*) filter (where demo), sum(area_m2)
    from feature where layer = ${layer} and small group by 1, 2, 3, 4, 5`
  await tx`delete from feature_cell_change where layer = ${layer}`
  await tx`
    insert into feature_cell_change (layer, x, y, class, town, at, features, demo, area_m2)
    select ${layer}, cell_x(geom), cell_y(geom), coalesce(properties->>${legendField}::text, ''), coalesce(town, ''), at, sum(way), coalesce(sum(way) filter (where demo), 0), sum(way * area_m2)
    from (
      select geom, properties, town, demo, area_m2, greatest(changed_at, placed_at) as at, 1 as way from feature where layer = ${layer} and small
      union all
      select v.geom, v.properties, p.town, v.demo, p.area_m2, side.at, side.way
      from feature_past p join feature_version v on v.feature_id = p.feature_id and v.version = p.version
      cross join lateral (values (p.since, 1), (p.until, -1)) side (at, way)
      where p.layer = ${layer} and p.small
    ) life group by 1, 2, 3, 4, 5, 6`
}

/** What was counted of a layer: rows of class, town, x, y, features, demo (how many) and area_m2; of a part of the map, as far as that is given. */
export function cellsOf(sql: Queryable, layer: string, at: string | null, within: Source = sql``): Source {
  if (at === null) return sql`select class, town, x, y, features, demo, area_m2 from feature_cell where layer = ${layer} ${within}`
  return sql`
    select class, town, x, y, sum(features)::int as features, sum(demo)::int as demo, sum(area_m2) as area_m2
    from feature_cell_change where layer = ${layer} and at <= ${at}::timestamptz ${within} group by 1, 2, 3, 4 having sum(features) > 0`
}

/** The cells of a tile and, with a margin, around it. */
function around(sql: Queryable, { z, x, y }: TileAddress, margin: number): Source {
  const side = 2 ** (CELL_ZOOM - z)
  const beyond = Math.ceil(side * margin)
  return sql`and x >= ${x * side - beyond} and x < ${(x + 1) * side + beyond} and y >= ${y * side - beyond} and y < ${(y + 1) * side + beyond}`
}

/** Whether a tile of a layer of areas holds more of the small ones than anybody can tell apart. */
export async function isCrowded(sql: Queryable, { layer, at }: Cut, address: TileAddress): Promise<boolean> {
  if (address.z > CELL_ZOOM - 1) return false
  const [row] = await sql<{ n: number }[]>`select coalesce(sum(features), 0)::float8 as n from (${cellsOf(sql, layer, at, around(sql, address, 0))}) c`
  return row!.n > CROWD
}

/** The small areas in a tile by its own cells: rows of class, town, cell_x, cell_y, area_m2 and demo. */
function inCells(sql: Queryable, { layer, legend, at }: Cut, address: TileAddress): Source {
  const { z, x, y } = address
  if (z <= DEEPEST_COUNTED) {
    const step = 2 ** (DEEPEST_COUNTED - z)
    return sql`
      select class, town, x / ${step}::int as cell_x, y / ${step}::int as cell_y, sum(area_m2) as area_m2, sum(demo) > 0 as demo
      from (${cellsOf(sql, layer, at, around(sql, address, MARGIN))}) counted group by 1, 2, 3, 4`
  }
  const side = EQUATOR_M / 2 ** z / CELLS
  return sql`
    select coalesce(properties->>${legend}::text, '') as class, coalesce(town, '') as town,
           floor(((ST_XMin(box) + ST_XMax(box)) / 2 + ${EQUATOR_M / 2}::float8) / ${side}::float8)::int as cell_x,
           floor((${EQUATOR_M / 2}::float8 - (ST_YMin(box) + ST_YMax(box)) / 2) / ${side}::float8)::int as cell_y,
           sum(area_m2) as area_m2, bool_or(demo) as demo
    from (
      select properties, town, area_m2, demo, box3d(geom_3857) as box
      from ${featuresAt(sql, layer, at)} f where layer = ${layer} and small and geom_3857 && ST_TileEnvelope(${z}, ${x}, ${y}, margin => ${MARGIN}::float8) offset 0
    ) boxed group by 1, 2, 3, 4`
}

/**
 * A layer of areas as it is drawn where a tile holds too many of them: the small ones as the cells that they cover, collected by class and town and
 * numbered 0; the others as they are.
 */
export function crowdSource(sql: Queryable, cut: Cut, address: TileAddress): Source {
  const { z, x, y } = address
  const { layer, legend, title, at } = cut
  const side = EQUATOR_M / 2 ** z / CELLS
  return sql`
    select 0 as id, nullif(class, '') as class, null::text as name, nullif(town, '') as town, bool_or(demo) as demo,
           ST_Collect(ST_MakeEnvelope(
             first_x * ${side}::float8 - ${EQUATOR_M / 2}::float8, ${EQUATOR_M / 2}::float8 - (last_y + 1) * ${side}::float8,
             (last_x + 1) * ${side}::float8 - ${EQUATOR_M / 2}::float8, ${EQUATOR_M / 2}::float8 - first_y * ${side}::float8, 3857)) as geom
    from (
      -- Cells side by side are one strip, strips of one width beneath each other one block. They are not united: of scattered cells that takes seconds.
      select class, town, first_x, last_x, min(cell_y) as first_y, max(cell_y) as last_y, bool_or(demo) as demo
      from (
        select *, cell_y - row_number() over (partition by class, town, first_x, last_x order by cell_y) as block
        from (
          select class, town, cell_y, min(cell_x) as first_x, max(cell_x) as last_x, bool_or(demo) as demo
          from (
            select *, cell_x - row_number() over (partition by class, town, cell_y order by cell_x) as strip
            from (
              select *, sum(area_m2) over place as covered_m2, max(area_m2) over place as most_m2,
                     -- A metre of Web Mercator is so much on the ground.
                     cos(atan(sinh(pi() * (1 - 2 * (cell_y + 0.5) / ${CELLS * 2 ** z}::float8)))) as ground
              from (${inCells(sql, cut, address)}) part window place as (partition by cell_x, cell_y)
            ) cell
            where covered_m2 >= ${COVERED}::float8 * power(${side}::float8 * ground, 2) and area_m2 >= most_m2 / 2
          ) seen
          group by class, town, cell_y, strip
        ) strips
      ) rows
      group by class, town, first_x, last_x, block
    ) blocks
    group by class, town
    union all
    select id, properties->>${legend}::text, properties->>${title}::text, town, demo, geom_3857
    from ${featuresAt(sql, layer, at)} f where layer = ${layer} and not small and geom_3857 && ST_TileEnvelope(${z}, ${x}, ${y}, margin => ${MARGIN}::float8)`
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
 * UTF-8), demo (1 byte), and its shape as TWKB (length in 4 bytes). Runs on both databases; the embedded one has no ST_AsMVT (beside it this
 * takes a little longer, tests/bench says how much): only what reaches over the tile's edge is clipped, and nothing is repaired, as shapes are sound when they are stored.
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
      -- Planned by itself, on the place that it names: of tile.edge nothing is known before it is there.
      from (select * from (${source}) given offset 0) f cross join tile
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
