import { crsOf } from '../../geo/crs/crs.ts'
import type { Box, CrsGuess } from '../../geo/crs/candidate.ts'
import { guessCrs } from '../../geo/crs/guess.ts'
import { toLonLat } from '../../geo/crs/transform.ts'
import type { OldDatum } from '../../geo/crs/prj.ts'
import type { MapFormat } from '../../geo/import/formats.ts'
import type { LayerGeometry } from '../../geo/layer/layer.ts'
import { damaged, DoorError } from '../task-list/doors/error.ts'
import { Budget } from './budget.ts'
import { FORMATS } from './formats.ts'
import type { Column, MapFile, RawFeature, Reading, ReadOptions, Value } from './format.ts'
import { look } from './look.ts'
import { eachList, geometryOf, verticesOf } from './shape.ts'

/** A file that is open, counted while it is read. */
export interface Opened extends Reading {
  format: MapFormat
}

/** Opens a file by what it holds. @throws DoorError */
export async function openMap(file: MapFile, options: ReadOptions, folder: string): Promise<Opened> {
  const seen = look(file)
  const format = FORMATS.find((one) => one.recognises(seen))
  if (!format) throw new DoorError('format-unknown', { found: seen.kind === 'text' ? null : seen.kind })
  const reading = await format.read(file, seen, options, folder)
  return { ...reading, format: format.id, features: counted(reading.features, format.id) }
}

function* counted(features: Iterable<RawFeature>, format: string): Iterable<RawFeature> {
  const budget = new Budget()
  try {
    for (const feature of features) {
      budget.take(feature)
      yield feature
    }
  } catch (error) {
    throw damaged(format, error)
  }
}

/** What is shown of a file before anything is decided. */
export interface Preview {
  format: MapFormat
  features: number
  withoutShape: number
  geometries: Partial<Record<LayerGeometry, number>>
  faults: Partial<Record<NonNullable<RawFeature['fault']> | 'not-finite', number>>
  columns: (Column & { samples: string[] })[]
  encoding: string | null
  crsName: string | null
  oldDatum: OldDatum | null
  parts: string[]
  part: string | null
  places: { x: string | null; y: string | null; wkt: string | null } | null
  guesses: CrsGuess[]
}

const SAMPLES = 5
/** Pairs of coordinates that guesses are made from. */
const MOST_PLACES = 400

export interface PreviewInput {
  ground: Box
  local: string | null
}

export async function previewOf(file: MapFile, options: ReadOptions, { ground, local }: PreviewInput, folder: string): Promise<Preview> {
  const opened = await openMap(file, options, folder)
  const geometries: Preview['geometries'] = {}
  const faults: Preview['faults'] = {}
  const samples = opened.columns.map(() => new Set<string>())
  let [features, withoutShape, places, stride] = [0, 0, [] as number[], 1]
  for (const { shape, values, fault } of opened.features) {
    features++
    if (fault) faults[fault] = (faults[fault] ?? 0) + 1
    if (values) for (let c = 0; c < samples.length; c++) if (samples[c]!.size < SAMPLES && values[c] !== null && values[c] !== undefined) samples[c]!.add(shown(values[c]!))
    if (!shape) {
      withoutShape++
      continue
    }
    geometries[shape.kind] = (geometries[shape.kind] ?? 0) + 1
    let finite = true
    eachList(shape, (xy) => (finite &&= xy.every(Number.isFinite)))
    if (!finite || verticesOf(shape) === 0) {
      faults['not-finite'] = (faults['not-finite'] ?? 0) + 1
      continue
    }
    if (features % stride === 0) places.push(shape.parts[0]![0]![0]!, shape.parts[0]![0]![1]!)
    if (places.length >= MOST_PLACES * 2) {
      // Every other one stays, so that the sample is spread over the whole file.
      places = places.filter((_, i) => Math.floor(i / 2) % 2 === 0)
      stride *= 2
    }
  }
  if (features === 0) throw new DoorError('file-empty')
  return {
    format: opened.format,
    features,
    withoutShape,
    geometries,
    faults,
    columns: opened.columns.map((column, c) => ({ ...column, samples: [...samples[c]!] })),
    encoding: opened.encoding,
    crsName: opened.crsName?.slice(0, 200) ?? null,
    oldDatum: opened.oldDatum,
    parts: opened.parts.slice(0, 50),
    part: opened.part,
    places: opened.places ?? null,
    guesses: guessCrs({ sample: Float64Array.from(places), named: opened.crs, oldDatum: opened.oldDatum, ground, local }),
  }
}

const shown = (value: NonNullable<Value>) => String(value).slice(0, 60)

/** Everything in a file as GeoJSON in longitude and latitude, for those who want no layer: only where the file, or its zone numbers, say where it lies. */
export async function geojsonOf(file: MapFile, input: PreviewInput, folder: string): Promise<{ type: 'FeatureCollection'; features: object[] }> {
  const best = (await previewOf(file, {}, input, folder)).guesses.find(({ swap }) => !swap)
  const isSure = best && best.confidence >= 0.4 && (best.why === 'file' || best.why === 'number' || crsOf(best.crs)!.kind === 'geographic')
  if (!best || !isSure) throw new DoorError('file-damaged', { format: 'map', detail: 'it does not say in which coordinate system it is' })
  const change = toLonLat(crsOf(best.crs)!, input.local)
  const opened = await openMap(file, {}, folder)
  const features: object[] = []
  for (const { shape, values } of opened.features) {
    if (shape) eachList(shape, change)
    features.push({ type: 'Feature', properties: Object.fromEntries(opened.columns.map(({ name }, i) => [name, values[i] ?? null])), geometry: shape && geometryOf(shape) })
  }
  return { type: 'FeatureCollection', features }
}
