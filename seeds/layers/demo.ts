/**
 * Features for the layers of the planning map, drawn up: inside the towns, in amounts that fit the plan's quotas, the same every time. No clock,
 * no other input than the towns' shapes, the plan's tasks and the list of villages. Every feature is a demonstration and says so.
 */
import type { Geometry, MultiPolygon, Polygon, Position } from 'geojson'
import type { FeatureProperties } from '../../geo/layer/layer.ts'
import type { Task } from '../../geo/plan/plan.ts'
import { isDistrict } from '../../geo/right/right.ts'
import { convert, M2_PER_MU } from '../../geo/unit/unit.ts'
import { chanceOf } from '../demo/chance.ts'
import { Ground, type Cell } from './ground.ts'

export interface DemoFeature {
  key: string
  properties: FeatureProperties
  geometry: Geometry
  unit: string | null
  /** The day on which it is given up; it is none of the quota's. */
  closesOn?: string
}
export type DemoLayers = Record<'farmland' | 'roads' | 'bridges' | 'sites' | 'demonstration-villages', DemoFeature[]>

/** A town with its shape, and how many villages it has: what the district has without a split is split by them. */
export interface DemoTown {
  code: string
  shortName: string
  shape: Polygon | MultiPolygon | null
  middle: Position | null
  villages: number
}

/** Vegetable land is sown several times a year: the district keeps so much of it (the list's 15.4), split like what is sown. */
const SOWN = '15.1'
/** The park has quotas and no boundary; its fields are drawn here, which says nothing about where it lies. */
const PARK = { code: '310118P01', host: '310118003' }

export function demoLayers(towns: readonly DemoTown[], tasks: readonly Pick<Task, 'no' | 'measures'>[]): DemoLayers {
  const quotas = quotasOf(tasks)
  const made: DemoLayers = { farmland: [], roads: [], bridges: [], sites: [], 'demonstration-villages': [] }
  const vegetables = share(quotas.district('15.4', '亩'), new Map(towns.map(({ code }) => [code, quotas.town(SOWN, code, '亩次')])))
  const split = (measure: string, among?: readonly string[]) => wholes(quotas.district(measure), towns.filter(({ code, shape }) => shape && (!among || among.includes(code))))
  const splits = new Map(SITES.filter(({ split: by }) => by).map(({ measure, split: by }) => [measure, split(measure, by === 'all' ? undefined : by)]))
  for (const town of towns) {
    if (!town.shape || !town.middle) continue
    const ground = new Ground(town.code, town.shape, town.middle)
    const name = town.shortName
    made.farmland.push(...fields(ground, town, quotas, vegetables))
    const roads = roadsOf(ground, town, quotas)
    made.roads.push(...roads)
    made.bridges.push(...bridgesOf(town, roads))
    for (const { kind, label, measure } of SITES) {
      const wanted = splits.get(measure)?.get(town.code) ?? quotas.town(measure, town.code)
      made.sites.push(...sitesOf(ground, name, `${town.code}/${kind}`, { kind, label, count: wanted, unit: null }))
      if (town.code === PARK.host) made.sites.push(...sitesOf(ground, '农业园区', `${PARK.code}/${kind}`, { kind, label, count: quotas.town(measure, PARK.code), unit: PARK.code }))
    }
    made.sites.push(...sitesOf(ground, name, `${town.code}/retail`, { kind: 'retail', label: '零售网点', count: 2, unit: null }))
    // One more that does not last the year: what is gone is seen on past days only.
    made.sites.push(...sitesOf(ground, name, `${town.code}/retail-closed`, { kind: 'retail', label: '零售网点', count: 1, unit: null }).map((site) => ({ ...site, properties: { ...site.properties, name: `演示零售网点（${name}，已撤销）` }, closesOn: CLOSES_ON })))
    for (const { measure, kind, year, label } of VILLAGES) made['demonstration-villages'].push(...villagesOf(ground, town, { kind, year, label, count: quotas.town(measure, town.code) }))
  }
  return made
}

const SITES: { kind: string; label: string; measure: string; split?: 'all' | readonly string[] }[] = [
  { kind: 'safe-house', label: '平安屋', measure: '41.1', split: 'all' },
  { kind: 'clinic', label: '村卫生室', measure: '47.1', split: 'all' },
  { kind: 'health-station', label: '卫生服务站', measure: '47.2', split: ['310118102', '310118103', '310118110'] },
  { kind: 'guesthouse', label: '星级民宿', measure: '33.1', split: ['310118102', '310118104'] },
  { kind: 'civility', label: '文明实践站点', measure: '45.3', split: ['310118103', '310118109', '310118001'] },
  { kind: 'fish-farm', label: '健康养殖示范场', measure: '21.2' },
  { kind: 'fish-farm-review', label: '复审示范场', measure: '21.3' },
  { kind: 'machines', label: '机器换人基地', measure: '28.1' },
  { kind: 'agriculture', label: '都市农业项目', measure: '29.1' },
  { kind: 'land', label: '用地项目', measure: '50.1' },
  { kind: 'watershed', label: '生态清洁小流域', measure: '12.1' },
  { kind: 'schooling', label: '劳动教育基地', measure: '49.1' },
]

