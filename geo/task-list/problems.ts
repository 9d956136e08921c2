import { type FieldSpan, type Problem, type ProblemKind, PROBLEM_KINDS } from '../plan/plan.ts'

type Params = Record<string, string | number>

/** One sentence for each kind, from its parameters; the client words the same anew in the reader's language. */
const WORDS: Record<ProblemKind, (p: Params) => string> = {
  'sum-differs': (p) =>
    `「${p.name}」各街镇合计 ${p.sum}${p.unit}，与总量 ${p.total}${p.unit} 相差 ${p.difference}${p.unit}`,
  'statements-differ': (p) => `「${p.name}」两处数字不一致：${p.first} 与 ${p.second}`,
  'total-without-split': (p) => `「${p.name}」${p.text} 涉及 ${p.towns} 个街镇，未分解到各街镇`,
  'each-or-together': (p) => `「${p.text}」未说明是各自完成还是共同完成，按共同完成处理`,
  'category-unlikely': (p) => `任务「${p.name}」列在「${p.category}」之下，似应属「${p.likely}」`,
  'category-title-differs': (p) => `类别（${p.numeral}）标题不一致：采用「${p.chosen}」，另有「${p.other}」`,
  'category-missing': () => '未找到任务所属类别',
  'number-not-understood': (p) =>
    p.reason === 'per-unit'
      ? `「${p.text}」是按单个对象提出的标准，清单未给出对象总数，未列为指标`
      : p.reason === 'vague-towns'
        ? `「${p.text}」分给哪些街镇无法确定，按全区总量处理`
        : `「${p.text}」未能归入任何指标`,
  'unit-scale': (p) =>
    p.reason === 'mixed'
      ? `「${p.name}」同时使用 ${p.units}，已换算，请核对`
      : `「${p.name}」合计 ${p.sum}${p.unit} 与总量 ${p.total}${p.unit} 相差约 ${p.ratio} 倍，单位可能有误`,
  'town-unknown': (p) => `「${p.town}」不在本区街镇名录中`,
  'town-missing': (p) =>
    p.reason === 'count'
      ? `「${p.text}」与已知的 ${p.known} 个街镇数目不符，无法确定具体街镇`
      : p.reason === 'gathered'
        ? `「${p.text}」未列名单，按清单中出现的 ${p.known} 个街镇处理`
        : p.reason === 'vague'
          ? `「${p.text}」未列明具体街镇`
          : '未写明街镇，以全区为单位',
  'deadline-not-understood': (p) => (p.text === '' ? '缺少完成时间' : `完成时间「${p.text}」无法识别`),
  'lead-missing': () => '缺少牵头部门',
  'name-missing': () => '缺少任务名称',
  'number-missing': (p) =>
    p.column === 'municipal'
      ? `市级序号跳过 ${p.missing}`
      : p.missing === ''
        ? '缺少序号，按行次编号'
        : `序号缺 ${p.missing}`,
  'number-repeated': (p) => `序号 ${p.no} 重复，改编为 ${p.given}`,
  'column-unknown': (p) => `列「${p.head}」未能识别，未读取`,
  'row-not-understood': (p) => `未能识别的行：「${p.text}」`,
  range: (p) => `「${p.text}」为区间，按下限 ${p.value} 计`,
  'share-assumed': (p) => `节点「${p.text}」没有写明完成比例，按等分取 ${p.percent}%`,
  adjustable: (p) => `任务量可能调整：「${p.text}」`,
  'placed-by-tag': () => '单元格内含网页标记，已清除',
}

/** A problem with its sentence; severity comes from the kind unless said otherwise. */
export function problem(
  kind: ProblemKind,
  about: {
    task?: number | null
    measure?: string | null
    params?: Params
    source?: FieldSpan | null
    place?: Problem['place']
    severity?: Problem['severity']
  } = {},
): Problem {
  const params = about.params ?? {}
  return {
    task: about.task ?? null,
    kind,
    severity: about.severity ?? PROBLEM_KINDS[kind],
    measure: about.measure ?? null,
    message: WORDS[kind](params),
    params,
    source: about.source ?? null,
    place: about.place ?? null,
  }
}
