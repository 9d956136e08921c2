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

/** What can be done to a check. */
export const CHECK_ACTS = {
  again: { zh: '重新核查', en: 'Run again', from: 'open' },
  close: { zh: '办结', en: 'Close', from: 'open' },
  reopen: { zh: '重新打开', en: 'Reopen', from: 'closed' },
} as const satisfies Record<string, { zh: string; en: string; from: CheckState }>
export type CheckAct = keyof typeof CHECK_ACTS

/** Longest texts. */
export const CHECK_LIMITS = { applicant: 80, purpose: 200, sourceWords: 200, words: 500, departments: 10 } as const

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

/** What this person may do to it now. */
export function nextCheckActs(check: CheckPlace & { state: CheckState }, person: Person | null): CheckAct[] {
  if (refusalOfCheck(person, check)) return []
  return (Object.keys(CHECK_ACTS) as CheckAct[]).filter((act) => CHECK_ACTS[act].from === check.state)
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
