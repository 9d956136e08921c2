/** Photos that say where they were taken, as the server lets the reader see them. */
import type { FeatureCollection, Point } from 'geojson'
import { request } from '../api.ts'

export interface PhotoProperties {
  task: number
  town: string
  month: string
  subject: string
  name: string
  /** By the camera's own clock. */
  takenAt: string | null
  addedBy: string
  /** How people call them. */
  addedByName: string
  addedAt: string
  demo: boolean
}
export type Photos = FeatureCollection<Point, PhotoProperties>
export type Photo = Photos['features'][number]

export interface PhotoFilter {
  town?: string
  task?: number
}

export function photosQuery(year: number, filter: PhotoFilter) {
  const query = new URLSearchParams(Object.entries(filter).map(([name, value]) => [name, String(value)]))
  return {
    queryKey: ['photos', year, filter],
    queryFn: () => request<Photos>(`/api/plans/${year}/photos?${query.toString()}`),
  }
}

export const photoFile = (photo: Photo) => `/api/attachments/${photo.id}/file`
