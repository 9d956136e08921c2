/** Every layer of the planning map, in the order that the map draws them from below. A new layer is a file and a line here. */
import { BRIDGES } from './bridges.ts'
import { DEMONSTRATION_VILLAGES } from './demonstration-villages.ts'
import { FARMLAND } from './farmland.ts'
import type { Layer } from './layer.ts'
import { ROADS } from './roads.ts'
import { SITES } from './sites.ts'
import { VILLAGES } from './villages.ts'

export const LAYERS: readonly Layer[] = [FARMLAND, ROADS, BRIDGES, SITES, DEMONSTRATION_VILLAGES, VILLAGES]

/** The layer of that name; undefined: there is none. */
export function layerOf(id: string): Layer | undefined {
  return LAYERS.find((layer) => layer.id === id)
}
