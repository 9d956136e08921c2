/** From the columns of a file to the fields of a layer, and the words in them to the fields' values. Pure. */
import type { Field, FeatureProperties, Layer } from '../layer/layer.ts'
import { rangesOf } from '../road/chainage.ts'
import type { FieldSource } from './import.ts'

export type RawValue = string | number | boolean | null

/** What columns are called elsewhere: the standards' abbreviations by pinyin, and what offices write. */
const ALIASES: Record<string, readonly string[]> = {
  number: ['地块编码', '地块号', '编号', '图斑编号', 'dkbm', 'dkbh', 'tbbh', 'bh', 'number'],
  name: ['名称', '路名', '道路名称', '线路名称', '村名', 'mc', 'dkmc', 'lxmc', 'name', 'title'],
  kind: ['类别', '种类', '地类名称', 'dlmc', 'lx', 'type', 'class'],
  owner: ['承包方', '承包户', '权属单位', '权利人名称', 'qlr', 'cbfmc', 'qsdwmc', 'owner'],
  crop: ['种植作物', '作物名称', 'zzzw', 'crop'],
  declaredMu: ['面积', '亩数', '面积亩', '实测面积', '合同面积', 'htmjm', 'scmjm', 'mj', 'area'],
  code: ['代码', '村代码', '行政区代码', 'xzqdm', 'zldwdm'],
  chief: ['路长姓名', 'lz'],
  year: ['年份', 'nd', 'year'],
  note: ['说明', '备注说明', 'bz', 'remark', 'description'],
}
const KEYS = ['标识', '标识码', 'key', 'bsm', 'gid', 'objectid', 'fid', 'id', '唯一标识']

const plain = (name: string) => name.toLowerCase().replace(/[\s_\-—（()）[\]【】:：]/g, '')

/** For each field the column that it is most likely filled from. A shapefile cuts names off after ten bytes. */
export function guessFields(layer: Layer, columns: readonly string[]): Record<string, FieldSource> {
  const fields: Record<string, FieldSource> = {}
  const taken = new Set<string>()
  const named = (test: (column: string) => boolean) => columns.find((column) => !taken.has(column) && test(plain(column)))
  for (const [id, { zh, en }] of Object.entries(layer.fields)) {
    const full = [id, zh, en].map(plain)
    const column =
      named((one) => full.includes(one)) ??
      named((one) => one.length >= 4 && full.some((name) => name.startsWith(one))) ??
      named((one) => (ALIASES[id] ?? []).some((alias) => plain(alias) === one))
    if (column === undefined) continue
    taken.add(column)
    fields[id] = { column }
  }
  return fields
}

/** The column that features are known by. */
export function guessKey(layer: Layer, columns: readonly string[]): string | null {
  const found = KEYS.map((key) => columns.find((column) => plain(column) === plain(key))).find(Boolean)
  const number = guessFields(layer, columns)[layer.title]
  return found ?? (layer.title !== 'name' && number && 'column' in number ? number.column : null)
}

/** The properties of one feature, by what was chosen. What cannot be understood stays as it is, so that the check names it. */
export function propertiesOf(layer: Layer, fields: Record<string, FieldSource>, values: (column: string) => RawValue): FeatureProperties {
  const properties: FeatureProperties = {}
  for (const [id, source] of Object.entries(fields)) {
    const field = layer.fields[id]
    if (!field) continue
    const value = valueFor(field, 'column' in source ? values(source.column) : source.value)
    if (value !== undefined) properties[id] = value
  }
  return properties
}

/** A value as its field wants it; undefined: there is none. */
export function valueFor(field: Field, raw: RawValue): unknown {
  if (raw === null || (typeof raw === 'string' && raw.trim() === '')) return undefined
  const text = String(raw).trim()
  switch (field.type) {
    case 'text':
      return text
    case 'number':
    case 'whole': {
      if (typeof raw === 'number') return raw
      const digits = text.replace(/[,，\s]/g, '').replace(/(亩|米|公里|m|年|%|个)$/i, '')
      return /^[-+]?\d+(\.\d+)?([eE][-+]?\d+)?$/.test(digits) ? Number(digits) : text
    }
    case 'date':
      return dayOf(text)
    case 'choice':
      return optionOf(field, text)
    case 'choices':
      return text.split(/[,，、;；|]/).flatMap((one) => (one.trim() ? [optionOf(field, one.trim())] : []))
    case 'yes-no':
      return typeof raw === 'boolean' ? raw : /^(是|有|真|y|yes|t|true|1)$/i.test(text) ? true : /^(否|无|假|n|no|f|false|0)$/i.test(text) ? false : text
    case 'ranges':
      return rangesOf(text) ?? text
  }
}

/** Words of a field's options to their keys, made once: files have many rows. */
const optionWords = new WeakMap<Field, Map<string, string>>()

function optionOf(field: Field, text: string): string {
  const { options = {} } = field
  if (Object.hasOwn(options, text)) return text
  let words = optionWords.get(field)
  if (!words) {
    // The first of two that are called the same.
    words = new Map(Object.entries(options).reverse().flatMap(([key, { zh, en }]) => [[plain(en), key], [plain(zh), key]])) // prettier-ignore
    optionWords.set(field, words)
  }
  return words.get(plain(text)) ?? text
}

function dayOf(text: string): string {
  const [, y, m, d] = /^(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*[-/.月]?\s*(\d{1,2})\s*日?(?:[ T].*)?$/.exec(text) ?? []
  return y ? `${y}-${m!.padStart(2, '0')}-${d!.padStart(2, '0')}` : text
}

/** A value as a table in Chinese shows it; what {@link valueFor} understands again. */
export function shownValue(field: Field, value: unknown): string | number | boolean | null {
  if (value === undefined || value === null) return null
  const option = (one: unknown) => field.options?.[String(one)]?.zh ?? String(one)
  if (field.type === 'choice') return option(value)
  if (field.type === 'choices') return (value as unknown[]).map(option).join('、')
  if (field.type === 'ranges') return (value as [number, number][]).map(([from, to]) => `${from}–${to}`).join('、')
  return value as string | number | boolean
}
