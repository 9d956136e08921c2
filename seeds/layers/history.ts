/**
 * How the demonstration's features came to be what they are: a year in which roads are built piece by piece, projects begin and end, fields are levelled.
 * Drawn up like the features themselves: from their own figures, the same every time, ending in what they are.
 */
import type { Geometry, Polygon } from 'geojson'
import { monthEnd } from '../../geo/month/month.ts'
import type { FeatureProperties } from '../../geo/layer/layer.ts'
import { chanceOf } from '../demo/chance.ts'
import type { DemoFeature, DemoLayers } from './demo.ts'
import { isOpen } from './side.ts'

export type DemoLayer = keyof DemoLayers

/** What happens to features of a layer on a day; who is not named stays as it is. */
export interface Moment {
  day: string
  layer: DemoLayer
  add: DemoFeature[]
  change: DemoFeature[]
  remove: DemoFeature[]
}

/** A feature from day to day: null where it is gone; its shape where that was another one. The first day is when it came. */
type Life = [day: string, as: FeatureProperties | null, shape?: Geometry][]

/** The moments of a year, in their order; on its first day stands what was there before it began. */
export function demoHistory(layers: DemoLayers, year: number): Moment[] {
  const moments = new Map<string, Moment>()
  const surveyed = new Set(surveyedAnew(layers.farmland))
  for (const [layer, features] of Object.entries(layers) as [DemoLayer, DemoFeature[]][])
    for (const feature of features)
      lifeOf(layer, feature, year, surveyed).forEach(([day, properties, geometry = feature.geometry], i) => {
        const key = `${day} ${layer}`
        const moment = moments.get(key) ?? { day, layer, add: [], change: [], remove: [] }
        moments.set(key, moment)
        if (properties === null) moment.remove.push(feature)
        else moment[i === 0 ? 'add' : 'change'].push({ ...feature, properties, geometry })
      })
  return [...moments.values()].sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0))
}

function lifeOf(layer: DemoLayer, feature: DemoFeature, year: number, surveyed: ReadonlySet<DemoFeature>): Life {
  const start = `${year}-01-01`
  const { properties, closesOn } = feature
  const life = layer === 'roads' ? roadLife(feature, year) : layer === 'sites' ? siteLife(properties, start) : layer === 'farmland' ? fieldLife(feature, year, surveyed) : null
  const days: Life = life ?? [[start, properties]]
  return closesOn ? [...days.filter(([day]) => day < closesOn), [closesOn, null]] : days
}

/** From March on a piece every month, the last one in November. */
function roadLife({ key, properties }: DemoFeature, year: number): Life {
  const done = properties.done as [number, number][] | undefined
  const end = done?.at(-1)?.[1]
  if (!done || !end) return [[`${year}-01-01`, properties]]
  const { done: _, ...before } = properties
  const chance = chanceOf(`${key}/life`)
  const first = chance.whole(3, 6)
  const life: Life = [[`${year}-01-01`, before]]
  let reached = 0
  for (let month = first; month < 11; month++) {
    const upTo = Math.round((end * ((month - first + 1) / (12 - first) + chance.between(-0.05, 0.05))) / 10) * 10
    if (upTo <= reached || upTo >= end) continue
    reached = upTo
    life.push([monthEnd(`${year}-${String(month).padStart(2, '0')}`), { ...properties, done: done.flatMap(([from, to]) => (from < upTo ? [[from, Math.min(to, upTo)]] : [])) }])
  }
  return [...life, [monthEnd(`${year}-11`), properties]]
}

/** Drawn when it begins, if it has begun, and ended on the day that it names itself; what is planned is there from the beginning. */
function siteLife(properties: FeatureProperties, start: string): Life {
  const { startedOn, finishedOn, ...before } = properties
  if (typeof startedOn !== 'string') return [[start, properties]]
  if (typeof finishedOn !== 'string') return [[startedOn, properties]]
  return [[startedOn, { ...before, startedOn, stage: 'building', open: false }], [finishedOn, properties]] // prettier-ignore
}

/** In these towns a survey in the year draws one parcel of permanent basic farmland larger than it was. */
const SURVEYED = ['310118103', '310118104', '310118105']
const SURVEYED_ON = '07-18'
/** Of its final width and height, before. */
const BEFORE_SURVEY = 0.8

/** Each such town's first parcel that nothing protected lies east of, so that its rim moved over land that was free. */
export function surveyedAnew(farmland: readonly DemoFeature[]): DemoFeature[] {
  const protectedAreas = farmland.filter(({ properties }) => properties.kind === 'permanent')
  return SURVEYED.flatMap((town) => protectedAreas.find((one) => one.key.split('/')[1] === town && isOpen(one, protectedAreas)) ?? [])
}

function smaller({ coordinates }: Polygon): Polygon {
  const ring = coordinates[0]!.slice(0, -1)
  const [x, y] = [0, 1].map((i) => ring.reduce((sum, corner) => sum + corner[i]!, 0) / ring.length) as [number, number]
  const shrunk = ring.map(([lon, lat]) => [x + (lon! - x) * BEFORE_SURVEY, y + (lat! - y) * BEFORE_SURVEY].map((degrees) => Math.round(degrees * 1e7) / 1e7))
  return { type: 'Polygon', coordinates: [[...shrunk, shrunk[0]!]] }
}

/** High-standard farmland is built from spring to autumn; all other fields are there from the beginning, and few are surveyed anew. */
function fieldLife(feature: DemoFeature, year: number, surveyed: ReadonlySet<DemoFeature>): Life {
  const { key, properties, geometry } = feature
  if (surveyed.has(feature)) return [[`${year}-01-01`, properties, smaller(geometry as Polygon)], [`${year}-${SURVEYED_ON}`, properties]] // prettier-ignore
  if (properties.kind !== 'high-standard') return [[`${year}-01-01`, properties]]
  return [[`${year}-${String(chanceOf(`${key}/life`).whole(4, 10)).padStart(2, '0')}-25`, properties]]
}
