/**
 * The coordinate systems that files come in and go out in. CGCS2000 and WGS84 are one and the same here: they differ by less than a millimetre in
 * shape, and by the centimetres that a continent drifts in a year, which no parcel file says.
 */
export const CRS_KINDS = {
  geographic: { zh: '经纬度', en: 'longitude and latitude' },
  zone3: { zh: '三度带', en: '3° zone' },
  zone6: { zh: '六度带', en: '6° zone' },
  mercator: { zh: 'Web 墨卡托', en: 'Web Mercator' },
  gcj02: { zh: '火星坐标', en: 'GCJ-02' },
  local: { zh: '地方坐标系', en: 'local system' },
} as const satisfies Record<string, { zh: string; en: string }>
export type CrsKind = keyof typeof CRS_KINDS

export interface Crs {
  /** `EPSG:4549`; `GCJ-02` and `local` have no number. */
  id: string
  kind: CrsKind
  zh: string
  en: string
  epsg: number | null
  /** Of zones: the central meridian in degrees. */
  meridian?: number
  /** Of zones whose number stands before the easting: 40 in 40 590 684. */
  zone?: number
}

const geographic = (epsg: number, name: string): Crs => ({ id: `EPSG:${epsg}`, kind: 'geographic', epsg, zh: `${name} 经纬度`, en: `${name} longitude, latitude` })

/** Zones with the number before the easting, and then those without, as EPSG numbers them from `first` on. */
function zones(kind: 'zone3' | 'zone6', numbers: { from: number; to: number }, first: number, meridianOf: (zone: number) => number): Crs[] {
  const count = numbers.to - numbers.from + 1
  const words = CRS_KINDS[kind]
  const list = (prefixed: boolean) =>
    Array.from({ length: count }, (_, i): Crs => {
      const zone = numbers.from + i
      const meridian = meridianOf(zone)
      const epsg = first + i + (prefixed ? 0 : count)
      return {
        id: `EPSG:${epsg}`,
        kind,
        epsg,
        meridian,
        ...(prefixed ? { zone } : {}),
        zh: `CGCS2000 ${words.zh} 中央经线 ${meridian}°${prefixed ? `（带号 ${zone}）` : '（无带号）'}`,
        en: `CGCS2000 ${words.en}, meridian ${meridian}° ${prefixed ? `(zone number ${zone})` : '(without zone number)'}`,
      }
    })
  return [...list(false), ...list(true)]
}

export const WGS84 = geographic(4326, 'WGS84')
export const CGCS2000 = geographic(4490, 'CGCS2000')
export const WEB_MERCATOR: Crs = { id: 'EPSG:3857', kind: 'mercator', epsg: 3857, zh: 'Web 墨卡托', en: 'Web Mercator' }
export const GCJ02: Crs = { id: 'GCJ-02', kind: 'gcj02', epsg: null, zh: '火星坐标 GCJ-02（高德、腾讯等）', en: 'GCJ-02 (as on maps of the Chinese internet)' }
export const LOCAL: Crs = { id: 'local', kind: 'local', epsg: null, zh: '地方坐标系', en: 'Local system' }

/** All of them; zones by their meridian, those without a zone number first. */
export const CRS_LIST: readonly Crs[] = [
  CGCS2000,
  WGS84,
  ...zones('zone3', { from: 25, to: 45 }, 4513, (zone) => zone * 3),
  ...zones('zone6', { from: 13, to: 23 }, 4491, (zone) => zone * 6 - 3),
  WEB_MERCATOR,
  GCJ02,
  LOCAL,
]

const BY_ID = new Map(CRS_LIST.map((crs) => [crs.id, crs]))

/** The system of that name; undefined: none that is known here. */
export function crsOf(id: string): Crs | undefined {
  return BY_ID.get(id)
}

export function crsOfEpsg(epsg: number): Crs | undefined {
  // 900913 is what Web Mercator was called before it had a number.
  return crsOf(`EPSG:${epsg === 900913 || epsg === 102100 ? 3857 : epsg}`)
}

/** Those that files are written in: what is no official system, or is shifted on purpose, is read but never spread. */
export const CRS_OUT: readonly Crs[] = CRS_LIST.filter(({ kind }) => kind !== 'gcj02' && kind !== 'local')
