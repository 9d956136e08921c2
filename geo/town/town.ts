/** Towns: the units that quotas are given to. */

export const TOWN_KINDS = ['town', 'subdistrict', 'park', 'district'] as const
export type TownKind = (typeof TOWN_KINDS)[number]

/** Where a boundary comes from: official, a schematic one (示意), or none at all (the park). */
export const BOUNDARY_KINDS = ['official', '示意', 'none'] as const
export type BoundaryKind = (typeof BOUNDARY_KINDS)[number]

/** What a set of boundaries can be as a whole. */
export const BOUNDARY_SET_KINDS = ['official', '示意'] as const satisfies readonly BoundaryKind[]

export interface Town {
  code: string
  name: string
  /** Without 镇 / 街道, as people say it and as labels need it. */
  shortName: string
  /** English spelling (pinyin) for the English screens. */
  nameEn: string
  kind: TownKind
}

/** Names of regions that stand for sets of towns; data of the district, not of the reader. */
export interface TownRegion {
  names: string[]
  towns: string[]
}

export interface District {
  code: string
  name: string
  nameEn: string
  towns: Town[]
  regions: TownRegion[]
}
