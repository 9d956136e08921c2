/** Photos that would lie on one another on the screen, gathered into one point. Pure. */

export interface PlacedPhoto<P> {
  photo: P
  x: number
  y: number
}

export interface PhotoGroup<P> {
  x: number
  y: number
  photos: P[]
}

/** Groups in the order of their first photos; each stands where its first photo was taken, so that it moves with the map and not with the others. */
export function groupPhotos<P>(placed: readonly PlacedPhoto<P>[], distance: number): PhotoGroup<P>[] {
  const groups: PhotoGroup<P>[] = []
  for (const { photo, x, y } of placed) {
    const near = groups.find((group) => Math.hypot(group.x - x, group.y - y) < distance)
    if (near) near.photos.push(photo)
    else groups.push({ x, y, photos: [photo] })
  }
  return groups
}
