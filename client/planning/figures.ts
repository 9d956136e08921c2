/** What the planning screen says of layers and features, as text. Pure. */
import { M2_PER_MU } from '../../geo/unit/unit.ts'
import type { Field, Layer } from '../../geo/layer/layer.ts'
import { metresOf, rangeWords } from '../../geo/road/chainage.ts'
import { formatDate, formatValue } from '../number/format.ts'
import type { Lang } from '../view/view.ts'
import type { LayerFigure } from './layer-api.ts'

export interface Total {
  features: number
  located: number
  demo: number
  areaM2: number
  lengthM: number
}

/** How much there is together, in a town or everywhere, of a class or of all. */
export function totalOf(figures: readonly LayerFigure[], { town = null, name }: { town?: string | null; name?: string } = {}): Total {
  const total: Total = { features: 0, located: 0, demo: 0, areaM2: 0, lengthM: 0 }
  for (const one of figures) {
    if ((town && one.town !== town) || (name !== undefined && one.class !== name)) continue
    for (const key of Object.keys(total) as (keyof Total)[]) total[key] += one[key]
  }
  return total
}

/** The figure of a layer: 12,345 亩, 32.6 公里; null for layers that are only counted. */
export function figureWords({ figure }: Pick<Layer, 'figure'>, { areaM2, lengthM }: Pick<Total, 'areaM2' | 'lengthM'>, lang: Lang): string | null {
  if (figure === 'area') return formatValue(Math.round(areaM2 / M2_PER_MU), '亩', lang)
  if (figure === 'length') return formatValue(Math.round(lengthM / 100) / 10, '公里', lang)
  return null
}

/** One feature's own size: 198.42 亩, 1,302 米. */
export function sizeWords(areaM2: number | null, lengthM: number | null, lang: Lang): string | null {
  if (areaM2 !== null) return formatValue(Math.round((areaM2 / M2_PER_MU) * 100) / 100, '亩', lang)
  return lengthM === null ? null : formatValue(Math.round(lengthM), '米', lang)
}

/** A field's value in words; null where it has none. */
export function valueWords(field: Field, value: unknown, lang: Lang, yesNo: readonly [yes: string, no: string]): string | null {
  if (value === undefined || value === null || value === '') return null
  const option = (key: unknown) => field.options?.[String(key)]?.[lang === 'en' ? 'en' : 'zh'] ?? String(key)
  switch (field.type) {
    case 'choice':
      return option(value)
    case 'choices':
      return (value as unknown[]).map(option).join(lang === 'en' ? ', ' : '、')
    case 'date':
      return formatDate(String(value), lang)
    case 'yes-no':
      return yesNo[value === true ? 0 : 1]
    case 'whole':
      // Years stand alone: 2023, not 2,023.
      return field.unit ? formatValue(Number(value), field.unit, lang) : String(value)
    case 'number':
      return formatValue(Number(value), field.unit ?? '', lang)
    case 'ranges': {
      const ranges = value as [number, number][]
      return `${ranges.map(rangeWords).join(lang === 'en' ? ', ' : '、')} (${formatValue(metresOf(ranges), '米', lang)})`
    }
    case 'text':
      return String(value)
  }
}

/** Ranges as one writes them: K0+000–K0+350, K0+900–K1+200. */
export function rangesWords(ranges: unknown): string {
  return Array.isArray(ranges) ? (ranges as [number, number][]).map(rangeWords).join(', ') : String(ranges)
}

/** `farmland/12` as layer and number; null where it makes no sense. */
export function featureOfQuery(text: unknown): { layer: string; id: number } | null {
  const [, layer, id] = /^([a-z-]{1,40})\/(\d{1,15})$/.exec(typeof text === 'string' ? text : '') ?? []
  return layer ? { layer, id: Number(id) } : null
}
