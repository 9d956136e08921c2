import type { Crs } from '../../geo/crs/crs.ts'
import type { OldDatum } from '../../geo/crs/prj.ts'
import type { LayerGeometry } from '../../geo/layer/layer.ts'
import type { MapFormat } from '../../geo/import/formats.ts'
import type { Shape } from './shape.ts'

export interface MapFile {
  name: string
  bytes: Uint8Array
}

/** What kind of values a column has, as far as the format says. */
export type ColumnType = 'text' | 'number' | 'whole' | 'yes-no' | 'date'

export interface Column {
  name: string
  type: ColumnType
}

export type Value = string | number | boolean | null

export interface RawFeature {
  shape: Shape | null
  /** In the order of the columns. */
  values: Value[]
  /** Why the shape could not be read, where the rest could. */
  fault?: 'collection' | 'too-long' | 'broken'
}

/** What a person may say about how to read a file; what is left out is guessed. */
export interface ReadOptions {
  /** Of texts: `utf-8`, `gb18030`. */
  encoding?: string | undefined
  /** Which of several tables or shapefiles in one file. */
  part?: string | undefined
  /** Columns of a table that hold the coordinates. */
  x?: string | undefined
  y?: string | undefined
  wkt?: string | undefined
}

/** A file that is open: what is known of it, and its features one after the other. */
export interface Reading {
  columns: Column[]
  features: Iterable<RawFeature>
  /** What the file says of its coordinate system; undefined: nothing that is known here. */
  crs: Crs | undefined
  /** What it calls it. */
  crsName: string | null
  oldDatum: OldDatum | null
  /** Which encoding was taken, where the file has one to choose. */
  encoding: string | null
  /** The tables or shapefiles in the file, where there are several. */
  parts: string[]
  part: string | null
  /** Of tables: the columns that the coordinates were taken from. */
  places?: { x: string | null; y: string | null; wkt: string | null }
}

/** What is to be written. Shapes are in the system of the file already. */
export interface Writing {
  /** Of the file within the file, without an ending. */
  name: string
  geometry: LayerGeometry
  columns: Column[]
  features: { shape: Shape | null; values: Value[] }[]
  crs: Crs
  /** Column that a feature is called by. */
  title: string
}

export interface Written {
  bytes: Uint8Array
  extension: string
  type: string
}

/** A format of map files: one file beside this one, one line in the index. */
export interface Format {
  id: MapFormat
  recognises: (look: Look) => boolean
  read: (file: MapFile, look: Look, options: ReadOptions, folder: string) => Reading | Promise<Reading>
  /** Null: read only. */
  write: ((writing: Writing, folder: string) => Written | Promise<Written>) | null
  /** Always longitude and latitude, whatever is asked for. */
  onlyLonLat?: true
}

/** What the bytes themselves say. */
export interface Look {
  kind: 'zip' | 'sqlite' | 'fgb' | 'ole' | 'text'
  /** Names in an archive. */
  entries: string[]
  /** The beginning of a text, decoded. */
  head: string
}
