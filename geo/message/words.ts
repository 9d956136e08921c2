/** What people are told, in words of both languages, made from kind and params: for the screens, mails and robots alike. */
import { MESSAGE_KINDS, type MessageKind, type MessageParams } from './message.ts'

export type MessageLanguage = 'zh-CN' | 'en'

const text = (params: MessageParams, name: string) => String(params[name] ?? '')
const monthZh = (month: string) => `${Number(month.slice(0, 4))} 年 ${Number(month.slice(5, 7))} 月`

const ZH: Record<MessageKind, (p: MessageParams) => string> = {
  'report-due': (p) => `${text(p, 'unit')} ${monthZh(text(p, 'month'))}还有 ${text(p, 'missing')} 项未报送，截止 ${text(p, 'dueOn')}。`,
  'report-overdue': (p) => `${text(p, 'unit')} ${monthZh(text(p, 'month'))}有 ${text(p, 'missing')} 项逾期未报（截止 ${text(p, 'dueOn')}，已逾期 ${text(p, 'days')} 个工作日）。`,
  'report-returned': (p) => `${text(p, 'unit')} ${monthZh(text(p, 'month'))}“${text(p, 'name')}”被退回：${text(p, 'reason')}`,
  'review-waiting': (p) => `有 ${text(p, 'count')} 项填报待审核已超过 ${text(p, 'days')} 个工作日（${monthZh(text(p, 'month'))}）。`,
  'light-red': (p) => `${text(p, 'unit')}任务 ${text(p, 'task')}“${text(p, 'name')}”转为红灯：${text(p, 'reason')}`,
  'order-issued': (p) => `督办〔${text(p, 'year')}〕${text(p, 'no')} 号（${text(p, 'owner')}）：${text(p, 'title')}，请于 ${text(p, 'dueOn')} 前回复。`,
  'order-due': (p) => `督办〔${text(p, 'year')}〕${text(p, 'no')} 号（${text(p, 'owner')}）将于 ${text(p, 'dueOn')} 到期，尚未回复：${text(p, 'title')}`,
  'order-overdue': (p) => `督办〔${text(p, 'year')}〕${text(p, 'no')} 号（${text(p, 'owner')}）已逾期 ${text(p, 'days')} 个工作日，尚未回复：${text(p, 'title')}`,
  'order-answered': (p) => `督办〔${text(p, 'year')}〕${text(p, 'no')} 号（${text(p, 'owner')}）已回复：${text(p, 'words')}`,
  'order-changed': (p) => `督办〔${text(p, 'year')}〕${text(p, 'no')} 号（${text(p, 'owner')}）${text(p, 'act')}${p.words ? `：${text(p, 'words')}` : ''}`,
  'finding-due': (p) => `${text(p, 'unit')}任务 ${text(p, 'task')}“${text(p, 'name')}”有 ${text(p, 'count')} 处台账问题将于 ${text(p, 'dueOn')} 到期，尚未整改。`,
  'finding-overdue': (p) => `${text(p, 'unit')}任务 ${text(p, 'task')}“${text(p, 'name')}”有 ${text(p, 'count')} 处台账问题逾期未整改（最早期限 ${text(p, 'dueOn')}，已逾期 ${text(p, 'days')} 个工作日）。`,
  'finding-changed': (p) => `台账（${text(p, 'unit')}，任务 ${text(p, 'task')}）${text(p, 'act')}：${text(p, 'title')}${p.words ? `（${text(p, 'words')}）` : ''}`,
  'check-changed': (p) => `${text(p, 'number')}（${text(p, 'applicant')}）因农田数据变化重新核查：${p.verdict ? `${text(p, 'verdict')}，` : ''}永久基本农田 ${text(p, 'before')} 亩 → ${text(p, 'after')} 亩。`,
  'pack-ready': (p) => `${monthZh(text(p, 'month'))}月调度材料已生成（${text(p, 'pages')} 页，PDF、PPTX、XLSX）：${text(p, 'title')}`,
  'reminded': (p) => `区办催办：${text(p, 'unit')} ${monthZh(text(p, 'month'))}还有 ${text(p, 'missing')} 项未报送。${text(p, 'words')}`,
  'note': (p) => text(p, 'zh'),
}

