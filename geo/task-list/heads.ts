import type { SourceCell } from './source.ts'
import { squeeze } from './clean.ts'
import { isTownName } from './towns.ts'

/** What a column can hold. `departments` mixes leads and partners; `target` and `unit` are the figure columns of assessment tables. */
export const COLUMN_ROLES = [
  'category', 'municipalNo', 'no', 'name', 'requirement', 'leads', 'partners', 'departments', 'townText', 'deadline', 'target', 'unit',
  'remark', 'town', 'unknown',
] as const // prettier-ignore
export type ColumnRole = (typeof COLUMN_ROLES)[number]

export interface Column {
  role: ColumnRole
  /** The head as written, without breaks and spaces. */
  head: string
}

/** Heads by meaning; the first row that fits wins, so the narrower come first. */
const HEADS: readonly (readonly [ColumnRole, RegExp])[] = [
  ['remark', /^(?:备注|说明|附注|完成情况|进展情况|工作进展|进展|评分标准|分值|权重|联系人|联系方式|联系电话|责任领导|分管领导|责任人|对口|任务来源|考核方式|考核标准)|领导$/],
  ['municipalNo', /^(?:市级?|省级?|上级)(?:任务|清单)?(?:序号|编号)/],
  ['no', /^(?:区级?|县级?|本级)?(?:任务|清单|项目)?(?:序号|编号|序|号|NO\.?|No\.?|№)$/],
  ['deadline', /(?:完成|办结|时间|进度).{0,6}(?:时限|时间|节点|期限|日期)|^(?:时间|时限|期限|节点|完成时间|时间节点|进度要求|时间要求|时间安排|进度安排|完成日期)/],
  ['partners', /^(?:市级?|区级?|县级?)?(?:配合|参与|协同|协助|协办|参加|支持)(?:责任)?(?:部门|单位|科室|处室)/],
  ['townText', /(?:街镇|镇街|乡镇|街道|各镇|属地|镇村|镇级|镇\(|镇（|镇、|责任镇|实施地|涉及镇).{0,12}$|^(?:责任主体|实施主体|属地责任|落实主体|实施区域|任务分解|指标分解|分解任务|承担单位|实施单位|建设地点|落实单位)|^(?:各|有关|相关|涉及)?(?:镇|街道|乡|镇乡)$/],
  ['departments', /(?:责任|主责|主管|承办|落实|负责)(?:部门|单位|科室|处室)|^(?:部门|单位分工|责任分工|任务分工|职责分工|分工|负责部门|负责单位|部门分工)/],
  ['leads', /牵头|主办|^(?:市级?|区级?|县级?)?(?:主责|主办)/],
  ['category', /^(?:工作|任务|重点|所属)?(?:类别|分类|类型|板块|领域|大类|门类|考核项目|一级指标|一级任务|工作类别|专项|行动)(?:名称)?$/],
  ['target', /^(?:年度|目标|考核)?(?:目标值|目标任务|年度目标|任务目标|任务数|目标数|年度任务量|指标值|计划数|任务量)/],
  ['unit', /^(?:计量|计算)?单位$/],
  ['requirement', /(?:要求|举措|措施|内容|做法|目标|要点|规模)|^(?:任务|工作)(?:描述|说明|安排|分解)$/],
  ['name', /^(?:年度|主要|重点|工作|具体|建设|任务|项目|指标|考核|二级|三级)*(?:任务|工作|项目|事项|指标)(?:名称|事项|项目)?$|^(?:名称|任务名称|事项)$/],
] // prettier-ignore

/** The columns that heads say more than one may have: their cells are put together. */
const REPEATABLE: ReadonlySet<ColumnRole> = new Set([
  'requirement',
  'townText',
  'partners',
  'unknown',
  'remark',
  'town',
])

/** The role that one head names. Notes in brackets ("（加*号为牵头部门）") count only where the words before them say nothing. */
export function roleOf(written: string): ColumnRole {
  const whole = squeeze(written)
  const head = whole.replace(/[（(【[](?:[^（(]*[)）】\]]|[^)）】\]]*)$/, '').replace(/[:：*＊]/g, '')
  if (head === '' || whole.length > 60) return 'unknown'
  const found = HEADS.find(([, pattern]) => pattern.test(head))?.[0] ?? 'unknown'
  if (found === 'leads' && /[（(].*(?:参与|配合|其余)/.test(whole)) return 'departments'
  if (found === 'departments' && /(?:部门|单位).*(?:街镇|各镇|属地)/.test(head)) return 'departments'
  return found
}

/**
 * The columns of a head row, or null when the row is none: at least three heads that mean something, one of them a task's name or
 * requirement, and more that do than that do not.
 */
export function readHead(cells: readonly SourceCell[]): Column[] | null {
  if (cells.length < 2) return null
  const columns = cells.slice(0, MAX_COLUMNS).map(columnOf)
  const known = columns.filter((c) => c.role !== 'unknown' && c.role !== 'town')
  const strange = columns.filter((c) => c.role === 'unknown' && c.head !== '')
  const says = known.some((c) => c.role === 'name' || c.role === 'requirement')
  if (known.length < 3 || !says || strange.length > known.length) return null
  return settle(columns)
}

export const MAX_COLUMNS = 200

function columnOf(cell: SourceCell): Column {
  const head = squeeze(cell.text.slice(0, 200))
  return { role: isTownName(head) ? 'town' : roleOf(head), head }
}

/** A second head row under the first ("责任部门" over "牵头" and "配合", "街镇任务量" over the towns): the two put together, or null. */
export function secondHead(
  first: readonly SourceCell[],
  columns: readonly Column[],
  second: readonly SourceCell[],
): Column[] | null {
  if (second.length < 2 || second.length > columns.length) return null
  const texts = second.map((cell) => squeeze(cell.text.slice(0, 200)))
  const filled = texts.map((text, i) => ({ text, i })).filter(({ text }) => text !== '')
  if (filled.length === 0 || filled.length === texts.length) return null
  if (filled.some(({ text }) => text.length > 16 || /[0-9。，；]/.test(text))) return null
  const subs = filled.filter(({ text, i }) => isSubhead(text, i, first, columns))
  if (subs.length < filled.length) return null
  const above = spread(first)
  return settle(
    columns.map((column, i) => {
      const text = texts[i] ?? ''
      if (text === '') return column
      if (isTownName(text)) return { role: 'town', head: text }
      const under = roleOf(`${text}${/(?:部门|单位)$/.test(text) ? '' : suffix(above[i] ?? '')}`)
      return { role: under === 'unknown' ? roleOf(above[i] ?? '') : under, head: `${above[i] ?? ''}${text}` }
    }),
  )
}

const suffix = (head: string): string => (/(?:部门|单位)/.exec(head) ?? [''])[0]

function isSubhead(text: string, i: number, first: readonly SourceCell[], columns: readonly Column[]): boolean {
  const empty = squeeze(first[i]?.text.slice(0, 200) ?? '') === ''
  const covered =
    empty || (first[i + 1] !== undefined && squeeze((first[i + 1] as SourceCell).text.slice(0, 200)) === '')
  if (!covered && columns[i]?.role !== 'departments') return false
  return isTownName(text) || roleOf(text) !== 'unknown' || /^(?:牵头|配合|参与|主办|协办|主责)/.test(text)
}

/** Heads of a row with merged ones carried on to the right. */
function spread(cells: readonly SourceCell[]): string[] {
  let last = ''
  return cells.map((cell) => {
    const head = squeeze(cell.text.slice(0, 200))
    if (head !== '') last = head
    return last
  })
}

const GENERIC_OWNER = /^(?:责任主体|实施主体|落实主体|承担单位|实施单位|落实单位)/

/** One column a role: of two that could be, the first is it, unless the second says it better. */
function settle(columns: Column[]): Column[] {
  const out = columns.map((column) => ({ ...column }))
  const has = (role: ColumnRole): Column[] => out.filter((c) => c.role === role)
  // Two serial numbers without 市级: the first is the municipal one only if its head says so, so the second stays the task's own.
  if (has('no').length > 1) for (const extra of has('no').slice(1)) extra.role = 'unknown'
  // The city's departments stand beside the district's in some lists: the list is the district's.
  const ours = has('leads').filter((c) => !/^[市省]级?/.test(c.head))
  if (ours.length > 0) for (const c of has('leads')) if (!ours.includes(c)) c.role = 'remark'
  const anyDepartment = has('departments').length + has('leads').length > 0
  // "责任主体" names towns beside a department column and departments (towns among them) without one.
  if (!anyDepartment)
    for (const c of has('townText')
      .filter((t) => GENERIC_OWNER.test(t.head))
      .slice(0, 1))
      c.role = 'departments'
  if (has('departments').length > 0 && has('leads').length > 0) for (const c of has('departments')) c.role = 'partners'
  if (has('departments').length > 1) for (const extra of has('departments').slice(1)) extra.role = 'partners'
  // With partners in a column of their own, the other department column is the leads'.
  if (has('departments').length === 1 && has('partners').length > 0 && has('leads').length === 0)
    (has('departments')[0] as Column).role = 'leads'
  if (has('name').length === 0 && has('target').length === 0 && has('requirement').length > 1)
    (has('requirement')[0] as Column).role = 'name'
  if (has('name').length === 0 && has('requirement').length > 0)
    for (const c of has('target').slice(0, 1)) c.role = 'name'
  if (has('requirement').length === 0) for (const c of has('target').slice(0, 1)) c.role = 'requirement'
  // "工作任务" beside "任务名称", or "重点任务" over "具体任务": the second tells what is asked.
  const names = has('name')
  if (names.length > 1) {
    const best =
      names.find((c) => c.head.includes('名称')) ??
      (has('requirement').length > 0 && has('category').length === 0 ? names[1] : names[0])
    const categoryFree = has('category').length === 0
    for (const other of names) {
      if (other === best) continue
      const before = out.indexOf(other) < out.indexOf(best as Column)
      other.role = before && categoryFree && has('category').length === 0 ? 'category' : 'requirement'
    }
  }
  for (const role of COLUMN_ROLES) {
    if (!REPEATABLE.has(role)) for (const extra of has(role).slice(1)) extra.role = 'unknown'
  }
  return out
}
