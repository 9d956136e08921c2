/** English for the document's units; what is not here stays as the document writes it. 万亩 stays ten thousands of mu: a figure is not recalculated. */
const UNITS_EN: Record<string, string> = {
  亩: 'mu', 万亩: '10⁴ mu', 亩次: 'mu·times', 公里: 'km', 米: 'm', 平方公里: 'km²', 吨: 't', 个: '', 个村: 'villages', 家: '', 户: 'households',
  项: 'items', 次: 'times', 人: 'people', 人次: 'attendances', 名: 'people', 场: 'events', 条: '', 篇: 'texts', '%': '%', '％': '%', 村: 'villages',
} // prettier-ignore

/** A unit in English, e.g. 亩 → `mu`; empty for plain counts. */
export function unitInEnglish(unit: string): string {
  return UNITS_EN[unit] ?? unit
}
