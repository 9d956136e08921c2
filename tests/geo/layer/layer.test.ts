import { describe, expect, it } from 'vitest'
import { faultOfShape, faultsOf, faultWords, MOST_VERTICES, tidied } from '../../../geo/layer/check.ts'
import { classOf, hasReached, servicesOf, type Layer } from '../../../geo/layer/layer.ts'
import { layerOf, LAYERS } from '../../../geo/layer/layers.ts'
import { ACTIONS } from '../../../geo/right/right.ts'

const [farmland, roads, sites, bridges] = ['farmland', 'roads', 'sites', 'bridges'].map((id) => layerOf(id)!) as [Layer, Layer, Layer, Layer]
const SQUARE = [[121, 31], [121.001, 31], [121.001, 31.001], [121, 31.001], [121, 31]] // prettier-ignore

describe('the declarations of layers', () => {
  it('should each have a name of its own that fits a path, and words in both languages', () => {
    expect(new Set(LAYERS.map(({ id }) => id)).size).toBe(LAYERS.length)
    for (const layer of LAYERS) {
      expect(layer.id).toMatch(/^[a-z][a-z-]*$/)
      const texts = [layer, ...Object.values(layer.fields), ...Object.values(layer.fields).flatMap(({ options }) => Object.values(options ?? {}))]
      for (const { zh, en } of texts) expect(zh && en, `${layer.id} ${zh}`).toBeTruthy()
    }
  })

  it.each(LAYERS.map((layer) => [layer.id, layer] as const))('should hold together: %s', (_, layer) => {
    const { legend, fields, title, serves, edits, sees } = layer
    expect(fields[title]).toMatchObject({ type: 'text', required: true })
    expect(fields[legend.field]).toMatchObject({ type: 'choice', required: true })
    expect(Object.keys(legend.classes).sort(), 'a class for each option').toEqual(Object.keys(fields[legend.field]!.options!).sort())
    for (const field of Object.values(fields)) expect('options' in field).toBe(field.type === 'choice' || field.type === 'choices')
    for (const { where, ranges, reached } of serves) {
      for (const value of reached?.among ?? []) expect(fields[reached!.field]?.options, value).toHaveProperty([value])
      for (const [name, value] of Object.entries(where)) {
        if (typeof value === 'string') expect(fields[name]?.options, `${name} ${value}`).toHaveProperty(value)
        else expect(fields[name]?.type).toBe('whole')
      }
      if (ranges) expect(fields[ranges]?.type).toBe('ranges')
    }
    expect(ACTIONS).toHaveProperty([edits])
    if (sees !== 'reader') expect(ACTIONS).toHaveProperty([sees])
  })

  it('should know a feature’s class and the measures that it is drawn for', () => {
    expect(classOf(farmland, { kind: 'grain' })).toBe('grain')
    expect(classOf(farmland, { kind: 'moor' })).toBeUndefined()
    expect(servicesOf(farmland, { kind: 'grain' }).map(({ measure }) => measure)).toEqual(['14.1'])
    expect(servicesOf(sites, { kind: 'other' })).toEqual([])
  })

  it('should count what has come so far', () => {
    const houses = sites.serves.find(({ measure }) => measure === '41.1')!
    expect([{ stage: 'done' }, { stage: 'building' }, {}].map((one) => hasReached(houses, one))).toEqual([true, false, false])
    expect(hasReached(sites.serves.find(({ measure }) => measure === '50.1')!, {})).toBe(true)
  })
})

