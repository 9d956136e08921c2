/** A layer's tile from what lies in it to its bytes, as the route answers it and the benchmark measures it. */
import type { LayerGeometry } from '../../geo/layer/layer.ts'
import type { Queryable } from '../database/connect.ts'
import { encodeTile } from './encode.ts'
import { crowdSource, DEEPEST_OF_CELLS, isCrowded, layerSource, tileFeatures, type Cut, type TileAddress } from './queries.ts'

/** Units on a tile's side. Coarser from afar: fewer corners, and what is smaller than half a unit is left out. */
export function extentAt(zoom: number): number {
  return zoom >= 13 ? 4096 : zoom >= 11 ? 2048 : 1024
}

/** The tile as MVT: a crowd of areas as the cells that it covers, nearer without its names. */
export async function layerTile(sql: Queryable, cut: Cut, geometry: LayerGeometry, address: TileAddress): Promise<Uint8Array<ArrayBuffer>> {
  const extent = extentAt(address.z)
  const isCrowd = geometry === 'polygon' && (await isCrowded(sql, cut, address))
  const source = isCrowd && address.z <= DEEPEST_OF_CELLS ? crowdSource(sql, cut, address) : layerSource(sql, cut, address, !isCrowd)
  return encodeTile(cut.layer, extent, await tileFeatures(sql, source, geometry, address, extent))
}
