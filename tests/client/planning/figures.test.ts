import { describe, expect, it } from 'vitest'
import { featureOfQuery, figureWords, sizeWords, totalOf, valueWords } from '../../../client/planning/figures.ts'
import { layerOf } from '../../../geo/layer/layers.ts'

const figure = (name: string, town: string, features: number) => ({ class: name, town, features, located: features, demo: 0, areaM2: features * 1000, lengthM: 0 })
const FIGURES = [figure('grain', 'a', 3), figure('grain', 'b', 2), figure('vegetable', 'a', 5)]
const fields = (layer: string) => layerOf(layer)!.fields
const words = (layer: string, field: string, value: unknown, lang: 'zh-CN' | 'en' = 'zh-CN') => valueWords(fields(layer)[field]!, value, lang, ['是', '否'])

describe('figures of layers', () => {
  it('should add up by class and town', () => {
    expect(totalOf(FIGURES).features).toBe(10)
    expect(totalOf(FIGURES, { town: 'a' })).toMatchObject({ features: 8, areaM2: 8000 })
    expect(totalOf(FIGURES, { town: 'b', name: 'vegetable' }).features).toBe(0)
  })

  it('should be said in the layer’s own measure', () => {
    const total = { areaM2: 2_000_000, lengthM: 32_560 }
    expect(figureWords({ figure: 'area' }, total, 'zh-CN')).toBe('3,000 亩')
    expect(figureWords({ figure: 'length' }, total, 'zh-CN')).toBe('32.6 公里')
    expect(figureWords({ figure: 'count' }, total, 'zh-CN')).toBeNull()
    expect(sizeWords(1000, null, 'zh-CN')).toBe('1.5 亩')
    expect(sizeWords(null, 1302.4, 'zh-CN')).toBe('1,302 米')
    expect(sizeWords(null, null, 'zh-CN')).toBeNull()
  })

  it('should say every kind of value in words', () => {
    expect(words('farmland', 'kind', 'grain')).toBe('粮田')
    expect(words('farmland', 'kind', 'grain', 'en')).toBe('Grain')
    expect(words('farmland', 'declaredMu', 1234.5)).toBe('1,234.5 亩')
    expect(words('demonstration-villages', 'year', 2023)).toBe('2023')
    expect(words('demonstration-villages', 'checklist', ['design', 'projects'])).toBe('村庄设计完成、建设项目清单形成')
    expect(words('bridges', 'inspectedOn', '2022-03-15')).toBe('2022年3月15日')
    expect(words('sites', 'open', false)).toBe('否')
    expect(words('roads', 'done', [[0, 500], [400, 1200]])).toBe('K0+000–K0+500、K0+400–K1+200 (1,200 米)') // prettier-ignore
    expect(words('roads', 'note', undefined)).toBeNull()
  })

  it('should read a feature from an address, and nothing else', () => {
    expect(featureOfQuery('demonstration-villages/12')).toEqual({ layer: 'demonstration-villages', id: 12 })
    for (const text of ['farmland', 'farmland/x', '../1', undefined, ['farmland/1']]) expect(featureOfQuery(text)).toBeNull()
  })
})
