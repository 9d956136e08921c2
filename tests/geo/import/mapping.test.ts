import { describe, expect, it } from 'vitest'
import { findingText, IMPORT_STATES, mayDo, WORKING, type ImportState } from '../../../geo/import/import.ts'
import { guessFields, guessKey, propertiesOf, shownValue, valueFor } from '../../../geo/import/mapping.ts'
import { faultsOf } from '../../../geo/layer/check.ts'
import { FARMLAND } from '../../../geo/layer/farmland.ts'
import { LAYERS } from '../../../geo/layer/layers.ts'
import { ROADS } from '../../../geo/layer/roads.ts'

describe('columns for fields', () => {
  it('should be found by name, in either language, cut off by a shapefile, or by the abbreviations of the standards', () => {
    expect(guessFields(FARMLAND, ['地块编号', 'Kind', 'declared area', '备注'])).toEqual({ number: { column: '地块编号' }, kind: { column: 'Kind' }, declaredMu: { column: 'declared area' }, note: { column: '备注' } })
    expect(guessFields(FARMLAND, ['DKBM', 'QLR', 'HTMJM'])).toEqual({ number: { column: 'DKBM' }, owner: { column: 'QLR' }, declaredMu: { column: 'HTMJM' } })
    expect(guessFields(FARMLAND, ['Parcel num'])).toEqual({ number: { column: 'Parcel num' } })
    expect(guessFields(ROADS, ['x', 'y'])).toEqual({})
    expect(guessKey(FARMLAND, ['BSM', '地块编号'])).toBe('BSM')
    expect(guessKey(FARMLAND, ['地块编号'])).toBe('地块编号')
    // A name is no key.
    expect(guessKey(ROADS, ['名称'])).toBeNull()
  })

  it.each(LAYERS.map((layer) => [layer.id, layer] as const))('should understand again what an export of %s writes', (_, layer) => {
    for (const field of Object.values(layer.fields)) {
      const values: Record<string, unknown> = { text: '溇塍 1', number: 12.5, whole: 2023, date: '2023-06-30', 'yes-no': true, ranges: [[0, 350], [900, 1200.5]], choice: Object.keys(field.options ?? {})[0], choices: Object.keys(field.options ?? {}).slice(0, 2) } // prettier-ignore
      expect(valueFor(field, shownValue(field, values[field.type]))).toEqual(values[field.type])
    }
  })
})

describe('values', () => {
  it('should be understood as people write them, and left as they are where they are not', () => {
    const { number, kind, declaredMu } = FARMLAND.fields
    expect([valueFor(number!, 7), valueFor(kind!, ' 粮田 '), valueFor(kind!, 'Grain'), valueFor(kind!, '荒地')]).toEqual(['7', 'grain', 'grain', '荒地'])
    expect([valueFor(declaredMu!, '1,234.5 亩'), valueFor(declaredMu!, '约三亩'), valueFor(declaredMu!, '')]).toEqual([1234.5, '约三亩', undefined])
    expect(valueFor({ zh: '', en: '', type: 'date' }, '2023年6月5日')).toBe('2023-06-05')
    expect(valueFor(ROADS.fields.done!, 'K0+000–K0+350；900-1200')).toEqual([[0, 350], [900, 1200]]) // prettier-ignore
    const properties = propertiesOf(FARMLAND, { number: { column: 'a' }, kind: { value: 'grain' }, declaredMu: { column: 'b' } }, (column) => (column === 'a' ? '一号' : '约三亩'))
    expect(properties).toEqual({ number: '一号', kind: 'grain', declaredMu: '约三亩' })
    expect(faultsOf(FARMLAND, properties).map(({ field, fault }) => `${field} ${fault}`)).toEqual(['/properties/declaredMu not-number'])
  })
})

describe('the states of an import', () => {
  it('should let nothing be done to what the server works on but stop it, and nothing to what is over but undo it', () => {
    const all = Object.keys(IMPORT_STATES) as ImportState[]
    for (const state of WORKING) for (const act of ['set-up', 'check', 'store', 'undo', 'discard'] as const) expect(mayDo(act, state)).toBe(false)
    expect(all.filter((state) => mayDo('store', state))).toEqual(['checked'])
    expect(all.filter((state) => mayDo('undo', state))).toEqual(['stored'])
    expect(all.filter((state) => mayDo('cancel', state))).toEqual(['checking', 'storing'])
  })

  it('should say what was found in both languages', () => {
    expect(findingText({ finding: 'area', params: { declared: 12, measured: 9.8 } }, 'zh')).toBe('申报 12 亩，图上 9.8 亩')
    expect(findingText({ finding: 'field', params: { what: '类型 必填' }, en: { what: 'Kind is needed' } }, 'en')).toBe('a field is wrong: Kind is needed')
  })
})
