/** Where a map stands: its middle (WGS84) and its zoom. In a URL `121.11234,31.15678,13.5`, so that a link opens the same part of the map. */
export interface Standing {
  middle: [number, number]
  zoom: number
}

export const standingText = ({ middle: [lon, lat], zoom }: Standing): string => `${lon.toFixed(5)},${lat.toFixed(5)},${Number(zoom.toFixed(2))}`

/** What a URL says; null where it says nothing that is a place on a map. */
export function standingOf(text: string | null): Standing | null {
  if (!text || !/^-?\d{1,3}(\.\d+)?,-?\d{1,2}(\.\d+)?,\d{1,2}(\.\d+)?$/.test(text)) return null
  const [lon, lat, zoom] = text.split(',').map(Number) as [number, number, number]
  return Math.abs(lon) <= 180 && Math.abs(lat) <= 85 ? { middle: [lon, lat], zoom } : null
}
