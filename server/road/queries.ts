import type { RoadPhotoType } from '../../geo/road/photo.ts'
import type { Line } from '../../geo/shape/along.ts'
import type { Queryable, Tx } from '../database/connect.ts'

/** A road's line and length; null where there is no such road, or it has no place. */
export async function roadLine(sql: Queryable, id: number): Promise<{ name: string; line: Line; length: number } | null> {
  const [row] = await sql<{ name: string; line: Line; length: number }[]>`
    select properties->>'name' as name, ST_AsGeoJSON(geom, 9)::json as line, length_m as length from feature where layer = 'roads' and id = ${id} and geom is not null`
  return row ?? null
}

export interface RoadPhotoRow {
  id: number
  road: number
  chainage: number
  takenOn: string
  words: string
  name: string
  type: RoadPhotoType
  size: number
  addedBy: string
  addedAt: string
  demo: boolean
}

/** Photos of a road that were not taken away, by chainage and day. */
export async function photosOfRoad(sql: Queryable, road: number): Promise<RoadPhotoRow[]> {
  return [
    ...(await sql<RoadPhotoRow[]>`
      select id::float8 as id, road_feature::float8 as road, chainage_m as chainage, taken_on, words, name, type, size, added_by, added_at, demo
      from road_photo where road_feature = ${road} and removed_at is null order by chainage_m, taken_on, id`),
  ]
}

export async function roadPhotoById(sql: Queryable, id: number): Promise<(RoadPhotoRow & { sha256: string }) | null> {
  const [row] = await sql<(RoadPhotoRow & { sha256: string })[]>`
    select id::float8 as id, road_feature::float8 as road, chainage_m as chainage, taken_on, words, name, type, size, added_by, added_at, demo, sha256
    from road_photo where id = ${id} and removed_at is null`
  return row ?? null
}

export async function bytesOfRoadPhoto(sql: Queryable, id: number): Promise<Uint8Array> {
  const [row] = await sql<{ bytes: Uint8Array }[]>`select bytes from road_photo where id = ${id}`
  return row!.bytes
}

export async function insertRoadPhoto(tx: Tx, photo: Omit<RoadPhotoRow, 'id' | 'size'> & { bytes: Uint8Array; sha256: string }): Promise<RoadPhotoRow> {
  const [row] = await tx<RoadPhotoRow[]>`
    insert into road_photo (road_feature, chainage_m, taken_on, words, name, type, size, sha256, bytes, added_by, added_at, demo)
    values (${photo.road}, ${photo.chainage}, ${photo.takenOn}, ${photo.words}, ${photo.name}, ${photo.type}, ${photo.bytes.length}, ${photo.sha256}, ${Buffer.from(photo.bytes)},
            ${photo.addedBy}, ${photo.addedAt}, ${photo.demo})
    returning id::float8 as id, road_feature::float8 as road, chainage_m as chainage, taken_on, words, name, type, size, added_by, added_at, demo`
  return row!
}

export async function markRoadPhotoRemoved(tx: Tx, id: number, by: string, at: string): Promise<void> {
  await tx`update road_photo set removed_by = ${by}, removed_at = ${at} where id = ${id}`
}
