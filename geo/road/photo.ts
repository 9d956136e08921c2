/** Photos of a road at a chainage. */

/** What may be one, by its content. */
export const ROAD_PHOTO_TYPES = ['jpeg', 'png', 'webp'] as const
export type RoadPhotoType = (typeof ROAD_PHOTO_TYPES)[number]

/** A road has at most so many. */
export const MOST_ROAD_PHOTOS = 200
