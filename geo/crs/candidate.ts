/** A system that a file's coordinates may be in, as it is shown and chosen from; guess.ts finds them. */
export const GUESS_REASONS = {
  file: { zh: '文件注明', en: 'the file says so' },
  number: { zh: '坐标带有带号', en: 'the zone number stands in the coordinates' },
  place: { zh: '落在本区', en: 'it lands in the district' },
  size: { zh: '坐标大小合适', en: 'the size of the coordinates fits' },
  told: { zh: '仅在来源注明时选用', en: 'only if the source says so' },
} as const satisfies Record<string, { zh: string; en: string }>
export type GuessReason = keyof typeof GUESS_REASONS

/** West, south, east, north. */
export type Box = [number, number, number, number]

export interface CrsGuess {
  crs: string
  /** The file has northing before easting, as surveyors in China write them. */
  swap: boolean
  /** From 0 to 1. */
  confidence: number
  why: GuessReason
  /** Where it would land, WGS84. */
  box: Box
  /** Share of the points that would lie in the district's box. */
  inside: number
  /** Some of them where they would land, in pairs, to be drawn. */
  points: number[]
}
