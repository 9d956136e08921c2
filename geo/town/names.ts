/** Names of units by code, in both languages; of one that the district does not have, the code itself. */
import { QINGPU } from './qingpu.ts'

export function unitNames(code: string): { zh: string; en: string } {
  const unit = code === QINGPU.code ? QINGPU : QINGPU.towns.find((town) => town.code === code)
  return unit ? { zh: unit.name, en: unit.nameEn } : { zh: code, en: code }
}
