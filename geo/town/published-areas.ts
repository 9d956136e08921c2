/**
 * Areas (km²) that the towns of 青浦区 publish of themselves, by code: what boundaries from a file are held against.
 * 赵巷镇 and 盈浦街道 are not among the figures at hand.
 */
export const PUBLISHED_AREAS_KM2: Readonly<Record<string, number>> = {
  '310118001': 37.78,
  '310118003': 65.84,
  '310118102': 136.85,
  '310118103': 93.66,
  '310118104': 108.49,
  '310118106': 38.55,
  '310118107': 47.64,
  '310118109': 30.21,
  '310118110': 58.57,
}
