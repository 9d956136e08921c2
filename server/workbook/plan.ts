/** The district's list and the matrix as workbooks, out of the database. */
import { listSheet, type PlanDay, type PlanSources } from '../../geo/workbook/list.ts'
import { matrixSheet, type MatrixChoice } from '../../geo/workbook/matrix.ts'
import { QINGPU } from '../../geo/town/qingpu.ts'
import type { Queryable } from '../database/connect.ts'
import { tasksOf, type PlanRow } from '../plan/queries.ts'
import { progressOf } from '../report/queries.ts'
import { workbookOf } from './write.ts'

export async function planSources(sql: Queryable, plan: PlanRow, knownAt: string | null | undefined): Promise<PlanSources> {
  const tasks = await tasksOf(sql, plan.id)
  const progress = await progressOf(sql, plan, knownAt ?? null)
  return { plan: { title: plan.title }, district: QINGPU, towns: QINGPU.towns, tasks, progress }
}

/** The list as it is handed round, with progress and lights on a day. */
export async function listWorkbook(sql: Queryable, plan: PlanRow, day: PlanDay): Promise<Uint8Array<ArrayBuffer>> {
  return workbookOf([listSheet(await planSources(sql, plan, day.knownAt), day)])
}

export async function matrixWorkbook(sql: Queryable, plan: PlanRow, day: PlanDay, choice: MatrixChoice = {}): Promise<Uint8Array<ArrayBuffer>> {
  return workbookOf([matrixSheet(await planSources(sql, plan, day.knownAt), day, choice)])
}
