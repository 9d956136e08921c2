import { createHash } from 'node:crypto'
import type { TownBoundary } from '../../geo/town/boundary-file.ts'
import { type BoundaryReport, boundaryReport } from '../../geo/town/check.ts'
import { type Finding, findingWords } from '../../geo/town/finding.ts'
import { PUBLISHED_AREAS_KM2 } from '../../geo/town/published-areas.ts'
import type { District } from '../../geo/town/town.ts'
import { audit } from '../audit/queries.ts'
import { placeChecksAnew } from '../check/queries.ts'
import type { Sql, Tx } from '../database/connect.ts'
import { placeFeaturesAnew } from '../layer/store.ts'
import { Problem } from '../problems.ts'
import type { Actor } from '../route.ts'
import {
  type BoundaryCredit,
  boundarySets,
  currentSetId,
  groundOf,
  insertBoundarySet,
  invalidBoundaries,
  lockBoundarySets,
  townReferences,
  useBoundarySet,
} from './queries.ts'
import { type BoundaryFile, readInThread } from './read.ts'

export interface Examined {
  report: BoundaryReport
  /** Ready to be stored if the report is ok. */
  boundaries: TownBoundary[]
}

export interface StoreOptions extends BoundaryCredit {
  /** Store although the check has warnings. */
  acceptWarnings: boolean
  /** The set that the sender saw in use; null: whichever. */
  replaces: number | null
  /** From when on it is in use; by default now, by the database's clock. */
  at?: string | null
}

/**
 * The check of a file against the boundaries in use and the published areas; stores nothing.
 * @throws Problem file-empty, boundaries-invalid (no JSON), file-too-slow, file-too-large
 */
export async function examineFile(sql: Sql, file: BoundaryFile, district: District): Promise<Examined> {
  const reading = await readInThread(file)
  const current = await currentSetId(sql, district.code)
  const before = current == null ? [] : await townReferences(sql, current)
  const ground = await groundOf(sql, reading.boundaries)
  return boundaryReport(reading, ground, district, { before, publishedKm2: PUBLISHED_AREAS_KM2 })
}

/**
 * Refuses what must not be stored.
 * @throws Problem boundaries-invalid with the whole report
 */
export function mustBeStorable({ report }: Examined, acceptWarnings: boolean): void {
  const inTheWay = report.findings.filter(
    ({ severity }) => severity === 'error' || (severity === 'warning' && !acceptWarnings),
  )
  const [first] = inTheWay
  if (!first) return
  const names = new Map(report.towns.map(({ code, name }) => [code, name]))
  throw new Problem('boundaries-invalid', { why: sentence(first, names, inTheWay.length - 1), report }, 'file')
}

function sentence(found: Finding, names: Map<string, string>, more: number): string {
  const where = found.towns.map((code) => names.get(code) ?? code).join('、')
  return `${where && `${where}: `}${findingWords(found, 'zh-CN')} / ${findingWords(found, 'en')}${more > 0 ? ` (+${more})` : ''}`
}

/**
 * Puts examined boundaries into use, all or nothing; part of the caller's transaction. The set before stays for undoing. The check
 * comes before the transaction: embedded, an open transaction keeps everybody waiting.
 * @throws Problem version-conflict, boundaries-invalid (by PostGIS)
 */
export async function storeBoundaries(
  tx: Tx,
  actor: Actor,
  file: BoundaryFile,
  { report, boundaries }: Examined,
  district: District,
  { acceptWarnings, replaces, at = null, ...credit }: StoreOptions,
): Promise<number> {
  await lockBoundarySets(tx)
  const before = await currentSetId(tx, district.code)
  if (replaces != null && replaces !== before)
    throw new Problem('version-conflict', { current: before, given: replaces }, 'replaces')
  const sha256 = createHash('sha256').update(file.bytes).digest('hex')
  const about = { ...credit, fileName: file.name, sha256 }
  const id = await insertBoundarySet(tx, district.code, { ...about, storedBy: actor.name, report }, boundaries, at)
  const [invalid] = await invalidBoundaries(tx, id)
  if (invalid)
    throw new Problem(
      'boundaries-invalid',
      { why: `${invalid.town}: ${invalid.why}`, report: report satisfies BoundaryReport },
      'file',
    )
  await placeFeaturesAnew(tx, at)
  await placeChecksAnew(tx)
  await audit(tx, actor, {
    action: 'town.boundaries.replace',
    subject: `boundary-set/${id}`,
    before: { inUse: before },
    after: { inUse: id, ...about, acceptWarnings },
  })
  return id
}

/**
 * Puts an earlier set back into use; part of the caller's transaction.
 * @throws Problem not-found
 */
export async function restoreBoundaries(tx: Tx, actor: Actor, id: number, district: District, at: string | null = null): Promise<void> {
  await lockBoundarySets(tx)
  const sets = await boundarySets(tx, district.code)
  if (!sets.some((set) => set.id === id)) throw new Problem('not-found', { what: `boundary-set/${id}` }, 'id')
  const before = sets.find(({ current }) => current)?.id ?? null
  if (before === id) return
  await useBoundarySet(tx, district.code, id, at)
  await placeFeaturesAnew(tx, at)
  await placeChecksAnew(tx)
  await audit(tx, actor, {
    action: 'town.boundaries.restore',
    subject: `boundary-set/${id}`,
    before: { inUse: before },
    after: { inUse: id },
  })
}
