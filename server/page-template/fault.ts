/** Why a file is not taken as a logo. */
import { LOGO_LIMITS } from '../../geo/snapshot/own.ts'

export const LOGO_FAULTS = {
  size: { zh: `文件不能超过 ${LOGO_LIMITS.bytes / 1_000_000} MB`, en: `more than ${LOGO_LIMITS.bytes / 1_000_000} MB` },
  kind: { zh: '只能是 PNG 或 SVG', en: 'neither PNG nor SVG' },
  pixels: { zh: `图片每边须在 8 到 ${LOGO_LIMITS.pixels} 像素之间，长宽不超过 ${LOGO_LIMITS.ratio} 倍`, en: `its sides must be 8 to ${LOGO_LIMITS.pixels} pixels, and one at most ${LOGO_LIMITS.ratio} times the other` },
  broken: { zh: '文件已损坏，或什么都没有画', en: 'it is damaged, or draws nothing' },
  content: { zh: 'SVG 里有不允许的内容（只能有图形，文字请先转为曲线）', en: 'the SVG holds what is not allowed: shapes only, text as outlines' },
} as const satisfies Record<string, { zh: string; en: string }>
export type LogoFault = keyof typeof LOGO_FAULTS

export class LogoError extends Error {
  readonly fault: LogoFault
  constructor(fault: LogoFault) {
    super(fault)
    this.fault = fault
  }
}