/** When the sites that do not last are given up. */
const CLOSES_ON = '2023-08-15'

const VILLAGES = [
  { measure: '1.1', kind: 'demonstration', year: 2022, label: '示范村' },
  { measure: '2.1', kind: 'demonstration', year: 2023, label: '示范村' },
  { measure: '3.1', kind: 'beautiful', year: 2023, label: '美丽乡村' },
]

type Quotas = ReturnType<typeof quotasOf>

function quotasOf(tasks: readonly Pick<Task, 'measures'>[]) {
  const measures = new Map(tasks.flatMap((task) => task.measures.map((measure) => [measure.id, measure])))
  const find = (measure: string, fits: (town: string) => boolean, unit?: string): number => {
    const { unit: own = '', quotas = [] } = measures.get(measure) ?? {}
    const target = quotas.find(({ town }) => fits(town))?.target ?? 0
    return unit ? (convert(target, own, unit) ?? 0) : target
  }
  return {
    town: (measure: string, town: string, unit?: string) => find(measure, (one) => one === town, unit),
    district: (measure: string, unit?: string) => find(measure, isDistrict, unit),
  }
}

/** A total by weights. */
function share(total: number, weights: ReadonlyMap<string, number>): Map<string, number> {
  const sum = [...weights.values()].reduce((a, b) => a + b, 0) || 1
  return new Map([...weights].map(([code, weight]) => [code, (total * weight) / sum]))
}

/** A whole number of things by the number of villages, whole everywhere; the largest remainders get what is left. */
function wholes(total: number, towns: readonly DemoTown[]): Map<string, number> {
  const parts = [...share(total, new Map(towns.map(({ code, villages }) => [code, villages])))]
  const whole = new Map(parts.map(([code, part]) => [code, Math.floor(part)]))
  let left = total - [...whole.values()].reduce((a, b) => a + b, 0)
  for (const [code] of parts.toSorted(([, a], [, b]) => (b % 1) - (a % 1))) if (left-- > 0) whole.set(code, whole.get(code)! + 1)
  return whole
}

const CROPS: Record<string, readonly string[]> = { grain: ['水稻', '水稻、小麦'], vegetable: ['青菜', '茭白', '生菜', '番茄'], facility: ['番茄', '黄瓜'], aquaculture: ['青虾', '河蟹', '鳊鱼'] }

function fields(ground: Ground, { code, shortName }: DemoTown, quotas: Quotas, vegetables: ReadonlyMap<string, number>): DemoFeature[] {
  const made: DemoFeature[] = []
  const put = (unit: string, kind: string, cells: readonly Cell[]) => {
    for (const cell of cells) {
      const n = made.filter((one) => one.properties.kind === kind).length + 1
      const key = `demo/${code}/${kind}/${n}`
      const chance = chanceOf(key)
      const crops = CROPS[kind] ?? []
      const declaredMu = Math.round((cell.areaM2 / M2_PER_MU) * chance.between(0.985, 1.01) * 10) / 10
      const properties = {
        number: `演示-${shortName}-${KIND_LETTERS[kind]}${String(n).padStart(4, '0')}`,
        kind,
        owner: kind === 'permanent' ? undefined : `演示合作社 ${chance.whole(1, 12)}`,
        crop: crops[chance.whole(0, crops.length - 1)],
        declaredMu,
      }
      made.push({ key, properties, geometry: ground.polygon(cell), unit: unit === code ? null : unit })
    }
  }
  const cells = ground.cells()
  // Farming begins where the country is open, ponds lie where it is not; protection and labels lie over uses.
  const ponds = cells.toReversed()
  let [field, pond] = [0, 0]
  for (const unit of code === PARK.host ? [code, PARK.code] : [code]) {
    const amount = (measure: string) => quotas.town(measure, unit, '亩') * M2_PER_MU
    const start = field
    const use = (kind: string, m2: number) => {
      const taken = ground.take(cells.slice(field), m2)
      put(unit, kind, taken)
      field += taken.length
    }
    use('grain', amount('14.1'))
    use('vegetable', (vegetables.get(unit) ?? 0) * M2_PER_MU)
    use('facility', amount('15.3'))
    const water = ground.take(ponds.slice(pond), amount('21.1'))
    put(unit, 'aquaculture', water)
    const green = ground.take(ponds.slice(pond), amount('18.2'))
    put(unit, 'green-fish', green)
    pond += Math.max(water.length, green.length)
    put(unit, 'green-crops', ground.take(cells.slice(start), amount('18.1')))
    put(unit, 'permanent', ground.take(cells.slice(start), amount('24.1')))
    if (HIGH_STANDARD.includes(unit)) put(unit, 'high-standard', ground.take(cells.slice(start + 2), (quotas.district('27.1', '亩') * M2_PER_MU) / HIGH_STANDARD.length))
  }
  if (field + pond > cells.length) throw new Error(`${code}: fields and ponds meet`)
  return made
}
const KIND_LETTERS: Record<string, string> = { grain: 'L', vegetable: 'C', facility: 'S', aquaculture: 'Y', 'green-fish': 'YL', 'green-crops': 'ZL', permanent: 'J', 'high-standard': 'G' }
/** The towns that task 27 names. */
const HIGH_STANDARD = ['310118105', '310118102', '310118003']
/** The towns that task 9 names, with kilometres of the district's that are drawn there. */
const WORKS_OF_9: Record<string, { 'grade-c': number; waterside: number }> = { '310118105': { 'grade-c': 3, waterside: 1 }, '310118110': { 'grade-c': 3, waterside: 1 }, '310118104': { 'grade-c': 3, waterside: 2 } }

