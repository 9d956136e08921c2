import { QINGPU } from '../../geo/town/qingpu.ts'
import { demoFindings, type DemoFinding } from '../../seeds/demo/findings.ts'
import { photosOfFindings } from '../../seeds/demo/photos.ts'
import { demoPhoto } from '../attachment/demo-photo.ts'
import { calendar } from '../calendar/queries.ts'
import type { Tx } from '../database/connect.ts'
import { takeTurn } from '../database/turns.ts'
import { leadDepartments, tasksOf, type PlanRow } from '../plan/queries.ts'
import { currentSetId, townFeatures } from '../town/queries.ts'
import { insertFindings, insertFindingVersions, insertPhoto } from './queries.ts'

/** The demonstration's ledger, with everybody who had a hand in it as an account of the demonstration. Part of the caller's transaction. */
export async function seedFindings(tx: Tx, plan: PlanRow): Promise<DemoFinding[]> {
  const tasks = await tasksOf(tx, plan.id)
  const shapes = (await townFeatures(tx, QINGPU.code, await currentSetId(tx, QINGPU.code))).map(({ properties, geometry }) => ({ code: properties.code, geometry }))
  const findings = demoFindings(plan, tasks, shapes, await calendar(tx))
  const departments = await leadDepartments(tx)
  const accountOf = { town: ({ town }: DemoFinding) => `town-${town.toLowerCase()}`, department: ({ task }: DemoFinding) => departmentAccount(task), office: () => 'office' }
  const departmentAccount = (no: number) => `dept-${String(departments.indexOf(tasks.find((task) => task.no === no)!.leads[0]!) + 1).padStart(2, '0')}`
  await takeTurn(tx, 'findings')
  const ids = await insertFindings(
    tx,
    plan.id,
    findings.map(({ steps, ...finding }) => {
      const last = steps.at(-1)!
      return { ...finding, ref: null, atBorder: false, dueOn: last.dueOn, state: last.state, stepWords: last.act === 'hang' ? '' : last.words, fixedOn: last.fixedOn, struckOn: last.struckOn, checkedOn: last.act === 'check' ? last.day : null, version: steps.length }
    }),
    { by: 'first start', at: `${plan.endsOn}T12:00:00+08:00`, demo: true },
  )
  await insertFindingVersions(
    tx,
    findings.flatMap((finding, i) =>
      finding.steps.map(({ act, day, by, state, words, dueOn, fixedOn, struckOn }, n) => ({
        findingId: ids[i]!,
        version: n + 1,
        at: `${day}T${String(9 + n).padStart(2, '0')}:30:00+08:00`,
        by: accountOf[by](finding),
        act,
        state,
        words,
        foundOn: finding.foundOn,
        dueOn,
        fixedOn,
        struckOn,
        code: finding.code,
        changed: null,
      })),
    ),
  )
  for (const { finding, stage, photo } of photosOfFindings(findings)) {
    const { place } = finding
    await insertPhoto(tx, { ...demoPhoto(photo), findingId: ids[findings.indexOf(finding)]!, stage, place, addedBy: accountOf.town(finding), addedAt: `${photo.day}T11:00:00+08:00`, demo: true })
  }
  return findings
}
