import { DoorError } from '../task-list/doors/error.ts'
import type { RawFeature } from './format.ts'
import { MAP_LIMITS } from './limits.ts'
import { verticesOf } from './shape.ts'

/** Counts while a file is read, and ends it where there is more than any layer holds. */
export class Budget {
  #features = 0
  #vertices = 0

  take({ shape }: RawFeature): void {
    if (++this.#features > MAP_LIMITS.features) throw new DoorError('file-too-long', { limit: MAP_LIMITS.features, what: 'features' })
    if (shape) this.vertices(verticesOf(shape))
  }

  vertices(count: number): void {
    this.#vertices += count
    if (this.#vertices > MAP_LIMITS.vertices) throw new DoorError('file-too-long', { limit: MAP_LIMITS.vertices, what: 'vertices' })
  }
}