describe('checking a feature', () => {
  const faults = (layer: Layer, properties: object) => faultsOf(layer, { ...properties } as never).map(({ field, fault }) => `${field} ${fault}`)

  it('should find nothing wrong with what is right', () => {
    expect(faults(farmland, { number: '白鹤-001', kind: 'grain', declaredMu: 12.5 })).toEqual([])
    expect(faults(roads, { name: '路', works: 'upgrade', planned: [[0, 500]], done: [] })).toEqual([])
    expect(faults(bridges, { name: '桥', grade: '2', cycle: 36, inspectedOn: '2024-02-29' })).toEqual([])
    expect(faults(sites, { name: '点', kind: 'clinic', open: false, note: null })).toEqual([])
  })

  it.each([
    [farmland, { kind: 'grain' }, '/properties/number missing'],
    [farmland, { number: ' ', kind: 'grain' }, '/properties/number missing'],
    [farmland, { number: 'x', kind: 'toString' }, '/properties/kind not-option'],
    [farmland, { number: 'x', kind: 'grain', declaredMu: -1 }, '/properties/declaredMu out-of-range'],
    [farmland, { number: 'x', kind: 'grain', declaredMu: '12' }, '/properties/declaredMu not-number'],
    [farmland, { number: 'x', kind: 'grain', declaredMu: NaN }, '/properties/declaredMu not-number'],
    [farmland, { number: 'x', kind: 'grain', 'a/b': 1 }, '/properties/a~1b unknown'],
    [farmland, { number: 'x'.repeat(501), kind: 'grain' }, '/properties/number not-text'],
    [roads, { name: 'x', works: 'none', done: [[5, 5]] }, '/properties/done not-ranges'],
    [roads, { name: 'x', works: 'none', done: [[0, Infinity]] }, '/properties/done not-ranges'],
    [bridges, { name: 'x', grade: '1', cycle: 1.5 }, '/properties/cycle not-whole'],
    [bridges, { name: 'x', grade: '1', cycle: 37 }, '/properties/cycle out-of-range'],
    [bridges, { name: 'x', grade: '1', cycle: 36, inspectedOn: '2023-02-29' }, '/properties/inspectedOn not-date'],
    [sites, { name: 'x', kind: 'clinic', open: 'yes' }, '/properties/open not-yes-no'],
  ])('should name the field at fault: %#', (layer, properties, expected) => {
    expect(faults(layer, properties)).toEqual([expected])
  })

  it('should say limits in words', () => {
    expect(faultWords(faultsOf(bridges, { name: 'x', grade: '1', cycle: 99 })[0]!, 'zh')).toBe('应在 1 与 36 之间')
  })

  it('should store no empty values', () => {
    expect(tidied(roads, { name: ' 路 ', works: 'none', note: '  ', done: [], chief: null })).toEqual({ name: '路', works: 'none' })
  })

  it.each([
    [farmland, { type: 'Polygon', coordinates: [SQUARE] }, null],
    [farmland, { type: 'MultiPolygon', coordinates: [[SQUARE]] }, null],
    [farmland, { type: 'Point', coordinates: [121, 31] }, 'shape-type'],
    [farmland, { type: 'GeometryCollection', geometries: [] }, 'shape-type'],
    [farmland, { type: 'Polygon', coordinates: [SQUARE.slice(1)] }, 'shape-ring'],
    [farmland, { type: 'Polygon', coordinates: [] }, 'shape-coordinates'],
    [farmland, { type: 'Polygon', coordinates: [[[121, NaN], ...SQUARE]] }, 'shape-coordinates'],
    [farmland, { type: 'Polygon', coordinates: SQUARE }, 'shape-coordinates'],
    [farmland, { type: 'Polygon', coordinates: [[[590684, 3440000], ...SQUARE]] }, 'shape-coordinates'],
    [farmland, { type: 'Polygon' }, 'shape-coordinates'],
    [farmland, { type: 'Polygon', coordinates: [[...Array.from({ length: MOST_VERTICES }, () => [121, 31]), [121, 31]]] }, 'shape-too-long'],
    [roads, { type: 'LineString', coordinates: SQUARE.slice(0, 2) }, null],
    [roads, { type: 'LineString', coordinates: [SQUARE[0], SQUARE[0]] }, 'shape-ring'],
    [sites, { type: 'Point', coordinates: [121, 31] }, null],
    [sites, { type: 'Point', coordinates: ['121', 31] }, 'shape-coordinates'],
    [sites, { type: 'Point', coordinates: [] }, 'shape-coordinates'],
    [sites, { type: 'MultiPoint', coordinates: [] }, 'shape-coordinates'],
    [sites, null, 'shape-type'],
  ])('should tell a sound shape from one that the database must not see: %#', (layer, shape, fault) => {
    expect(faultOfShape(layer, shape as never)?.fault ?? null).toBe(fault)
  })
})
