import { describe, expect, it } from 'vitest'
import { groupPhotos } from '../../../client/photo/groups.ts'

const at = (photo: string, x: number, y: number) => ({ photo, x, y })

describe('photos on the map', () => {
  it('should be one point where they would lie on one another, and lose none', () => {
    expect(groupPhotos([at('a', 0, 0), at('b', 100, 0), at('c', 6, 8), at('d', 9, 9)], 12)).toEqual([
      { x: 0, y: 0, photos: ['a', 'c'] },
      { x: 100, y: 0, photos: ['b'] },
      { x: 9, y: 9, photos: ['d'] },
    ])
    expect(groupPhotos([], 12)).toEqual([])
  })
})
