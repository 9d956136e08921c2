import { readFileSync } from 'node:fs'
import type { PageSources, TownShape } from '../../../geo/snapshot/figures.ts'
import { FIRST_LIGHT_RULE } from '../../../geo/light/rule.ts'
import { monthsWithDates } from '../../../geo/month/month.ts'
import type { Series } from '../../../geo/report/report.ts'
import { readTaskList } from '../../../geo/task-list/read.ts'
import { toPlan } from '../../../geo/task-list/resolve.ts'
import { documentFromText } from '../../../geo/task-list/text.ts'
import { labelPoint } from '../../../geo/town/label.ts'
import { QINGPU } from '../../../geo/town/qingpu.ts'
import { demoYear } from '../../../seeds/demo/year.ts'

const PLAN = { year: 2023, startsOn: '2023-01-01', endsOn: '2023-12-31' }
const seed = (path: string) => readFileSync(new URL(`../../../seeds/${path}`, import.meta.url), 'utf8')

/** The 2023 list with the demonstration year and the schematic boundaries, as a first start has them. */
export function demoSources(): PageSources {
  const { tasks } = toPlan(readTaskList(documentFromText(seed('task-lists/2023-310118.txt'), '2023'), { district: QINGPU }), QINGPU).list
  const series = new Map<string, Series>()
  for (const { measure, town, month, value, state, submittedAt, approvedAt, demo } of demoYear(PLAN, tasks)) {
    const key = `${measure}|${town}`
    if (!series.has(key)) series.set(key, { measure, town, points: [] })
    series.get(key)!.points.push({ month, value, state, submittedAt, approvedAt, demo })
  }
  const towns = JSON.parse(seed('towns.geojson')) as { features: { properties: { code: string }; geometry: TownShape['geometry'] | null }[] }
  return {
    plan: { year: 2023, title: '2023年青浦区乡村振兴重点任务清单' },
    district: QINGPU,
    towns: QINGPU.towns,
    shapes: towns.features.flatMap(({ properties, geometry }) => (geometry ? [{ code: properties.code, geometry, labelPoint: labelPoint(geometry) }] : [])),
    boundary: { kind: '示意', source: '示意边界', credit: '© OpenStreetMap 贡献者（ODbL），示意' },
    tasks,
    progress: { plan: PLAN, months: monthsWithDates(2023), rules: [{ ...FIRST_LIGHT_RULE, validFrom: PLAN.startsOn }], series: [...series.values()] },
  }
}
