import type { Geometry } from 'geojson'
import { faultOfShape, faultsOf, faultWords, tidied, type FeatureFault } from '../../geo/layer/check.ts'
import type { FeatureAct, FeatureProperties, Layer } from '../../geo/layer/layer.ts'
import { QINGPU } from '../../geo/town/qingpu.ts'
import { auditAll } from '../audit/queries.ts'
import type { Queryable, Tx } from '../database/connect.ts'
import { Problem } from '../problems.ts'
import { mustAllow, type Actor } from '../route.ts'
import { isStorable } from '../storable.ts'
import {
  deleteFeatures,
  featuresOf,
  holdFeatures,
  insertFeatures,
  invalidReason,
  keptVersions,
  raiseLayerVersion,
  reassignTowns,
  restoreFeatures,
  updateFeatures,
  type FeatureRow,
  type GivenFeature,
  type Writing,
} from './queries.ts'

/** A feature as a person sends it. */
export interface SentFeature {
  geometry: Geometry | null
  properties: FeatureProperties
  key?: string | null | undefined
  town?: string | null | undefined
  unit?: string | null | undefined
  source?: string | undefined
  licence?: string | undefined
}

const BY_HAND = '人工录入 / entered by hand'

/**
 * Refuses a feature that is wrong, telling every field at fault at once. Before the transaction: it asks the database about the shape, and
 * embedded an open transaction keeps everybody waiting.
 * @throws Problem feature-invalid
 */
export async function mustBeSound(sql: Queryable, layer: Layer, { geometry, properties, town, unit }: SentFeature): Promise<void> {
  const shape = geometry ? faultOfShape(layer, geometry) : null
  const faults: FeatureFault[] = [...faultsOf(layer, properties, shape ? null : geometry), ...(shape ? [shape] : [])]
  if (!isStorable(properties)) faults.push({ field: '/properties', fault: 'not-text', params: {} })
  const isTown = (code: string | null | undefined) => code == null || QINGPU.towns.some((one) => one.code === code)
  for (const [field, code] of [['/town', town], ['/unit', unit]] as const) if (!isTown(code)) faults.push({ field, fault: 'not-option', params: {} }) // prettier-ignore
  if (geometry && !shape && layer.geometry === 'polygon') {
    const reason = await invalidReason(sql, geometry)
    if (reason) faults.push({ field: '/geometry', fault: 'shape-invalid', params: { reason } })
  }
  refuse(faults)
}

/**
 * The same of a shape alone.
 * @throws Problem feature-invalid
 */
export async function mustBeShape(sql: Queryable, layer: Layer, geometry: Geometry | null | undefined): Promise<void> {
  const fault = geometry ? faultOfShape(layer, geometry) : ({ field: '/geometry', fault: 'missing', params: {} } as const)
  if (fault) return refuse([fault])
  const reason = await invalidReason(sql, geometry!)
  if (reason) refuse([{ field: '/geometry', fault: 'shape-invalid', params: { reason } }])
}

function refuse(faults: readonly FeatureFault[]): void {
  const [first] = faults
  if (!first) return
  const told = faults.map((fault) => ({ ...fault, words: { 'zh-CN': faultWords(fault, 'zh'), en: faultWords(fault, 'en') } }))
  throw new Problem('feature-invalid', { count: faults.length, first: `${first.field} ${faultWords(first, 'zh')}`, firstEn: `${first.field} ${faultWords(first, 'en')}`, faults: told }, first.field)
}

const given = (layer: Layer, sent: SentFeature, before: FeatureRow | null, actor: Actor): GivenFeature => ({
  key: sent.key === undefined ? (before?.key ?? null) : sent.key,
  properties: tidied(layer, sent.properties),
  geometry: sent.geometry,
  town: sent.town ?? before?.town ?? null,
  unit: sent.unit === undefined ? (before?.unit ?? null) : sent.unit,
  source: sent.source ?? before?.source ?? BY_HAND,
  licence: sent.licence ?? before?.licence ?? '',
  // What was drawn up stays marked, whoever touches it afterwards.
  demo: actor.demo || (before?.demo ?? false),
})

/** What is done to a layer in one go: all of it or nothing. Numbers and versions are those that the person saw. */
export interface Edits {
  add?: readonly SentFeature[]
  change?: readonly (SentFeature & { id: number; version: number })[]
  remove?: readonly { id: number; version: number }[]
  /** Put back as they were in `to`; `version` is the one that stands now, 0: it is gone. */
  restore?: readonly { id: number; version: number; to: number }[]
}

/** The features as they are now, in the order of the edits. */
export interface Edited {
  added: FeatureRow[]
  changed: FeatureRow[]
  restored: FeatureRow[]
  removed: number[]
}

/**
 * Adds, changes, removes and restores features of a layer; part of the caller's transaction, and the one way in which people's edits come in: checks
 * the versions (another one now is a conflict), checks the right for the town where each feature was and is, keeps their history, raises the layer's
 * data version and writes the trail. What is added or changed must have passed {@link mustBeSound}.
 * @throws Problem not-found, not-allowed, version-conflict, feature-key-taken
 */
