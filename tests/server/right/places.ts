/**
 * How a route is asked for in a place, for the roles whose right reaches only their own. A route whose path names a town (or a town and a measure)
 * needs no line here; one that takes its place in the body does, and so does one that lists many places at once. A route without a line that
 * would need one fails the test.
 */
import { isDistrict, type Action } from '../../../geo/right/right.ts'
import type { Asking } from '../harness.ts'

/** A cell of the demonstration's plan. */
export interface Cell {
  measure: string
  town: string
  /** Lead departments of its task. */
  departments: string[]
}

export interface Ask {
  path: string
  body?: unknown
}

/** The request about a cell. */
export type AskFor = (cell: Cell, operator: Asking) => Ask | Promise<Ask>

export type Placed =
  /** One place at a time: what is done there by which request. Several, where one route does several things. The operator may prepare what is asked about. */
  | { asks: { action: Action; ask: AskFor }[] }
  /** Many places at once; gives those that the answer speaks of, which must all be the person's own. */
  | { ask: () => Ask; placesIn: (answer: never) => { town?: string; departments?: string[] }[] }

const YEAR = 2023
const MONTH = '2023-12'
const reports = ({ measure, town }: Cell, more: object = {}) => ({ reports: [{ measure, town, month: MONTH, version: 0, ...more }] })

/** A new order to the cell's town about its task, or to its department where the cell is the district's. */
async function orderFor({ town, measure, departments }: Cell, operator: Asking): Promise<number> {
  const owner = isDistrict(town) ? { department: departments[0] } : { town }
  const body = { owner, task: Number(measure.split('.')[0]), title: '请说明进度', demand: '请说明', dueOn: '2099-01-01' }
  return ((await (await operator.post(`/api/plans/${YEAR}/orders`, body)).json()) as { id: number }).id
}

export const PLACED: Record<string, Placed> = {
  'put /api/plans/{year}/reports': {
    asks: [{ action: 'report.write', ask: (cell) => ({ path: `/api/plans/${YEAR}/reports`, body: reports(cell, { value: 1 }) }) }],
  },
  'post /api/plans/{year}/reports/{act}': {
    asks: [
      ...(['submit', 'withdraw', 'correct'] as const).map((act) => ({ action: 'report.write' as const, ask: (cell: Cell) => ({ path: `/api/plans/${YEAR}/reports/${act}`, body: reports(cell) }) })),
      { action: 'report.endorse', ask: (cell) => ({ path: `/api/plans/${YEAR}/reports/endorse`, body: reports(cell) }) },
      ...(['approve', 'return'] as const).map((act) => ({ action: 'report.review' as const, ask: (cell: Cell) => ({ path: `/api/plans/${YEAR}/reports/${act}`, body: reports(cell, { reason: '请复核' }) }) })),
    ],
  },
  'get /api/plans/{year}/orders': {
    ask: () => ({ path: `/api/plans/${YEAR}/orders` }),
    placesIn: (orders: { ownerTown: string | null; ownerDepartment: string | null; departments: string[] }[]) =>
      orders.map(({ ownerTown, ownerDepartment, departments }) => ({ town: ownerTown ?? '', departments: [ownerDepartment ?? '', ...departments] })),
  },
  'get /api/plans/{year}/orders/{id}': {
    asks: [{ action: 'order.read', ask: async (cell, operator) => ({ path: `/api/plans/${YEAR}/orders/${await orderFor(cell, operator)}` }) }],
  },
  'post /api/plans/{year}/orders/{id}/{act}': {
    asks: (['answer', 'return', 'extend', 'close', 'cancel'] as const).map((act) => ({
      action: act === 'answer' ? ('order.answer' as const) : ('order.issue' as const),
      ask: async (cell, operator) => ({ path: `/api/plans/${YEAR}/orders/${await orderFor(cell, operator)}/${act}`, body: { version: 1, words: '已说明', dueOn: '2099-02-01' } }),
    })),
  },
}

/** The request that a path with a town (and a measure) in it makes of a cell; null where it names none. */
export function askByPath(path: string, cell: Cell): Ask | null {
  if (!path.includes('{town}')) return null
  const values: Record<string, string> = { year: String(YEAR), month: MONTH, town: cell.town, measure: cell.measure }
  const filled = path.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole)
  return filled.includes('{') ? null : { path: filled, body: {} }
}
