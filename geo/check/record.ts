/** A check that is kept: its number, its states, what may be done to it, and what a later run finds different. Pure. */
import { refusalOf, type Action, type Refusal } from '../right/right.ts'
import { departmentsOf, townsOf, type Person } from '../right/role.ts'
import type { CheckResult, Verdict } from './check.ts'

/** How the plot was given. */
export const CHECK_SOURCES = {
  drawn: { zh: '图上勾绘', en: 'Drawn on the map' },
  features: { zh: '选自图层', en: 'Features of a layer' },
  file: { zh: '上传文件', en: 'From a file' },
} as const satisfies Record<string, { zh: string; en: string }>
export type CheckSource = keyof typeof CHECK_SOURCES

/** An open check is run again when farmland data change; a closed one stays as it is. */
export const CHECK_STATES = {
  open: { zh: '在办', en: 'Open' },
  closed: { zh: '已办结', en: 'Closed' },
} as const satisfies Record<string, { zh: string; en: string }>
export type CheckState = keyof typeof CHECK_STATES

/** Why it was run: when it was made, as the data had changed, or as somebody asked. */
export const RUN_CAUSES = {
  first: { zh: '首次核查', en: 'First check' },
  data: { zh: '农田数据变化', en: 'Farmland data changed' },
  hand: { zh: '人工重新核查', en: 'Run again by hand' },
} as const satisfies Record<string, { zh: string; en: string }>
export type RunCause = keyof typeof RUN_CAUSES

/** What can be done to a check; `from` null: in any state. */
export const CHECK_ACTS = {
  acknowledge: { zh: '知悉变化', en: 'Acknowledge the change', from: null },
  again: { zh: '重新核查', en: 'Run again', from: 'open' },
  close: { zh: '办结', en: 'Close', from: 'open' },
  reopen: { zh: '重新打开', en: 'Reopen', from: 'closed' },
} as const satisfies Record<string, { zh: string; en: string; from: CheckState | null }>
export type CheckAct = keyof typeof CHECK_ACTS

/** What somebody who has looked at a difference decides: which run's verdict is the check's from then on. */
export const CHECK_CHOICES = {
  accept: { zh: '以新结果为准', en: 'The new result stands' },
  keep: { zh: '维持原结论', en: 'The earlier verdict stands' },
} as const satisfies Record<string, { zh: string; en: string }>
export type CheckChoice = keyof typeof CHECK_CHOICES

/** Longest texts. */
export const CHECK_LIMITS = { applicant: 80, purpose: 200, sourceWords: 200, words: 500, departments: 10 } as const

/** How far a check's runs were looked at: the first one by whoever made it, later ones by who acknowledged them. */
export interface Looked {
  /** The newest run. */
  run: number
  acknowledgedRun: number
}

/**
 * `none`: no later run found anything else; `new`: one did, and nobody has acknowledged it; `seen`: somebody has. A further difference makes it new again.
 */
export const CHECK_CHANGES = {
  none: { zh: '无变化', en: 'Unchanged' },
  new: { zh: '未知悉', en: 'Not acknowledged' },
  seen: { zh: '已知悉', en: 'Acknowledged' },
} as const satisfies Record<string, { zh: string; en: string }>
export type CheckChange = keyof typeof CHECK_CHANGES

export function changeOf({ run, acknowledgedRun }: Looked): CheckChange {
  return run === 1 ? 'none' : acknowledgedRun < run ? 'new' : 'seen'
}

/** That somebody has seen the runs up to one, and which run's verdict stands since. Kept for good; another decision is a later acknowledgement. */
export interface Acknowledgement {
  no: number
  at: string
  by: string
  /** The newest run when it was made. */
  run: number
  /** The run whose verdict stood until then. */
  stood: number
  stands: number
  /** Of the farmland, up to which the newest run was known to hold. */
  dataVersion: number
  words: string
}

export function choiceOf({ run, stands }: Pick<Acknowledgement, 'run' | 'stands'>): CheckChoice {
  return stands === run ? 'accept' : 'keep'
}

/** The runs whose verdict may stand: the newest one, and those that have stood, the latest first. */
export function runsThatMayStand({ run, standingRun }: { run: number; standingRun: number }, acknowledgements: readonly Pick<Acknowledgement, 'no' | 'stood' | 'stands'>[]): number[] {
  const stood = acknowledgements.toSorted((a, b) => b.no - a.no).flatMap((one) => [one.stands, one.stood])
  return [...new Set([run, standingRun, ...stood, 1])]
}

/** `核查2023-0001`. */
export function checkNumber({ year, no }: { year: number; no: number }): string {
  return `核查${year}-${String(no).padStart(4, '0')}`
}