export async function editFeatures(tx: Tx, actor: Actor, layer: Layer, edits: Edits, { at, reason = '', cause }: Omit<Writing, 'by'>): Promise<Edited> {
  const { add = [], change = [], remove = [], restore = [] } = edits
  const writing = { by: actor.name, at, reason, ...(cause === undefined ? {} : { cause }) }
  const touched = [...change, ...remove, ...restore]
  const before = new Map((await holdFeatures(tx, layer.id, touched.map(({ id }) => id))).map((one) => [one.id, one])) // prettier-ignore
  for (const { id, version } of touched) mustBeCurrent(layer, id, version, before.get(id))
  const was = [...before.values()]
  for (const one of was) mustReach(actor, layer, one)
  const [ids, backIds] = [change.map(({ id }) => id), restore.map(({ id }) => id)]
  if (restore.length) await mustHaveBeen(tx, layer, restore)
  const added = await written(actor, layer, [...add, ...change], async () => {
    // What goes away first, so that its key is free.
    if (remove.length) await deleteFeatures(tx, layer.id, remove.map(({ id }) => id), writing) // prettier-ignore
    if (change.length) await updateFeatures(tx, layer.id, change.map((sent) => ({ ...given(layer, sent, before.get(sent.id)!, actor), id: sent.id })), writing) // prettier-ignore
    if (restore.length) await restoreFeatures(tx, layer.id, restore.map(({ id, to }) => ({ id, version: to })), writing) // prettier-ignore
    return add.length ? insertFeatures(tx, layer.id, add.map((sent) => given(layer, sent, null, actor)), writing) : [] // prettier-ignore
  })
  await raiseLayerVersion(tx, layer.id, at)
  const all = [...ids, ...backIds, ...added]
  const now = new Map((await featuresOf(tx, layer.id, { ids: all }, { after: 0, limit: all.length })).map((one) => [one.id, one]))
  for (const one of now.values()) mustReach(actor, layer, one)
  const pick = (list: readonly number[]) => list.flatMap((id) => now.get(id) ?? [])
  const facts = (one: FeatureRow | undefined) => (one ? factsOf(one) : null)
  const line = (act: FeatureAct, id: number) => ({ action: `feature.${act}`, subject: `feature/${layer.id}/${id}`, before: facts(before.get(id)), after: facts(now.get(id)) })
  await auditAll(tx, actor, [
    ...remove.map(({ id }) => line('delete', id)),
    ...ids.map((id) => line('change', id)),
    ...backIds.map((id) => line('restore', id)),
    ...added.map((id) => line('create', id)),
  ])
  return { added: pick(added), changed: pick(ids), restored: pick(backIds), removed: remove.map(({ id }) => id) }
}

/** After the boundaries were replaced: the towns of all features, by the boundaries now in use. Features themselves do not change, so neither do their versions. */
export async function placeFeaturesAnew(tx: Tx, at: string | null = null): Promise<void> {
  for (const layer of await reassignTowns(tx, at)) await raiseLayerVersion(tx, layer, at)
}

function mustBeCurrent(layer: Layer, id: number, version: number, before: FeatureRow | undefined): void {
  const current = before?.version ?? 0
  if (current === version) return
  if (!before) throw new Problem('not-found', { what: `feature/${layer.id}/${id}` }, 'id')
  throw new Problem('version-conflict', { id, current, given: version }, 'version')
}

/** What is restored must have been: a version that was no deletion, of this layer. */
async function mustHaveBeen(tx: Tx, layer: Layer, restore: readonly { id: number; to: number }[]): Promise<void> {
  const known = await keptVersions(tx, layer.id, restore.map(({ id }) => id)) // prettier-ignore
  for (const { id, to } of restore) if (!known.has(`${id}/${to}`)) throw new Problem('not-found', { what: `feature/${layer.id}/${id}/versions/${to}` }, 'id')
}

/** Where a right reaches only its own towns, the feature must lie there, and count for no other. */
function mustReach({ person }: Actor, { edits }: Layer, { town, unit }: FeatureRow): void {
  if (!person) return
  mustAllow(person, edits, { town: town ?? '' })
  if (unit) mustAllow(person, edits, { town: unit })
}

/** @throws Problem feature-key-taken where the layer has a feature with one of the keys already; not-allowed where the wall finds a feature outside of the person's towns */
async function written<T>({ person }: Actor, layer: Layer, sent: readonly SentFeature[], write: () => Promise<T>): Promise<T> {
  return write().catch((error: { code?: string; detail?: string }) => {
    if (error.code === '42501' && person) mustAllow(person, layer.edits, { town: '' })
    if (error.code !== '23505') throw error
    const keys = sent.flatMap(({ key }) => key ?? [])
    throw new Problem('feature-key-taken', { key: keys.find((key) => error.detail?.includes(key)) ?? keys[0] ?? '' }, '/key')
  })
}

/** What the trail keeps; the shape itself is in the feature's history. */
const factsOf = ({ version, key, properties, town, towns, unit, areaM2, lengthM }: FeatureRow) => ({ version, key, properties, town, towns, unit, areaM2, lengthM })
