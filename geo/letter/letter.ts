/**
 * 公文: letters that the office sends, as Word files made from templates that it edits in Word. Which letters there are, what a template may
 * ask for, and what is wrong with one that asks for something else. Pure.
 */

/** A field stands for a text; with fields of its own it is repeated (`{#街镇}…{/街镇}`). Both its names may be used. */
export interface LetterField {
  zh: string
  en: string
  /** What stands there in an example. */
  example?: string
  fields?: Record<string, LetterField>
}

/** In every letter: whose it is, and the mark that made-up figures cannot do without. */
const OFFICE = {
  district: { zh: '区名', en: 'district', example: '青浦区' },
  office: { zh: '发文单位', en: 'sending office', example: '青浦区乡村振兴办公室' },
  demo: { zh: '演示', en: 'mark of demonstration data; empty where the figures are real', example: '演示数据，并非真实情况' },
} as const satisfies Record<string, LetterField>

const UNIT_COUNTS = {
  name: { zh: '名称', en: 'name', example: '白鹤镇' },
  red: { zh: '红灯', en: 'red lights', example: '2' },
  yellow: { zh: '黄灯', en: 'yellow lights', example: '3' },
  green: { zh: '绿灯', en: 'green lights', example: '35' },
  grey: { zh: '未到', en: 'not due', example: '1' },
  noData: { zh: '无数据', en: 'without data', example: '0' },
} as const satisfies Record<string, LetterField>

const LIT_TASK = {
  i: { zh: '顺序', en: 'running number', example: '1' },
  no: { zh: '序号', en: 'number of the task', example: '14' },
  task: { zh: '任务', en: 'task', example: '稳定粮食生产' },
  town: { zh: '街镇', en: 'town', example: '白鹤镇' },
  leads: { zh: '牵头部门', en: 'lead departments', example: '区农业农村委' },
  reason: { zh: '原因', en: 'reason', example: '应完成 80.0%，已完成 52.0%，落后 28.0 个百分点。' },
} as const satisfies Record<string, LetterField>

export const LETTERS = {
  bulletin: {
    zh: '月度通报',
    en: 'Monthly bulletin',
    fields: {
      ...OFFICE,
      plan: { zh: '清单名称', en: 'title of the list', example: '2023 年上海市青浦区乡村振兴重点任务清单' },
      year: { zh: '年份', en: 'year', example: '2023' },
      month: { zh: '月份', en: 'month', example: '9' },
      number: { zh: '期号', en: 'number', example: '〔2023〕第 9 期' },
      asOf: { zh: '数据截至', en: 'data as of', example: '2023年9月30日' },
      issuedOn: { zh: '成文日期', en: 'date of the letter', example: '2023年10月12日' },
      tasks: { zh: '任务数', en: 'tasks', example: '56' },
      red: { zh: '红灯数', en: 'red lights', example: '6' },
      yellow: { zh: '黄灯数', en: 'yellow lights', example: '21' },
      green: { zh: '绿灯数', en: 'green lights', example: '459' },
      grey: { zh: '未到数', en: 'not due', example: '0' },
      change: { zh: '比上月', en: 'against the month before', example: '红灯比上月减少 3 盏' },
      towns: { zh: '各单位', en: 'each unit', fields: UNIT_COUNTS },
      redTasks: { zh: '红灯事项', en: 'red lights, one by one', fields: LIT_TASK },
      yellowTasks: { zh: '黄灯事项', en: 'yellow lights, one by one', fields: LIT_TASK },
    },
  },
  order: {
    zh: '督办单',
    en: 'Supervision order',
    fields: {
      ...OFFICE,
      number: { zh: '编号', en: 'number', example: '〔2023〕4 号' },
      owner: { zh: '责任单位', en: 'owner', example: '白鹤镇' },
      title: { zh: '事由', en: 'subject', example: '水稻种植未达 6 月 20 日节点' },
      demand: { zh: '督办要求', en: 'what is asked', example: '请说明原因、整改措施和完成时限。' },
      dueOn: { zh: '办理期限', en: 'due day', example: '2023年7月7日' },
      issuedDue: { zh: '签发时期限', en: 'due day as issued', example: '2023年7月7日' },
      issuedOn: { zh: '签发日期', en: 'day of issue', example: '2023年6月26日' },
      issuer: { zh: '签发人', en: 'issued by', example: '区乡村振兴办' },
      source: { zh: '来源', en: 'source', example: '人工签发' },
      task: { zh: '任务', en: 'task, if it is about one', example: '14 稳定粮食生产' },
      town: { zh: '涉及街镇', en: 'town that it is about', example: '白鹤镇' },
      month: { zh: '涉及月份', en: 'month that it is about', example: '2023年6月' },
      state: { zh: '状态', en: 'state', example: '已销号' },
      answer: { zh: '回复', en: 'answer', example: '已从邻镇调苗，7 月 20 日前完成移栽。' },
      answeredOn: { zh: '回复日期', en: 'day of the answer', example: '2023年7月12日' },
      events: {
        zh: '办理过程',
        en: 'what happened',
        fields: {
          at: { zh: '日期', en: 'day', example: '2023年7月12日' },
          act: { zh: '事项', en: 'act', example: '回复' },
          by: { zh: '经办', en: 'by', example: '白鹤镇填报员' },
          words: { zh: '内容', en: 'words', example: '已从邻镇调苗，7 月 20 日前完成移栽。' },
        },
      },
    },
  },
  notice: {
    zh: '公示',
    en: 'Public notice',
    fields: {
      ...OFFICE,
      title: { zh: '标题', en: 'title', example: '2023年9月粮食生产任务完成情况公示' },
      words: { zh: '说明', en: 'words', example: '现将各街镇粮食生产任务完成情况予以公示。' },
      contact: { zh: '联系方式', en: 'contact', example: '区乡村振兴办 021-00000000' },
      month: { zh: '月份', en: 'month', example: '2023年9月' },
      from: { zh: '公示开始', en: 'first day', example: '2023年10月12日' },
      until: { zh: '公示截止', en: 'last day', example: '2023年10月18日' },
      publishedOn: { zh: '公示日期', en: 'published on', example: '2023年10月12日' },
      version: { zh: '版次', en: 'version', example: '1' },
      corrects: { zh: '更正说明', en: 'what it corrects and why', example: '' },
      hash: { zh: '校验码', en: 'hash of the record', example: '3f2a…' },
      rows: {
        zh: '数值',
        en: 'figures',
        fields: {
          no: { zh: '序号', en: 'number of the task', example: '14' },
          task: { zh: '任务', en: 'task', example: '稳定粮食生产' },
          measure: { zh: '指标', en: 'measure', example: '粮食生产任务' },
          town: { zh: '单位', en: 'unit', example: '白鹤镇' },
          target: { zh: '任务量', en: 'quota', example: '12,300 亩' },
          value: { zh: '完成', en: 'done', example: '11,852 亩' },
          share: { zh: '完成率', en: 'share', example: '96%' },
        },
      },
    },
  },
} as const satisfies Record<string, { zh: string; en: string; fields: Record<string, LetterField> }>
export type LetterKind = keyof typeof LETTERS
export const LETTER_KINDS = Object.keys(LETTERS) as LetterKind[]