/** Whose a check is: the towns that the plot lies in, most of it first; departments that it was made by or for; and who made it. */
export interface CheckPlace {
  towns: readonly string[]
  departments: readonly string[]
  madeBy: string
}

/** How far somebody sees: the same as the database's own wall. */
export interface CheckSight {
  everywhere: boolean
  towns: readonly string[]
  departments: readonly string[]
  account: string
}

export function checkSightOf(person: Person | null): CheckSight {
  const everywhere = refusalOf(person, 'check.read', { town: '*', departments: [] }) === null
  return { everywhere, towns: person ? townsOf(person) : [], departments: person ? departmentsOf(person) : [], account: person?.account ?? '' }
}

/** May somebody with this sight see it? Also a plot that only partly lies in one's town. */
export function isInSight({ towns, departments, madeBy }: CheckPlace, sight: CheckSight): boolean {
  return sight.everywhere || towns.some((town) => sight.towns.includes(town)) || departments.some((one) => sight.departments.includes(one)) || madeBy === sight.account
}

/** The town that most of the plot lies in counts for the right to make and lead on a check. */
export function refusalOfCheck(person: Person | null, { towns, departments }: Pick<CheckPlace, 'towns' | 'departments'>, action: Action = 'check.make'): Refusal | null {
  return refusalOf(person, action, { town: towns[0] ?? '', departments })
}

/** What fits a check as it is: a difference that nobody has acknowledged is looked at before the check is closed. */
export function actsOn(check: Looked & { state: CheckState }): CheckAct[] {
  const change = changeOf(check)
  const fits = (act: CheckAct) => (act === 'acknowledge' ? change !== 'none' : act === 'close' ? change !== 'new' : true)
  return (Object.keys(CHECK_ACTS) as CheckAct[]).filter((act) => [null, check.state].includes(CHECK_ACTS[act].from) && fits(act))
}

/** What this person may do to it now. */
export function nextCheckActs(check: CheckPlace & Looked & { state: CheckState }, person: Person | null): CheckAct[] {
  return refusalOfCheck(person, check) ? [] : actsOn(check)
}

/** What a run finds, as far as two of them are compared. */
export type RunFigures = Pick<CheckResult, 'permanent' | 'total' | 'byKind' | 'parcels' | 'verdict'> & { remainingMu: number }

export interface Differences {
  verdict: { before: Verdict; after: Verdict } | null
  /** In 亩: what of the whole, and of each kind, is another amount now. */
  amounts: { what: 'permanent' | 'total' | 'remaining' | 'kind'; kind: string | null; before: number; after: number }[]
  /** Parcels that came, went, or are others now; null: not there. */
  parcels: { number: string; kind: string; before: number | null; after: number | null }[]
}

/** What is less is the reckoning's doing, in 亩 (7 cm²). */
const NOISE_MU = 1e-6

/** What is different; null: nothing is. */
export function differencesOf(before: RunFigures, after: RunFigures): Differences | null {
  const isOther = (a: number, b: number) => Math.abs(a - b) > NOISE_MU
  const muOfKind = ({ byKind }: RunFigures, kind: string) => byKind.find((one) => one.kind === kind)?.mu ?? 0
  const kinds = [...new Set([...before.byKind, ...after.byKind].map(({ kind }) => kind))]
  const amounts = [
    { what: 'permanent' as const, kind: null, before: before.permanent.mu, after: after.permanent.mu },
    { what: 'total' as const, kind: null, before: before.total.mu, after: after.total.mu },
    { what: 'remaining' as const, kind: null, before: before.remainingMu, after: after.remainingMu },
    ...kinds.map((kind) => ({ what: 'kind' as const, kind, before: muOfKind(before, kind), after: muOfKind(after, kind) })),
  ].filter((one) => isOther(one.before, one.after))
  const [was, is] = [before, after].map(({ parcels }) => new Map(parcels.map((parcel) => [parcel.id, parcel]))) as [Map<number, CheckResult['parcels'][number]>, Map<number, CheckResult['parcels'][number]>]
  const parcels = [...new Set([...was.keys(), ...is.keys()])].flatMap((id) => {
    const [a, b] = [was.get(id), is.get(id)]
    const isSame = a && b && !isOther(a.mu, b.mu) && (['number', 'kind', 'owner', 'crop', 'town', 'sliver'] as const).every((field) => a[field] === b[field])
    const { number, kind } = (b ?? a)!
    return isSame ? [] : [{ number, kind, before: a?.mu ?? null, after: b?.mu ?? null }]
  })
  const verdict = before.verdict === after.verdict ? null : { before: before.verdict, after: after.verdict }
  return verdict || amounts.length || parcels.length ? { verdict, amounts, parcels } : null
}
