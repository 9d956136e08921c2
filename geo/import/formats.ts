/** The formats of map files, as screens name them; server/format reads and writes them. */
export const MAP_FORMATS = {
  shapefile: { zh: 'Shapefile（zip）', en: 'Shapefile (zip)', extensions: ['.zip'], writes: true },
  geopackage: { zh: 'GeoPackage', en: 'GeoPackage', extensions: ['.gpkg'], writes: true },
  geojson: { zh: 'GeoJSON', en: 'GeoJSON', extensions: ['.geojson', '.json'], writes: true },
  kml: { zh: 'KML / KMZ', en: 'KML / KMZ', extensions: ['.kml', '.kmz'], writes: true },
  dxf: { zh: 'DXF', en: 'DXF', extensions: ['.dxf'], writes: true },
  flatgeobuf: { zh: 'FlatGeobuf', en: 'FlatGeobuf', extensions: ['.fgb'], writes: true },
  excel: { zh: 'Excel', en: 'Excel', extensions: ['.xlsx', '.xls'], writes: true },
  csv: { zh: 'CSV', en: 'CSV', extensions: ['.csv', '.txt'], writes: false },
} as const satisfies Record<string, { zh: string; en: string; extensions: readonly string[]; writes: boolean }>
export type MapFormat = keyof typeof MAP_FORMATS
