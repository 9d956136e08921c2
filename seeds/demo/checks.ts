/**
 * The demonstration's farmland checks: plots beside, over and away from the permanent basic farmland that was drawn up, in different towns, on their way
 * through the year. Only plots and what people say are made up here; every figure and verdict is what the check itself finds. Pure, and the same every time.
 */
import type { Polygon } from 'geojson'
import { PERMANENT } from '../../geo/check/check.ts'
import type { CheckSource } from '../../geo/check/record.ts'
import type { DemoFeature } from '../layers/demo.ts'
import { surveyedAnew } from '../layers/history.ts'
import { boxOf, easternCorner, isOpen, meets, rectangle, ringOf } from '../layers/side.ts'

/** What becomes of a check, day by day. */
export type DemoCheckStep =
  | { act: 'acknowledge'; day: string; by: string; choice: 'accept' | 'keep'; words: string }
  | { act: 'close'; day: string; by: string; words: string }

export interface DemoCheck {
  town: string
  day: string
  /** The account that keeps it. */
  by: string
  applicant: string
  purpose: string
  source: CheckSource
  sourceWords: string
  plot: Polygon
  steps: DemoCheckStep[]
}

/** Where a plot is laid, told by the parcel: over a pond, over its eastern rim by some metres, half over it, or where a survey drew it larger. */
type Where = 'pond' | 'edge' | 'across' | 'surveyed'
interface Story extends Omit<DemoCheck, 'plot' | 'source' | 'sourceWords' | 'steps'> {
  where: Where
  source?: CheckSource
  sourceWords?: string
  steps?: DemoCheckStep[]
}

const STORIES: readonly Story[] = [
  { town: '310118110', where: 'pond', day: '2023-02-14', by: 'town-310118110', applicant: '演示水产合作社', purpose: '尾水处理池改造', source: 'file', sourceWords: '演示地块.zip' },
  { town: '310118106', where: 'edge', day: '2023-03-02', by: 'planner', applicant: '演示水务所', purpose: '农田泵站扩建' },
  { town: '310118104', where: 'surveyed', day: '2023-03-20', by: 'planner', applicant: '演示农机服务中心', purpose: '农机库房' },
  {
    town: '310118105',
    where: 'surveyed',
    day: '2023-04-11',
    by: 'planner',
    applicant: '演示粮食合作社',
    purpose: '粮食烘干房',
    steps: [{ act: 'acknowledge', day: '2023-08-03', by: 'planner', choice: 'keep', words: '用地批准在更新调查之前，维持原结论；新划入部分另行核减（演示）。' }],
  },
  {
    town: '310118103',
    where: 'surveyed',
    day: '2023-05-09',
    by: 'town-310118103',
    applicant: '演示蔬菜基地',
    purpose: '冷库和分拣场地',
    steps: [{ act: 'acknowledge', day: '2023-08-15', by: 'office', choice: 'accept', words: '' }],
  },
  {
    town: '310118109',
    where: 'across',
    day: '2023-05-24',
    by: 'planner',
    applicant: '演示村集体公司',
    purpose: '村级停车场',
    steps: [{ act: 'close', day: '2023-06-12', by: 'planner', words: '已调整选址，避让永久基本农田（演示）。' }],
  },
  { town: '310118102', where: 'across', day: '2023-09-18', by: 'office', applicant: '演示文旅公司', purpose: '游客服务点', sourceWords: '选址方案二' },
  { town: '310118107', where: 'edge', day: '2023-11-06', by: 'planner', applicant: '演示供电所', purpose: '开关站' },
]

/** The checks that find the parcels that they are about; in another plan's district there may be none. */
export function demoChecks(farmland: readonly DemoFeature[], year: number): DemoCheck[] {
  const protectedAreas = farmland.filter(({ properties }) => properties.kind === PERMANENT)
  const surveyed = new Map(surveyedAnew(farmland).map((feature) => [townOf(feature), feature]))
  return STORIES.flatMap(({ where, source = 'drawn', sourceWords = '', steps = [], ...story }): DemoCheck[] => {
    if (!story.day.startsWith(String(year))) return []
    const own = farmland.filter((feature) => townOf(feature) === story.town)
    const plot = where === 'surveyed' ? besideOf(surveyed.get(story.town), 25, 30, 60) : where === 'pond' ? overPond(own, protectedAreas) : atEdge(own, protectedAreas, where)
    return plot ? [{ ...story, source, sourceWords, plot, steps }] : []
  })
}

const townOf = ({ key }: DemoFeature) => key.split('/')[1]!

function overPond(own: readonly DemoFeature[], protectedAreas: readonly DemoFeature[]): Polygon | null {
  for (const pond of own.filter(({ properties }) => properties.kind === 'aquaculture')) {
    const { west, east, south, north } = boxOf(ringOf(pond))
    const plot = rectangle([(west + east) / 2, (south + north) / 2], [-60, -45, 60, 45])
    if (!protectedAreas.some((one) => meets(boxOf(ringOf(one)), boxOf(plot.coordinates[0]!)))) return plot
  }
  return null
}

/** By a parcel whose eastern side is open. */
function atEdge(own: readonly DemoFeature[], protectedAreas: readonly DemoFeature[], where: 'edge' | 'across'): Polygon | null {
  const open = own.find((feature) => feature.properties.kind === PERMANENT && isOpen(feature, protectedAreas))
  return where === 'edge' ? besideOf(open, 2.5, 70, 24) : besideOf(open, 70, 50, 100)
}

/** From so many metres inside of a parcel's easternmost corner to so many beyond. */
function besideOf(parcel: DemoFeature | undefined, inside: number, beyond: number, height: number): Polygon | null {
  return parcel ? rectangle(easternCorner(parcel), [-inside, -height / 2, beyond, height / 2]) : null
}
