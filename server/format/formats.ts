import type { MapFormat } from '../../geo/import/formats.ts'
import { dxf } from './dxf.ts'
import { flatgeobuf } from './flatgeobuf.ts'
import type { Format } from './format.ts'
import { geojson } from './geojson.ts'
import { geopackage } from './geopackage.ts'
import { kml } from './kml.ts'
import { shapefile } from './shapefile.ts'
import { csv, excel } from './table.ts'

/** All formats, in the order in which they are asked whether a file is theirs. A new format is one new file and one line here, and one in geo/import/formats. */
export const FORMATS: readonly Format[] = [shapefile, geopackage, flatgeobuf, excel, kml, geojson, dxf, csv]

export function formatOf(id: MapFormat): Format {
  return FORMATS.find((format) => format.id === id)!
}
