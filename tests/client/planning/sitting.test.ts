import type { LineString, Polygon } from 'geojson'
import { describe, expect, it } from 'vitest'
import type { LayerFeature } from '../../../client/planning/layer-api.ts'
import { begun, changed, chosenOf, drawn, editsOf, holed, itemOf, mergedWith, newItem, present, redone, split, stepped, undone } from '../../../client/planning/sitting.ts'
import { FARMLAND } from '../../../geo/layer/farmland.ts'
import { ROADS } from '../../../geo/layer/roads.ts'
import { lengthOfLine } from '../../../geo/shape/measure.ts'

const box = (west: number, side = 0.01): Polygon => ({ type: 'Polygon', coordinates: [[[west, 31], [west + side, 31], [west + side, 31 + side], [west, 31 + side], [west, 31]]] }) // prettier-ignore
const stored = (id: number, geometry = box(121)) => ({ id, geometry, properties: { number: `N${id}`, kind: 'grain', declaredMu: 3 }, about: { version: 4, unit: null } }) as unknown as LayerFeature

describe('a sitting at the drawing board', () => {
  it('should go back and forth between pictures, and forget what was undone after a new step', () => {
    const start = begun(newItem())
    const one = stepped(start, drawn(start.now, FARMLAND, box(121)))
    expect(chosenOf(one.now)!.geometry).toEqual(box(121))
    const two = stepped(one, drawn(one.now, FARMLAND, box(122)))
    expect(two.now.items).toHaveLength(2)
    expect(undone(undone(two)).now).toEqual(start.now)
    expect(undone(start)).toEqual(start)
    expect(redone(undone(two)).now).toEqual(two.now)
    expect(stepped(undone(two), one.now).future).toEqual([])
    expect(editsOf(two.now)).toMatchObject({ add: [{ geometry: box(121) }, { geometry: box(122) }], change: [], remove: [] })
  })
  it('should ask for nothing where nothing was changed, and by the version that was taken up', () => {
    const { now } = begun(itemOf(stored(7)))
    expect(editsOf(now)).toEqual({ add: [], change: [], remove: [] })
    expect(editsOf(begun(newItem()).now).add).toEqual([])
    const other = changed(now, now.chosen!, { properties: { number: 'N7', kind: 'vegetable' } })
    expect(editsOf(other).change).toEqual([{ id: 7, version: 4, geometry: box(121), properties: { number: 'N7', kind: 'vegetable' }, unit: null }])
    expect(editsOf(changed(now, now.chosen!, { gone: true })).remove).toEqual([{ id: 7, version: 4 }])
  })
  it('should split into one that stays and new ones, and say when the line does not go through', () => {
    const { now } = begun(itemOf(stored(7)))
    const parts = split(now, FARMLAND, [[121.004, 30.9], [121.004, 31.1]]) // prettier-ignore
    if (typeof parts === 'string') throw new Error(parts)
    const { add, change } = editsOf(parts)
    expect(change).toHaveLength(1)
    // What was declared of the whole is not true of a part.
    expect(add).toMatchObject([{ properties: { number: 'N7-2', kind: 'grain' } }])
    expect(split(now, FARMLAND, [[121.004, 31.005], [121.005, 31.1]])).toBe('notThrough') // prettier-ignore
    expect(split(begun(newItem()).now, FARMLAND, [])).toBe('nothingChosen')
  })
  it('should share a road’s ranges out among its pieces, each from its own start', () => {
    const road: LineString = { type: 'LineString', coordinates: [[121, 31], [121.01, 31]] } // prettier-ignore
    const { now } = begun(itemOf({ id: 9, geometry: road, properties: { name: '路', works: 'upgrade', planned: [[0, 950]], done: [[0, 300], [600, 900]] }, about: { version: 1, unit: null } } as unknown as LayerFeature)) // prettier-ignore
    const parts = split(now, ROADS, [[121.005, 30.9], [121.005, 31.1]]) // prettier-ignore
    if (typeof parts === 'string') throw new Error(parts)
    const half = lengthOfLine(road.coordinates) / 2
    const { add, change } = editsOf(parts) as unknown as { add: { properties: Record<string, [number, number][]> }[]; change: { properties: Record<string, [number, number][]> }[] }
    expect(change[0]!.properties.done![0]).toEqual([0, 300])
    expect(change[0]!.properties.planned![0]![1]).toBeCloseTo(half, 0)
    expect(add[0]!.properties.done![0]![0]).toBeCloseTo(600 - half, 0)
    expect(add[0]!.properties.done![0]![1]).toBeCloseTo(900 - half, 0)
  })
  it('should merge others in, which then go, and cut holes', () => {
    const { now } = begun(itemOf(stored(7)))
    const both = mergedWith(now, stored(8, box(121.01)))
    if (typeof both === 'string') throw new Error(both)
    expect(editsOf(both)).toMatchObject({ change: [{ id: 7 }], remove: [{ id: 8, version: 4 }] })
    expect(present(both)).toHaveLength(1)
    expect(mergedWith(both, stored(8, box(121.01)))).toBe(both)
    const ring = holed(now, box(121.002, 0.002))
    expect(ring === 'nothingChosen' || typeof ring === 'string').toBe(false)
    expect(holed(now, box(100))).toBe('notInside')
    expect(holed(now, { type: 'Polygon', coordinates: [[[120, 30], [122, 30], [122, 32], [120, 32], [120, 30]]] })).toBe('nothingLeft') // prettier-ignore
  })
})
