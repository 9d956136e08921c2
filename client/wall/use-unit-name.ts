import { useI18n } from 'vue-i18n'
import type { Town } from '../../geo/town/town.ts'
import { useView } from '../view/use-view.ts'

/** What a unit is called on the wall; the district's own tasks are not the district's sum. */
export function useUnitName(): (unit: Pick<Town, 'kind' | 'shortName' | 'nameEn'>) => string {
  const { t } = useI18n()
  const { view } = useView()
  return ({ kind, shortName, nameEn }) => (kind === 'district' ? t('wall.own') : view.value.lang === 'en' ? nameEn : shortName)
}
