/** The areas in a map file, each with its name and what is wrong with it: from them somebody chooses what is held against the farmland. Runs in the thread. */
import type { MultiPolygon, Polygon } from 'geojson'
import { findingText, type Found } from '../../geo/import/import.ts'
import { FARMLAND } from '../../geo/layer/farmland.ts'
import { crsOf } from '../../geo/crs/crs.ts'
import { toLonLat } from '../../geo/crs/transform.ts'
import type { Column, MapFile, ReadOptions, Value } from '../format/format.ts'
import { openMap } from '../format/open.ts'
import { geometryOf, verticesOf } from '../format/shape.ts'
import { placed } from '../import/stage.ts'
import { storableText } from '../storable.ts'

export interface PlotsInput {
  options: ReadOptions
  crs: string
  swap: boolean
  local: string | null
}

export interface FilePlot {
  /** Its place in the file, from 1 on. */
  no: number
  name: string
  /** Null where there is none that can be used: `faults` says why. */
  geometry: Polygon | MultiPolygon | null
  faults: { 'zh-CN': string; en: string }[]
}

export interface FilePlots {
  plots: FilePlot[]
  /** So many more are in the file than are looked at. */
  more: number
}

/** Nobody chooses from more by hand; and all of them are sent to the screen. */
export const MOST_PLOTS = 200
const MOST_VERTICES = 200_000
const MOST_NAME = 60
const NAMES = [/^(name|名称|项目名称|地块名称)$/i, /名称|name/i, /编号|number|no|id/i]

export async function plotsOf(file: MapFile, { options, crs, swap, local }: PlotsInput, folder: string): Promise<FilePlots> {
  const opened = await openMap(file, options, folder)
  const change = toLonLat(crsOf(crs)!, local)
  const named = nameColumn(opened.columns)
  const plots: FilePlot[] = []
  let [no, vertices] = [0, 0]
  for (const raw of opened.features) {
    no++
    vertices += raw.shape ? verticesOf(raw.shape) : 0
    if (plots.length >= MOST_PLOTS || vertices > MOST_VERTICES) continue
    const found: Found[] = []
    const shape = placed(raw, FARMLAND, swap, change, found)
    const faults = found.map((one) => ({ 'zh-CN': findingText(one, 'zh'), en: findingText(one, 'en') }))
    plots.push({ no, name: nameOf(raw.values[named] ?? null), geometry: shape && (geometryOf(shape) as Polygon | MultiPolygon), faults })
  }
  return { plots, more: no - plots.length }
}

function nameColumn(columns: readonly Column[]): number {
  for (const pattern of NAMES) {
    const at = columns.findIndex(({ name }) => pattern.test(name))
    if (at >= 0) return at
  }
  return columns.findIndex(({ type }) => type === 'text')
}

const nameOf = (value: Value) => (value === null ? '' : storableText(String(value)).replace(/\s+/g, ' ').trim().slice(0, MOST_NAME))
