/**
 * The findings ledger (问题台账): located problems on their way 挂账 → 整改 → 销账 → 复核. The town puts right, the lead department strikes off, the
 * office checks; each of the latter two may send back. Which tasks keep a ledger is data of the plan (the mechanism `finding`). Pure; the server
 * obeys it, the screens show it.
 */
import { workdayFrom, type Calendar } from '../month/workday.ts'
import { dayNumber, isoDay } from '../month/day.ts'
import type { Task } from '../plan/plan.ts'
import { refusalOf, type Action, type Refusal } from '../right/right.ts'
import type { Person } from '../right/role.ts'

export const FINDING_STATES = {
  hung: { zh: '挂账待整改', en: 'Hung' },
  fixed: { zh: '已整改待销账', en: 'Put right' },
  struck: { zh: '已销账待复核', en: 'Struck off' },
  checked: { zh: '已复核', en: 'Checked' },
  cancelled: { zh: '已撤销', en: 'Cancelled' },
} as const satisfies Record<string, { zh: string; en: string }>
export type FindingState = keyof typeof FINDING_STATES

/** Of houses and roads: how dangerous (红黄绿码). `days`: what there is to put it right where no due day is given. */
export const SAFETY_CODES = {
  red: { zh: '红码', en: 'Red code', days: 7 },
  yellow: { zh: '黄码', en: 'Yellow code', days: 15 },
  green: { zh: '绿码', en: 'Green code', days: 30 },
} as const satisfies Record<string, { zh: string; en: string; days: number }>
export type SafetyCode = keyof typeof SAFETY_CODES

/** The days of what has no code. */
export const DUE_DAYS = 15

export const FINDING_SOURCES = {
  self: { zh: '街镇自查', en: 'Own search' },
  patrol: { zh: '日常巡查', en: 'Patrol' },
  inspection: { zh: '督查抽查', en: 'Inspection' },
  public: { zh: '群众反映', en: 'Residents' },
} as const satisfies Record<string, { zh: string; en: string }>
export type FindingSource = keyof typeof FINDING_SOURCES

/** What can be done to a finding; every one is a version that stays. `words`: they must be given. */
export const FINDING_ACTS = {
  hang: { zh: '挂账', en: 'hang', words: false },
  edit: { zh: '更正', en: 'correct', words: false },
  fix: { zh: '报整改', en: 'report as put right', words: true },
  strike: { zh: '销账', en: 'strike off', words: false },
  check: { zh: '复核通过', en: 'check', words: false },
  return: { zh: '退回整改', en: 'send back', words: true },
  cancel: { zh: '撤销', en: 'cancel', words: true },
} as const satisfies Record<string, { zh: string; en: string; words: boolean }>
export type FindingAct = keyof typeof FINDING_ACTS
export type LaterAct = Exclude<FindingAct, 'hang'>

/** The acts that take words and lead on, in the order of the buttons; `edit` has a form of its own. */
export const FINDING_STEPS = ['fix', 'strike', 'check', 'return', 'cancel'] as const satisfies readonly LaterAct[]
export type FindingStep = (typeof FINDING_STEPS)[number]

const FROM: Record<LaterAct, readonly FindingState[]> = {
  edit: ['hung', 'fixed'],
  fix: ['hung'],
  strike: ['fixed'],
  check: ['struck'],
  return: ['fixed', 'struck'],
  cancel: ['hung', 'fixed'],
}
const AFTER: Record<FindingStep, FindingState> = { fix: 'fixed', strike: 'struck', check: 'checked', return: 'hung', cancel: 'cancelled' }

/** A finding as far as its way goes. */
export interface FlowFinding {
  state: FindingState
  town: string
  /** Lead departments of its task. */
  departments: readonly string[]
}

export const FINDING_REFUSALS = {
  state: { zh: '当前状态下不能这样做', en: 'not possible in this state' },
} as const
export type FindingRefusal = Refusal | keyof typeof FINDING_REFUSALS

/** The right that an act needs: whoever could have let it pass sends it back. */
export function actionOf(act: FindingAct, state: FindingState): Action {
  switch (act) {
    case 'hang':
    case 'edit':
      return 'finding.write'
    case 'fix':
      return 'finding.fix'
    case 'check':
      return 'finding.check'
    case 'return':
      return state === 'struck' ? 'finding.check' : 'finding.strike'
    case 'strike':
    case 'cancel':
      return 'finding.strike'
  }
}

/** Why an act is not possible for this person; null when it is. */
export function refusalOfFinding(act: LaterAct, finding: FlowFinding, person: Person | null): FindingRefusal | null {
  const refusal = refusalOf(person, actionOf(act, finding.state), { town: finding.town, departments: finding.departments })
  if (refusal) return refusal
  return FROM[act].includes(finding.state) ? null : 'state'
}

/** What this person may do to the finding now. */
export function nextFindingActs(finding: FlowFinding, person: Person | null): LaterAct[] {
  return (Object.keys(FROM) as LaterAct[]).filter((act) => refusalOfFinding(act, finding, person) === null)
}

/** The steps that lead on from a state, whoever may take them: what the screen shows, with why not where the reader may not. */
export function stepsFrom(state: FindingState): FindingStep[] {
  return FINDING_STEPS.filter((step) => FROM[step].includes(state))
}

export function findingStateAfter(step: FindingStep): FindingState {
  return AFTER[step]
}

/** Still in the ledger: hung, or put right and not struck off yet. */
export function isFindingOpen({ state }: { state: FindingState }): boolean {
  return state === 'hung' || state === 'fixed'
}

/** The due day has passed and nobody has reported it as put right. */
export function isFindingOverdue(finding: { state: FindingState; dueOn: string }, today: string): boolean {
  return finding.state === 'hung' && finding.dueOn < today
}

/** Whether a task keeps a ledger. */
export function hasLedger(task: Pick<Task, 'mechanisms'>): boolean {
  return task.mechanisms.some(({ mechanism }) => mechanism === 'finding')
}

export const CODE_USES = ['asked', 'possible', 'none'] as const
export type CodeUse = (typeof CODE_USES)[number]

/** Whether a finding of a task has a safety code: asked for where the document names the codes, possible where it speaks of what is dangerous. */
export function codeUseOf(task: Pick<Task, 'name' | 'requirement'>): CodeUse {
  const text = `${task.name} ${task.requirement}`
  if (/红黄绿|安全码/.test(text)) return 'asked'
  return /安全隐患|危旧房|危房|严重破损/.test(text) ? 'possible' : 'none'
}

/** The day by which a finding is to be put right where nobody says otherwise: so many days by its code, and then the next working day. */
export function dueDayOf(foundOn: string, code: SafetyCode | null, calendar: Calendar): string {
  return workdayFrom(calendar, isoDay(dayNumber(foundOn) + (code === null ? DUE_DAYS : SAFETY_CODES[code].days)), 0)
}

/** Longest texts. */
export const FINDING_LIMITS = { title: 120, words: 2000, address: 200, ref: 60 } as const

/** Of a photo: what it shows. */
export const PHOTO_STAGES = {
  found: { zh: '发现时', en: 'As found' },
  fixed: { zh: '整改后', en: 'Put right' },
} as const satisfies Record<string, { zh: string; en: string }>
export type PhotoStage = keyof typeof PHOTO_STAGES
/** A finding has at most so many photos and files. */
export const MOST_PHOTOS = 20
