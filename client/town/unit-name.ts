/** Names of units in the language of the screen. */
import type { Town } from '../../geo/town/town.ts'
import type { Lang } from '../view/view.ts'

/** 朱家角镇, Zhujiajiao. */
export function unitName(unit: Pick<Town, 'name' | 'nameEn'>, lang: Lang): string {
  return lang === 'en' ? unit.nameEn : unit.name
}

/** Where there is little room: 朱家角, Zhujiajiao. */
export function unitLabel(unit: Pick<Town, 'shortName' | 'nameEn'>, lang: Lang): string {
  return lang === 'en' ? unit.nameEn.replace(/ District$/, '').replace(/^Agricultural /, '') : unit.shortName
}