/** What was done to a letter's template; every one stays. */
export const TEMPLATE_ACTS = {
  upload: { zh: '上传', en: 'uploaded' },
  restore: { zh: '恢复旧版', en: 'an earlier one brought back' },
  reset: { zh: '恢复内置模板', en: 'back to the built-in one' },
} as const
export type TemplateAct = keyof typeof TEMPLATE_ACTS

export type LetterValues = { [key: string]: string | LetterValues[] }

/** A placeholder as it stands in a template. */
export interface Placeholder {
  name: string
  /** `raw` would put markup into the file. */
  kind: 'value' | 'loop' | 'raw'
  inside: Placeholder[]
}

export const LETTER_FAULTS = {
  'field-unknown': { zh: '没有这个字段', en: 'there is no such field' },
  'value-of-loop': { zh: '这个字段要用 {#…} 和 {/…} 重复', en: 'this field must be repeated with {#…} and {/…}' },
  raw: { zh: '不支持 {@…}', en: '{@…} is not supported' },
  'demo-missing': { zh: '模板里要有 {演示}：合成的数据必须标明', en: 'the template must have {演示} (or {demo}): made-up figures are marked' },
  unbalanced: { zh: '大括号或 {#…}{/…} 没有成对', en: 'braces, or {#…} and {/…}, are not in pairs' },
} as const
export type LetterFault = keyof typeof LETTER_FAULTS

export interface TemplateFault {
  fault: LetterFault
  /** As written, without braces; empty where it is about the whole. */
  name: string
}

export type Fields = Record<string, LetterField>

/** The key that a written name stands for, here or in what is around; null: none. Either of a field's names will do. */
export function keyOf(name: string, scopes: readonly Fields[]): { key: string; field: LetterField } | null {
  for (const fields of [...scopes].reverse()) {
    const found = Object.entries(fields).find(([key, { zh }]) => key === name || zh === name)
    if (found) return { key: found[0], field: found[1] }
  }
  return null
}

/** What is wrong with the placeholders of a template's text. */
export function faultsOfTemplate(kind: LetterKind, placeholders: readonly Placeholder[]): TemplateFault[] {
  const faults: TemplateFault[] = []
  let marked = false
  const look = (parts: readonly Placeholder[], scopes: Fields[], around: string | null) => {
    for (const { name, kind: how, inside } of parts) {
      const found = keyOf(name, scopes)
      if (how === 'raw') faults.push({ fault: 'raw', name })
      else if (!found) faults.push({ fault: 'field-unknown', name })
      else if (how === 'value' && found.field.fields) faults.push({ fault: 'value-of-loop', name })
      // A mark that stands within something else may be left out with it.
      else if (how === 'value' && found.key === 'demo' && (around === null || around === 'demo')) marked = true
      if (how === 'loop') look(inside, found?.field.fields ? [...scopes, found.field.fields] : scopes, around ?? found?.key ?? name)
    }
  }
  look(placeholders, [LETTERS[kind].fields], null)
  if (!marked) faults.push({ fault: 'demo-missing', name: '' })
  return faults
}

/** Values as the fields' examples have them; what is repeated twice. */
export function exampleOf(fields: Fields): LetterValues {
  return Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, field.fields ? [exampleOf(field.fields), exampleOf(field.fields)] : (field.example ?? '')]))
}