const EN: Record<MessageKind, (p: MessageParams) => string> = {
  'report-due': (p) => `${text(p, 'unitEn')}: ${text(p, 'missing')} reports for ${text(p, 'month')} are still missing; due ${text(p, 'dueOn')}.`,
  'report-overdue': (p) => `${text(p, 'unitEn')}: ${text(p, 'missing')} reports for ${text(p, 'month')} are overdue (due ${text(p, 'dueOn')}, ${text(p, 'days')} working days ago).`,
  'report-returned': (p) => `${text(p, 'unitEn')}, ${text(p, 'month')}: “${text(p, 'name')}” was returned: ${text(p, 'reason')}`,
  'review-waiting': (p) => `${text(p, 'count')} reports for ${text(p, 'month')} have waited for review longer than ${text(p, 'days')} working days.`,
  'light-red': (p) => `${text(p, 'unitEn')}, task ${text(p, 'task')} “${text(p, 'name')}” turned red: ${text(p, 'reasonEn')}`,
  'order-issued': (p) => `Order ${text(p, 'year')}/${text(p, 'no')} (${text(p, 'ownerEn')}): ${text(p, 'title')}; answer by ${text(p, 'dueOn')}.`,
  'order-due': (p) => `Order ${text(p, 'year')}/${text(p, 'no')} (${text(p, 'ownerEn')}) is due on ${text(p, 'dueOn')} and has no answer yet: ${text(p, 'title')}`,
  'order-overdue': (p) => `Order ${text(p, 'year')}/${text(p, 'no')} (${text(p, 'ownerEn')}) is ${text(p, 'days')} working days overdue without an answer: ${text(p, 'title')}`,
  'order-answered': (p) => `Order ${text(p, 'year')}/${text(p, 'no')} (${text(p, 'ownerEn')}) was answered: ${text(p, 'words')}`,
  'order-changed': (p) => `Order ${text(p, 'year')}/${text(p, 'no')} (${text(p, 'ownerEn')}): ${text(p, 'actEn')}${p.words ? `: ${text(p, 'words')}` : ''}`,
  'finding-due': (p) => `${text(p, 'unitEn')}, task ${text(p, 'task')} “${text(p, 'name')}”: ${text(p, 'count')} findings are due on ${text(p, 'dueOn')} and not put right yet.`,
  'finding-overdue': (p) => `${text(p, 'unitEn')}, task ${text(p, 'task')} “${text(p, 'name')}”: ${text(p, 'count')} findings are overdue (the oldest was due on ${text(p, 'dueOn')}, ${text(p, 'days')} working days ago).`,
  'finding-changed': (p) => `Finding (${text(p, 'unitEn')}, task ${text(p, 'task')}), ${text(p, 'actEn')}: ${text(p, 'title')}${p.words ? ` (${text(p, 'words')})` : ''}`,
  'check-changed': (p) => `${text(p, 'number')} (${text(p, 'applicant')}) was checked again as farmland data changed: ${p.verdictEn ? `${text(p, 'verdictEn')}; ` : ''}permanent basic farmland ${text(p, 'before')} → ${text(p, 'after')} mu.`,
  'pack-ready': (p) => `The dispatch pack for ${text(p, 'month')} is ready (${text(p, 'pages')} pages; PDF, PPTX, XLSX): ${text(p, 'title')}`,
  'reminded': (p) => `The office reminds: ${text(p, 'unitEn')} still misses ${text(p, 'missing')} reports for ${text(p, 'month')}. ${text(p, 'words')}`,
  'note': (p) => text(p, 'en'),
}

/** One entry in a sentence or two. What comes from synthetic data says so. */
export function messageText(kind: MessageKind, params: MessageParams, language: MessageLanguage): string {
  const sentence = (language === 'en' ? EN : ZH)[kind](params).trim()
  if (params.demo !== true) return sentence
  return language === 'en' ? `[Demo 演示] ${sentence}` : `〔演示〕${sentence}`
}

/** A day's message from its entries: kind by kind, in the order of the table, each kind's entries beneath it; long lists are cut and counted. */
export function digestLines(entries: readonly { kind: MessageKind; params: MessageParams }[], language: MessageLanguage, mostAKind = 20): string[] {
  return (Object.keys(MESSAGE_KINDS) as MessageKind[]).flatMap((kind) => {
    const its = entries.filter((entry) => entry.kind === kind)
    if (its.length === 0) return []
    const lines = its.slice(0, mostAKind).map(({ params }) => `· ${messageText(kind, params, language)}`)
    const more = its.length - lines.length
    if (more > 0) lines.push(language === 'en' ? `· and ${more} more` : `· 另有 ${more} 条`)
    return [`【${MESSAGE_KINDS[kind][language === 'en' ? 'en' : 'zh']}】${its.length}`, ...lines]
  })
}