function roadsOf(ground: Ground, { code, shortName }: DemoTown, quotas: Quotas): DemoFeature[] {
  const projects = quotas.town('11.1', code)
  // The list splits the projects and not their kilometres: all are equally long.
  const metresEach = Math.round((quotas.district('11.2', '公里') * 1000) / 25)
  const kilometres = WORKS_OF_9[code] ?? { 'grade-c': 0, waterside: 0 }
  const wanted = [
    ...Array.from({ length: projects }, () => ({ works: 'upgrade', class: 'township', metres: metresEach })),
    ...Array.from({ length: kilometres['grade-c'] }, () => ({ works: 'grade-c', class: 'inner', metres: 1000 })),
    ...Array.from({ length: kilometres.waterside }, () => ({ works: 'waterside', class: 'village', metres: 1000 })),
    ...Array.from({ length: 4 }, () => ({ works: 'none', class: 'village', metres: 1600 })),
  ]
  return wanted.map(({ works, class: level, metres }, i) => {
    const key = `demo/${code}/road/${i + 1}`
    const chance = chanceOf(key)
    const isPlanned = works !== 'none'
    const done = Math.min(metres, Math.round((metres * chance.between(0.3, 1.25)) / 10) * 10)
    const properties = {
      name: `演示路段（${shortName} ${i + 1}）`,
      works,
      class: level,
      state: works === 'grade-c' ? 'C' : 'ABB'[chance.whole(0, 2)],
      chief: `演示路长 ${chance.whole(1, 9)}`,
      ...(isPlanned ? { year: 2023, planned: [[0, metres]], done: [[0, done]] } : {}),
    }
    return { key, properties, geometry: ground.line(chance, metres), unit: null }
  })
}

function bridgesOf({ code, shortName }: DemoTown, roads: readonly DemoFeature[]): DemoFeature[] {
  return roads.slice(-4).map(({ geometry }, i) => {
    const key = `demo/${code}/bridge/${i + 1}`
    const chance = chanceOf(key)
    const line = geometry.type === 'LineString' ? geometry.coordinates : []
    const month = chance.whole(1, 12)
    const properties = {
      name: `演示桥（${shortName} ${i + 1}）`,
      grade: String(chance.happens(0.15) ? 4 : chance.whole(1, 3)),
      span: chance.whole(8, 46),
      cycle: 36,
      inspectedOn: `${chance.whole(2020, 2022)}-${String(month).padStart(2, '0')}-15`,
      keeper: `演示管护单位 ${chance.whole(1, 5)}`,
    }
    return { key, properties, geometry: { type: 'Point', coordinates: line[line.length >> 1]! }, unit: null }
  })
}

function sitesOf(ground: Ground, name: string, place: string, { kind, label, count, unit }: { kind: string; label: string; count: number; unit: string | null }): DemoFeature[] {
  return Array.from({ length: count }, (_, i) => {
    const key = `demo/${place}/${i + 1}`
    const chance = chanceOf(key)
    const stage = ['planned', 'building', 'building', 'done', 'done', 'done'][chance.whole(0, 5)]!
    const properties = {
      name: `演示${label}（${name} ${i + 1}）`,
      kind,
      stage,
      operator: `演示主体 ${chance.whole(1, 20)}`,
      ...(stage === 'planned' ? {} : { startedOn: `2023-0${chance.whole(1, 6)}-10` }),
      ...(stage === 'done' ? { finishedOn: `2023-${String(chance.whole(7, 11)).padStart(2, '0')}-20`, open: true } : { open: false }),
    }
    return { key, properties, geometry: ground.point(chance), unit }
  })
}

function villagesOf(ground: Ground, { code, shortName }: DemoTown, { kind, year, label, count }: { kind: string; year: number; label: string; count: number }): DemoFeature[] {
  const CHECKLIST = ['design', 'projects', 'environment', 'industry', 'maintenance']
  return Array.from({ length: count }, (_, i) => {
    const key = `demo/${code}/village/${kind}/${year}/${i + 1}`
    const chance = chanceOf(key)
    const stage = year === 2022 ? 'building' : kind === 'beautiful' ? (['designed', 'building'] as const)[chance.whole(0, 1)]! : 'declared'
    const checklist = CHECKLIST.slice(0, year === 2022 ? 4 : stage === 'declared' ? chance.whole(0, 1) : chance.whole(2, 3))
    return { key, properties: { name: `演示${label}（${shortName} ${year}-${i + 1}）`, kind, year, stage, checklist }, geometry: ground.point(chance), unit: null }
  })
}
