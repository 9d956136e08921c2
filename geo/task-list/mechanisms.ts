import type { Measure, Mechanism, TaskField, TaskMechanism } from '../plan/plan.ts'

type Period = TaskMechanism['period']

const MONTH: Period = { every: 1, unit: 'month' }
const QUARTER: Period = { every: 1, unit: 'quarter' }

/** The words that ask for a mechanism. For each mechanism the first words found are its source; a stated period wins over none. */
const WORDS: readonly { mechanism: Mechanism; pattern: RegExp; period: Period | 'cycle' }[] = [
  { mechanism: 'submission', pattern: /(?:按月|每月|逐月)[^，。；、]{0,8}?(?:上报|报送|提交|报告|填报|汇报|通报)[^，。；]{0,10}/g, period: MONTH },
  { mechanism: 'submission', pattern: /(?:工程)?(?:进展)?月(?:度)?(?:调度|报告|报送|报)(?:制度)?/g, period: MONTH },
  { mechanism: 'submission', pattern: /(?:按季|每季度?|逐季)[^，。；]{0,8}?(?:上报|报送|提交|报告|填报|汇报|不少于|至少)[^，。；]{0,8}/g, period: QUARTER },
  { mechanism: 'submission', pattern: /每半年[^，。；]{0,8}?(?:上报|报送|提交|报告|不少于|至少)[^，。；]{0,8}/g, period: { every: 2, unit: 'quarter' } },
  { mechanism: 'submission', pattern: /每年[^，。；]{0,8}?(?:上报|报送|提交|报告)[^，。；]{0,8}/g, period: { every: 1, unit: 'year' } },
  { mechanism: 'submission', pattern: /定期(?:上报|报送|报告|汇报|填报)[^，。；]{0,8}/g, period: null },
  { mechanism: 'finding', pattern: /挂账销账|动态清零|问题反馈和整改|红黄绿|验收销项|隐患[^，。；、]{0,6}(?:排查|整治|整改|治理)|排查整治|(?:反馈|问题|督促|落实|限期)[^，。；、]{0,6}整改|安全隐患/g, period: null },
  { mechanism: 'finding', pattern: /违法违规行为(?:处置)?|严厉打击[^，。；、]{0,10}行为|问题发现率|突出问题[^，。；、]{0,4}治理|制止[^，。；]{0,8}非农化|疫情防控|疫病[^，。；、]{0,6}防控措施|危旧房[^，。；、]{0,4}改造|临河有安全隐患/g, period: null },
  { mechanism: 'inspection', pattern: /不少于([一二两三四五六七八九十\d]{1,2})年一轮|每([一二两三四五六七八九十\d]{1,2})年[^，。；、]{0,8}(?:一次|一轮|检查|检测|评定)|([一二两三四五六七八九十\d]{1,2})年(?:复审|复检|复查|检查)周期/g, period: 'cycle' },
  { mechanism: 'inspection', pattern: /每月[^，。；]{0,12}(?:排查|检查|巡查|巡检|检测)/g, period: MONTH },
  { mechanism: 'inspection', pattern: /每季度?[^，。；]{0,12}(?:排查|检查|巡查|巡检|检测)/g, period: QUARTER },
  { mechanism: 'inspection', pattern: /(?:定量检测|抽检|抽查|检测)?年度覆盖率|年度(?:检测|检查|评定)|每年[^，。；]{0,8}(?:检查|检测|巡查)/g, period: { every: 1, unit: 'year' } },
  { mechanism: 'inspection', pattern: /定期(?:全面)?(?:自查|检查|巡查|检测|评定)|随机抽查|监督抽查|常态化执法监管/g, period: null },
] // prettier-ignore

const NUMERALS = '〇一二三四五六七八九十'

function cycleOf(match: RegExpMatchArray): Period {
  const text = match[1] ?? match[2] ?? match[3] ?? '1'
  const every = /^\d+$/.test(text) ? Number(text) : text === '两' ? 2 : Math.max(1, NUMERALS.indexOf(text))
  return { every, unit: 'year' }
}

/**
 * The mechanisms that a task uses: by its numbers (quota) and dated shares (milestone), and by the words that ask for submissions, findings
 * and inspections, with those words. A task with nothing but stages is followed as quota progress too.
 */
export function mechanismsOf(
  cells: readonly { field: TaskField; text: string }[],
  measures: readonly Measure[],
): TaskMechanism[] {
  const found: TaskMechanism[] = []
  const counted = measures.find((m) => m.kind !== 'stage')
  const first = counted?.targetSource ?? null
  found.push({ mechanism: 'quota', period: null, source: first })
  const dated = measures.flatMap((m) => m.milestones)[0]
  if (dated) found.push({ mechanism: 'milestone', period: null, source: dated.source })
  for (const mechanism of ['finding', 'inspection', 'submission'] as const) {
    const words = firstWords(mechanism, cells)
    if (words) found.push(words)
  }
  return found
}

function firstWords(mechanism: Mechanism, cells: readonly { field: TaskField; text: string }[]): TaskMechanism | null {
  let unstated: TaskMechanism | null = null
  for (const words of WORDS) {
    if (words.mechanism !== mechanism) continue
    for (const { field, text } of cells) {
      for (const match of text.slice(0, 20_000).matchAll(words.pattern)) {
        const source = { field, start: match.index, end: match.index + match[0].length }
        const period = words.period === 'cycle' ? cycleOf(match) : words.period
        const entry = { mechanism, period, source }
        if (period !== null) return entry
        unstated ??= entry
        break
      }
    }
  }
  return unstated
}
