import { readFile } from 'node:fs/promises'
import type { MultiPolygon, Polygon } from 'geojson'
import { FARMLAND } from '../../geo/layer/farmland.ts'
import { LAYERS } from '../../geo/layer/layers.ts'
import type { Task } from '../../geo/plan/plan.ts'
import { QINGPU } from '../../geo/town/qingpu.ts'
import { demoChecks } from '../../seeds/demo/checks.ts'
import { demoLayers, type DemoFeature } from '../../seeds/layers/demo.ts'
import { demoHistory } from '../../seeds/layers/history.ts'
import { audit, bySystem } from '../audit/queries.ts'
import { playChecks } from '../check/seed.ts'
import type { Sql, Tx } from '../database/connect.ts'
import { takeTurn } from '../database/turns.ts'
import type { Actor } from '../route.ts'
import { countCells } from '../tile/queries.ts'
import { currentSetId, townFeatures } from '../town/queries.ts'
import { deleteFeatures, insertFeatures, layerVersion, raiseLayerVersion, updateFeatures, type GivenFeature } from './queries.ts'

const FILE = new URL('../../seeds/layers/villages.json', import.meta.url)
const FIRST_START = bySystem('first start')

interface VillageList {
  source: string
  towns: { code: string; villages: { code: string; name: string }[]; communities: { code: string; name: string }[] }[]
}

/** 全域土地综合整治试点: the eight villages that task 25 of the 2023 list names. Where they lie it does not say. */
const CONSOLIDATION = { town: '310118104', names: ['双祥村', '王港村', '淀西村', '东星村', '蔡浜村', '陈东村', '南新村', '雪米村'], source: '2023年上海市青浦区乡村振兴重点任务清单，第 25 项' }

async function villageList(): Promise<VillageList> {
  return JSON.parse(await readFile(FILE, 'utf8')) as VillageList
}

/** 王仙村村委会 is the committee of 王仙村; 东盛社区居委会 that of 东盛社区. */
const nameOf = (committee: string) => committee.replace(/(?<=村)村委会$|村委会$|居委会$/, '')

/** Has the small areas of each layer of areas counted by its legend, for the map from afar. May run at every start, and in several processes at once. */
export async function prepareCells(sql: Sql): Promise<void> {
  await sql.begin(async (tx) => {
    await takeTurn(tx, 'layers')
    for (const { id, geometry, legend } of LAYERS) if (geometry === 'polygon') await countCells(tx, id, legend.field)
  })
}

/**
 * Writes the villages of the statistics bureau's list, without places, where the layer was never written to. May run at every start, and in several
 * processes at once.
 */
export async function seedVillages(sql: Sql, at: string): Promise<void> {
  if ((await layerVersion(sql, 'villages')) > 0) return
  const { source, towns } = await villageList()
  const licence = 'MIT/WTFPL'
  const villages = towns.flatMap(({ code: town, villages, communities }) =>
    [...villages.map((one) => ({ ...one, kind: 'village' })), ...communities.map((one) => ({ ...one, kind: 'community' }))].map(
      ({ code, name, kind }): GivenFeature => ({ key: code, properties: { name: nameOf(name), code, kind, committee: name }, geometry: null, town, unit: null, source, licence, demo: false }),
    ),
  )
  const named = villages.filter(({ town, properties }) => town === CONSOLIDATION.town && CONSOLIDATION.names.includes(String(properties.name)))
  const pilots = named.map(({ key, properties, town }): GivenFeature => {
    const own = { name: properties.name, kind: 'consolidation', village: key, year: 2023 }
    return { key: `consolidation/${key}`, properties: own, geometry: null, town, unit: null, source: CONSOLIDATION.source, licence: '', demo: false }
  })
  await sql.begin(async (tx) => {
    await takeTurn(tx, 'layers')
    // Another process may have been quicker.
    if ((await layerVersion(tx, 'villages')) > 0) return
    await store(tx, 'villages', villages, at)
    await store(tx, 'demonstration-villages', pilots, at)
    await audit(tx, FIRST_START, { action: 'feature.seed', subject: 'feature/villages', before: null, after: { villages: villages.length, pilots: pilots.length, source } })
  })
}

const DEMO_SOURCE = '演示：按任务量生成的示意要素 / demonstration: drawn up to fit the quotas'

/** Gives the layers the demonstration's features and their history, as if they had been kept through the plan's year, and the farmland its checks; part of the caller's transaction. */
export async function seedDemoLayers(tx: Tx, actor: Actor, plan: { year: number; startsOn: string }, tasks: readonly Task[]): Promise<void> {
  const shapes = await townFeatures(tx, QINGPU.code, await currentSetId(tx, QINGPU.code))
  const { towns: listed } = await villageList()
  const towns = shapes.map(({ geometry, properties: { code, shortName, labelPoint } }) => ({
    code,
    shortName,
    shape: geometry as Polygon | MultiPolygon | null,
    middle: labelPoint,
    villages: listed.find((one) => one.code === code)?.villages.length ?? 0,
  }))
  const given = ({ key, properties, geometry, unit }: DemoFeature): GivenFeature => ({ key, properties, geometry, unit, town: null, source: DEMO_SOURCE, licence: '', demo: true })
  const layers = demoLayers(towns, tasks)
  const counts = Object.fromEntries(Object.entries(layers).map(([layer, features]) => [layer, features.filter(({ closesOn }) => !closesOn).length]))
  const ids = new Map<string, number>()
  const checks = playChecks(tx, demoChecks(layers.farmland, plan.year))
  for (const { day, layer, add, change, remove } of demoHistory(layers, plan.year)) {
    await checks.before(day)
    const writing = { by: FIRST_START.name, at: `${day}T${day === plan.startsOn ? '00' : '12'}:00:00+08:00` }
    const idOf = ({ key }: DemoFeature) => ids.get(`${layer}/${key}`)!
    const added = await insertFeatures(tx, layer, add.map(given), writing)
    add.forEach(({ key }, i) => ids.set(`${layer}/${key}`, added[i]!))
    if (change.length) await updateFeatures(tx, layer, change.map((feature) => ({ ...given(feature), id: idOf(feature) })), writing) // prettier-ignore
    if (remove.length) await deleteFeatures(tx, layer, remove.map(idOf), writing)
    await raiseLayerVersion(tx, layer, writing.at)
    if (layer === FARMLAND.id) await checks.again(day)
  }
  await checks.before(`${plan.year + 1}-01-01`)
  await audit(tx, actor, { action: 'feature.demo', subject: `plan/${plan.year}`, before: null, after: counts })
}

async function store(tx: Tx, layer: string, features: readonly GivenFeature[], at: string): Promise<void> {
  await insertFeatures(tx, layer, features, { by: FIRST_START.name, at })
  await raiseLayerVersion(tx, layer, at)
}
