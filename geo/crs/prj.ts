/** What a .prj file (or the WKT in another format) says: as much of it as tells the systems of this house apart. Pure text work. */
import { CGCS2000, CRS_LIST, crsOfEpsg, WEB_MERCATOR, WGS84, type Crs } from './crs.ts'
import { FALSE_EASTING } from './gauss.ts'

/** Older Chinese systems lie tens of metres aside and need parameters that are not public. */
export const OLD_DATUMS = { beijing54: { zh: '北京 54', en: 'Beijing 1954' }, xian80: { zh: '西安 80', en: 'Xian 1980' } } as const
export type OldDatum = keyof typeof OLD_DATUMS

export interface PrjReading {
  /** Undefined: none of the systems known here. */
  crs: Crs | undefined
  /** The system's own name for itself. */
  name: string
  oldDatum: OldDatum | null
}

/** @returns null where the text is no WKT */
export function readPrj(text: string): PrjReading | null {
  const name = /^\s*(?:PROJCS|PROJCRS|GEOGCS|GEOGCRS|GEODCRS|BOUNDCRS)\s*\[\s*"([^"]{0,200})"/i.exec(text)?.[1]
  if (name === undefined) return null
  const datum = /\b(?:DATUM|GEOGCS|GEOGCRS|BASEGEOGCRS)\s*\[\s*"([^"]{0,200})"/gi
  const datums = [...text.slice(0, 5000).matchAll(datum)].map(([, one]) => one!).join(' ')
  const oldDatum = /beijing|BJ_?54|krass/i.test(datums) ? 'beijing54' : /xi.?an/i.test(datums) ? 'xian80' : null
  return { crs: oldDatum ? undefined : crsIn(text, datums), name, oldDatum }
}

function crsIn(text: string, datums: string): Crs | undefined {
  // The last AUTHORITY of WKT 1, the last ID of WKT 2, is that of the whole.
  const epsg = /(?:AUTHORITY|ID)\s*\[\s*"EPSG"\s*,\s*"?(\d{4,6})"?\s*\]\s*\]\s*$/i.exec(text.trimEnd())?.[1]
  const numbered = epsg ? crsOfEpsg(Number(epsg)) : undefined
  if (numbered) return numbered
  if (!/^\s*PROJ/i.test(text)) return /2000/.test(datums) ? CGCS2000 : /WGS/i.test(datums) ? WGS84 : undefined
  if (/Mercator_?Auxiliary|Popular Visualisation|Pseudo-?Mercator|Web_?Mercator/i.test(text)) return WEB_MERCATOR
  if (!/Transverse_?\s?Mercator|Gauss/i.test(text)) return undefined
  const parameter = (...names: string[]) => {
    const found = names.map((one) => new RegExp(`PARAMETER\\s*\\[\\s*"${one}"\\s*,\\s*([-+\\d.eE]+)`, 'i').exec(text)?.[1]).find(Boolean)
    return found === undefined ? null : Number(found)
  }
  const meridian = parameter('central_meridian', 'Longitude of natural origin')
  const easting = parameter('false_easting', 'False easting')
  const [north, scale, origin] = [parameter('false_northing', 'False northing') ?? 0, parameter('scale_factor', 'Scale factor at natural origin') ?? 1, parameter('latitude_of_origin', 'Latitude of natural origin') ?? 0]
  if (meridian === null || easting === null || north !== 0 || scale !== 1 || origin !== 0) return undefined
  const isSame = (crs: Crs) => crs.meridian === meridian && (crs.zone ?? 0) * 1_000_000 + FALSE_EASTING === easting
  const six = /6_?\s?-?degree|6度/i.test(text)
  return CRS_LIST.find((crs) => crs.kind === (six ? 'zone6' : 'zone3') && isSame(crs)) ?? CRS_LIST.find((crs) => crs.kind.startsWith('zone') && isSame(crs))
}

const CGCS2000_GEOGCS =
  'GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
const WGS84_GEOGCS = 'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'

/** The text of a .prj file, as ESRI's software writes it; every other reads it too. */
export function prjOf(crs: Crs): string {
  if (crs.kind === 'mercator') {
    return `PROJCS["WGS_1984_Web_Mercator_Auxiliary_Sphere",${WGS84_GEOGCS},PROJECTION["Mercator_Auxiliary_Sphere"],PARAMETER["False_Easting",0.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",0.0],PARAMETER["Standard_Parallel_1",0.0],PARAMETER["Auxiliary_Sphere_Type",0.0],UNIT["Meter",1.0]]`
  }
  if (crs.meridian === undefined) return crs.epsg === 4326 ? WGS84_GEOGCS : CGCS2000_GEOGCS
  const [degrees, number] = crs.kind === 'zone3' ? ['3_Degree_', 'Zone_'] : ['', 'Zone_']
  const name = `CGCS2000_${degrees}GK_${crs.zone ? `${number}${crs.zone}` : `CM_${crs.meridian}E`}`
  return `PROJCS["${name}",${CGCS2000_GEOGCS},PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",${(crs.zone ?? 0) * 1_000_000 + FALSE_EASTING}.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",${crs.meridian}.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]`
}
