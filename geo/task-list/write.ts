import type { Measure, Task, TaskList } from '../plan/plan.ts'

const HEADS = [
  '类别',
  '市级序号',
  '区级序号',
  '任务名称',
  '任务要求及举措',
  '区级牵头部门',
  '街镇任务量',
  '完成时间节点',
] as const
const NUMERALS = '〇一二三四五六七八九十'

/** 1…99 in Chinese characters, as categories are numbered. */
export function chineseOrdinal(no: number): string {
  if (no <= 10) return NUMERALS[no] as string
  const tens = Math.floor(no / 10)
  return `${tens === 1 ? '' : NUMERALS[tens]}十${no % 10 === 0 ? '' : NUMERALS[no % 10]}`
}

/** A cell of tab-separated text: quoted where line breaks, tabs or a leading quotation mark would part it. */
const quoted = (text: string): string => (/[\t\n\r]|^"/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

/**
 * A list as tab-separated text in the manner of the document: title, head, one row a task, the category only where it changes, leads with a
 * star where partners follow. Reading it gives the same list back. Cells are the list's own words; a task without words for its towns and
 * requirement gets them from its measures (`wordsOf`).
 */
export function writeTaskList(list: TaskList): string {
  const lines: string[] = []
  if (list.title !== null) lines.push(list.title, '')
  lines.push(HEADS.join('\t'))
  let category = NaN
  for (const task of list.tasks) {
    const given = task.townText !== '' || task.requirement !== '' ? task : wordsOf(task, list.district)
    const departments =
      task.partners.length > 0 ? [...task.leads.map((lead) => `${lead}*`), ...task.partners] : task.leads
    const cells = [
      task.category.no === category || task.category.no === 0
        ? ''
        : `(${chineseOrdinal(task.category.no)})${task.category.name}`,
      task.municipalNo === null ? '' : String(task.municipalNo),
      String(task.no),
      task.name,
      given.requirement,
      departments.join('、'),
      given.townText,
      task.deadlineText || dayWords(task.deadline),
    ]
    category = task.category.no
    lines.push(cells.map(quoted).join('\t'))
  }
  return `${lines.join('\n')}\n`
}

/** "2023-10-31" → "2023年10月31日". */
const dayWords = (date: string | null): string =>
  date === null ? '' : date.replace(/^(\d+)-0?(\d+)-0?(\d+)$/, '$1年$2月$3日')

/** Requirement and towns' cell of a task, put in words from its measures: totals and rates in the first, what towns deliver in the second. */
export function wordsOf(
  task: Pick<Task, 'measures'>,
  district: string | null,
): { requirement: string; townText: string } {
  const requirement: string[] = []
  const townText: string[] = []
  for (const measure of task.measures) {
    if (measure.kind === 'stage') {
      const towns = measure.quotas.map((quota) => quota.town).filter((town) => town !== district)
      if (towns.length > 0) townText.push(`涉及${towns.join('、')}。`)
    } else if (measure.allocation === 'total') requirement.push(`${totalWords(measure)}。`)
    else townText.push(splitWords(measure))
  }
  return { requirement: requirement.join(''), townText: townText.join('\n') }
}

const figure = (measure: Measure, value: number | null): string => `${value ?? 0}${measure.unit}`
const bound = (measure: Measure): string => (measure.direction === 'atMost' ? '不超过' : '不低于')

function totalWords(measure: Measure): string {
  if (measure.kind === 'rate') return `${measure.name}${bound(measure)}${figure(measure, measure.target)}`
  return `完成${measure.name}${figure(measure, measure.target)}`
}

function splitWords(measure: Measure): string {
  const towns = measure.quotas.map((quota) => quota.town).join('、')
  if (measure.allocation === 'each')
    return `${towns}各完成${figure(measure, measure.quotas[0]?.target ?? null)}${measure.name}。`
  if (measure.allocation === 'together') return `共同完成${figure(measure, measure.target)}${measure.name}。`
  const shares = measure.quotas.map((quota) => `${quota.town}${figure(measure, quota.target)}`).join('、')
  return `${measure.name}${measure.targetText === null ? '' : figure(measure, measure.target)}：${shares}。`
}
