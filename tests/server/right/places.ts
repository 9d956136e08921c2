/**
 * How a route is asked for in a place, for the roles whose right reaches only their own. A route whose path names a town (or a town and a measure)
 * needs no line here; one that takes its place in the body does, and so does one that lists many places at once. A route without a line that
 * would need one fails the test.
 */
import { isDistrict, type Action } from '../../../geo/right/right.ts'
import type { RoleScope } from '../../../geo/right/role.ts'
import type { TestServer } from '../harness.ts'

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

/** The request about a cell, as somebody with this kind of scope makes it; null: there is nothing of the kind in the cell. The server asks as the operator. */
export type AskFor = (cell: Cell, server: TestServer, scope: RoleScope) => Ask | null | Promise<Ask | null>

export type Placed =
  /** One place at a time: what is done there by which request. Several, where one route does several things. The operator may prepare what is asked about. */
  | { asks: { action: Action; ask: AskFor }[]; /** Another's is answered as if it were not there. */ hides?: true }
  /** Many places at once; gives those that the answer speaks of, which must all be the person's own. */
  | { ask: (own: Cell) => Ask; placesIn: (answer: never, leads: (task: number) => string[]) => { town?: string; departments?: string[] }[] }

const YEAR = 2023
const MONTH = '2023-12'
const reports = ({ measure, town }: Cell, more: object = {}) => ({ reports: [{ measure, town, month: MONTH, version: 0, ...more }] })

/** A new order to the cell's town about its task, or to its department where the cell is the district's. */
async function orderFor({ town, measure, departments }: Cell, operator: TestServer): Promise<number> {
  const owner = isDistrict(town) ? { department: departments[0] } : { town }
  const body = { owner, task: Number(measure.split('.')[0]), title: '请说明进度', demand: '请说明', dueOn: '2099-01-01' }
  return ((await (await operator.post(`/api/plans/${YEAR}/orders`, body)).json()) as { id: number }).id
}

/** An attachment that hangs on the cell. */
async function attachmentFor({ measure, town }: Cell, { sql }: TestServer): Promise<number> {
  const [row] = await sql<{ id: string }[]>`
    insert into attachment (plan_id, task_no, town, month, subject, name, type, size, sha256, bytes, added_by, added_at, demo)
    select id, ${taskOf(measure)}, ${town}, ${MONTH}, ${measure}, '照片.png', 'png', 1, 'x', '\\x00'::bytea, 'operator', now(), true from plan where year = ${YEAR} returning id`
  return Number(row!.id)
}

/** A finding in the cell's place. */
async function findingFor({ measure, town }: Cell, { sql }: TestServer): Promise<number> {
  const [row] = await sql<{ id: string }[]>`
    insert into finding (plan_id, task_no, town, no, title, source, place, found_on, due_on, state, entered_by, changed_at, demo)
    select id, ${taskOf(measure)}, ${town}, (select max(no) + 1 from finding), '问题', 'self', 'SRID=4326;POINT(121.1 31.15)'::geometry, '2023-12-01', '2023-12-15', 'hung', 'operator', now(), true
    from plan where year = ${YEAR} returning id`
  return Number(row!.id)
}
async function findingPhotoFor(cell: Cell, server: TestServer): Promise<number> {
  const [row] = await server.sql<{ id: string }[]>`
    insert into finding_photo (finding_id, stage, name, type, size, sha256, bytes, added_by, added_at, demo)
    values (${await findingFor(cell, server)}, 'found', '照片.png', 'png', 1, 'x', '\\x00'::bytea, 'operator', now(), true) returning id`
  return Number(row!.id)
}

/** Something that is due in the cell's unit, in a task of exactly its departments where that matters. */
async function dueFor({ town, departments }: Cell, server: TestServer, scope: RoleScope): Promise<object | null> {
  const { due } = await server.json<{ due: { task: number; kind: string; item: string }[] }>(`/api/plans/${YEAR}/sheets/${MONTH}/${town}`)
  const tasks = await server.json<{ no: number; leads: string[] }[]>(`/api/plans/${YEAR}/tasks`)
  const found = due.find(({ task }) => scope === 'town' || tasks.find(({ no }) => no === task)!.leads.join() === departments.join())
  return found ? { task: found.task, kind: found.kind, item: found.item, town, month: MONTH, version: 0, words: '说明', reason: '请复核' } : null
}
const submission = (path: string): AskFor => async (cell, server, scope) => {
  const due = await dueFor(cell, server, scope)
  return due && { path, body: { submissions: [due] } }
}

const taskOf = (measure: string) => Number(measure.split('.')[0])
type Listed = { task: number; town: string }[]
const placesOfTasks = (rows: Listed, leads: (task: number) => string[]) => rows.map(({ task, town }) => ({ town, departments: leads(task) }))

const SITES = '/api/layers/sites'
/** A site of a cell's town, without a place. */
const site = ({ town }: Cell) => ({ geometry: null, properties: { name: '村口', kind: 'other' }, town })
/** Sites lie in towns, never in the district as such. */
const inTown = (ask: (cell: Cell, operator: TestServer) => Ask | Promise<Ask>): AskFor => (cell, operator) => (isDistrict(cell.town) ? null : ask(cell, operator))
async function siteFor(cell: Cell, operator: TestServer): Promise<string> {
  const { id } = (await (await operator.post(`${SITES}/features`, site(cell))).json()) as { id: number }
  return `${SITES}/features/${id}`
}

/** A small plot in a cell's town; the park and the district have none of their own: beyond all towns. */
async function plotOf({ town, departments }: Cell, { sql }: TestServer): Promise<object> {
  const [row] = await sql<{ plot: object }[]>`
    select ST_AsGeoJSON(ST_Envelope(ST_Buffer(ST_PointOnSurface(b.geom), 0.0004)), 7)::json as plot from boundary b join boundary_set s on s.id = b.set_id and s.current where b.town = ${town}`
  const beyond = { type: 'Polygon', coordinates: [[[120.2, 31], [120.201, 31], [120.201, 31.001], [120.2, 31]]] } // prettier-ignore
  return { plot: row?.plot ?? beyond, applicant: '申请单位', departments }
}
async function checkFor(cell: Cell, server: TestServer): Promise<number> {
  return ((await (await server.post('/api/checks', await plotOf(cell, server))).json()) as { id: number }).id
}

export const PLACED: Record<string, Placed> = {
  'get /api/checks': {
    ask: () => ({ path: '/api/checks?limit=200' }),
    placesIn: ({ checks }: { checks: { town: string | null; departments: string[] }[] }) => checks.map(({ town, departments }) => ({ town: town ?? '', departments })),
  },
  'post /api/checks': { asks: [{ action: 'check.make', ask: async (cell, server) => ({ path: '/api/checks', body: await plotOf(cell, server) }) }] },
  'get /api/checks/{id}': { asks: [{ action: 'check.read', ask: async (cell, server) => ({ path: `/api/checks/${await checkFor(cell, server)}` }) }], hides: true },
  'get /api/checks/{id}/file.pdf': {
    asks: [{ action: 'check.read', ask: async (cell, server, scope) => (scope === 'town' ? { path: `/api/checks/${await checkFor(cell, server)}/file.pdf` } : null) }],
    hides: true,
  },
  'post /api/checks/{id}/acknowledgements': {
    asks: [{ action: 'check.make', ask: async (cell, server) => ({ path: `/api/checks/${await checkFor(cell, server)}/acknowledgements`, body: { version: 1, stands: 1 } }) }],
    hides: true,
  },
  'post /api/checks/{id}/{act}': {
    asks: (['again', 'close'] as const).map((act) => ({ action: 'check.make' as const, ask: async (cell, server) => ({ path: `/api/checks/${await checkFor(cell, server)}/${act}`, body: { version: 1 } }) })),
    hides: true,
  },
  'post /api/layers/{layer}/features': { asks: [{ action: 'site.edit', ask: inTown((cell) => ({ path: `${SITES}/features`, body: site(cell) })) }] },
  'post /api/layers/{layer}/edits': { asks: [{ action: 'site.edit', ask: inTown((cell) => ({ path: `${SITES}/edits`, body: { add: [site(cell)] } })) }] },
  'put /api/layers/{layer}/features/{id}': {
    asks: [{ action: 'site.edit', ask: inTown(async (cell, operator) => ({ path: await siteFor(cell, operator), body: { ...site(cell), version: 1 } })) }],
  },
  'delete /api/layers/{layer}/features/{id}': { asks: [{ action: 'site.edit', ask: inTown(async (cell, operator) => ({ path: `${await siteFor(cell, operator)}?version=1` })) }] },
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
  'get /api/plans/{year}/reviews': {
    ask: () => ({ path: `/api/plans/${YEAR}/reviews?list=waiting` }),
    placesIn: ({ reviews: rows }: { reviews: Listed }, leads) => placesOfTasks(rows, leads),
  },
  'get /api/plans/{year}/reviews/{month}/{town}/{measure}': {
    asks: [{ action: 'report.read', ask: ({ town, measure }) => ({ path: `/api/plans/${YEAR}/reviews/2023-11/${town}/${measure}` }) }],
    hides: true,
  },
  'get /api/plans/{year}/sheets/{month}': {
    ask: () => ({ path: `/api/plans/${YEAR}/sheets/${MONTH}` }),
    // A department leads tasks in every town.
    placesIn: (units: { town: string }[]) => units,
  },
  'get /api/plans/{year}/sheets/{month}/{town}': {
    // A department gets the rows of its tasks in any town.
    ask: ({ town }) => ({ path: `/api/plans/${YEAR}/sheets/${MONTH}/${town}` }),
    placesIn: ({ town, rows, due }: { town: string; rows: Listed; due: Listed }, leads) => placesOfTasks([...rows, ...due].map(({ task }) => ({ task, town })), leads),
  },
  'get /api/plans/{year}/sheets/{month}/{town}/file': {
    // Of a department the same as the sheet, whose rows are looked at above.
    asks: [{ action: 'report.read', ask: ({ town }, _, scope) => (scope === 'town' ? { path: `/api/plans/${YEAR}/sheets/${MONTH}/${town}/file` } : null) }],
  },
  'post /api/plans/{year}/sheets/{month}/{town}/file': {
    // A department's rows of the district's sheet are its own ones: what the file may change is decided row by row.
    asks: [{ action: 'report.write', ask: ({ town }, _, scope) => (scope === 'town' ? { path: `/api/plans/${YEAR}/sheets/${MONTH}/${town}/file`, body: {} } : null) }],
  },
  'get /api/plans/{year}/submissions': {
    ask: () => ({ path: `/api/plans/${YEAR}/submissions` }),
    placesIn: placesOfTasks,
  },
  'get /api/plans/{year}/submissions/versions': {
    asks: [{ action: 'report.read', ask: ({ town, measure }) => ({ path: `/api/plans/${YEAR}/submissions/versions?task=${taskOf(measure)}&kind=finding&town=${town}&month=${MONTH}` }) }],
  },
  'put /api/plans/{year}/submissions': {
    asks: [{ action: 'report.write', ask: submission(`/api/plans/${YEAR}/submissions`) }],
  },
  'post /api/plans/{year}/submissions/{act}': {
    asks: [
      ...(['submit', 'withdraw', 'correct'] as const).map((act) => ({ action: 'report.write' as const, ask: submission(`/api/plans/${YEAR}/submissions/${act}`) })),
      { action: 'report.endorse', ask: submission(`/api/plans/${YEAR}/submissions/endorse`) },
      ...(['approve', 'return'] as const).map((act) => ({ action: 'report.review' as const, ask: submission(`/api/plans/${YEAR}/submissions/${act}`) })),
    ],
  },
  'get /api/plans/{year}/photos': {
    ask: () => ({ path: `/api/plans/${YEAR}/photos` }),
    placesIn: ({ features }: { features: { properties: { task: number; town: string } }[] }, leads) => placesOfTasks(features.map(({ properties }) => properties), leads),
  },
  'post /api/plans/{year}/attachments/{month}/{town}': {
    asks: [{ action: 'report.write', ask: ({ town, measure }) => ({ path: `/api/plans/${YEAR}/attachments/${MONTH}/${town}?subject=${measure}`, body: {} }) }],
  },
  'get /api/attachments/{id}/file': {
    asks: [{ action: 'report.read', ask: async (cell, server) => ({ path: `/api/attachments/${await attachmentFor(cell, server)}/file` }) }],
  },
  'delete /api/attachments/{id}': {
    asks: [{ action: 'report.write', ask: async (cell, server) => ({ path: `/api/attachments/${await attachmentFor(cell, server)}` }) }],
  },
  'get /api/plans/{year}/findings': {
    ask: () => ({ path: `/api/plans/${YEAR}/findings?limit=200` }),
    placesIn: ({ findings }: { findings: Listed }, leads) => placesOfTasks(findings, leads),
  },
  'get /api/plans/{year}/findings/points': {
    ask: () => ({ path: `/api/plans/${YEAR}/findings/points` }),
    placesIn: ({ features }: { features: { properties: { task: number; town: string } }[] }, leads) => placesOfTasks(features.map(({ properties }) => properties), leads),
  },
  'get /api/plans/{year}/findings/counts': {
    ask: () => ({ path: `/api/plans/${YEAR}/findings/counts` }),
    placesIn: ({ counts }: { counts: Listed }, leads) => placesOfTasks(counts, leads),
  },
  'get /api/plans/{year}/findings/file': {
    ask: () => ({ path: `/api/plans/${YEAR}/findings/file?format=geojson` }),
    placesIn: ({ features }: { features: { properties: { task: number; town: string } }[] }, leads) => placesOfTasks(features.map(({ properties }) => properties), leads),
  },
  'get /api/plans/{year}/findings/{id}': {
    asks: [{ action: 'finding.read', ask: async (cell, server) => ({ path: `/api/plans/${YEAR}/findings/${await findingFor(cell, server)}` }) }],
    hides: true,
  },
  'post /api/plans/{year}/findings': {
    asks: [
      {
        action: 'finding.write',
        ask: ({ measure, town }) => ({ path: `/api/plans/${YEAR}/findings`, body: { task: taskOf(measure), town, title: '问题', place: [121.1, 31.15], foundOn: '2023-12-01' } }),
      },
    ],
  },
  'put /api/plans/{year}/findings/{id}': {
    asks: [{ action: 'finding.write', ask: async (cell, server) => ({ path: `/api/plans/${YEAR}/findings/${await findingFor(cell, server)}`, body: { version: 9, title: '问题' } }) }],
    hides: true,
  },
  'post /api/plans/{year}/findings/import': {
    // Many places in one file: each row is decided by itself (tests/server/finding).
    asks: [{ action: 'finding.write', ask: () => null }],
  },
  'post /api/plans/{year}/findings/{id}/{step}': {
    asks: (['fix', 'strike', 'check', 'return', 'cancel'] as const).map((step) => ({
      action: step === 'fix' ? ('finding.fix' as const) : step === 'check' ? ('finding.check' as const) : ('finding.strike' as const),
      ask: async (cell, server) => ({ path: `/api/plans/${YEAR}/findings/${await findingFor(cell, server)}/${step}`, body: { version: 9, words: '已说明' } }),
    })),
    hides: true,
  },
  'post /api/plans/{year}/findings/{id}/photos': {
    asks: (['found', 'fixed'] as const).map((stage) => ({
      action: stage === 'found' ? ('finding.write' as const) : ('finding.fix' as const),
      ask: async (cell, server) => ({ path: `/api/plans/${YEAR}/findings/${await findingFor(cell, server)}/photos?stage=${stage}`, body: {} }),
    })),
    hides: true,
  },
  'get /api/finding-photos/{id}/file': {
    asks: [{ action: 'finding.read', ask: async (cell, server) => ({ path: `/api/finding-photos/${await findingPhotoFor(cell, server)}/file` }) }],
    hides: true,
  },
  'delete /api/finding-photos/{id}': {
    asks: [{ action: 'finding.write', ask: async (cell, server) => ({ path: `/api/finding-photos/${await findingPhotoFor(cell, server)}` }) }],
    hides: true,
  },
  'get /api/plans/{year}/orders': {
    ask: () => ({ path: `/api/plans/${YEAR}/orders` }),
    placesIn: (orders: { ownerTown: string | null; ownerDepartment: string | null; departments: string[] }[]) =>
      orders.map(({ ownerTown, ownerDepartment, departments }) => ({ town: ownerTown ?? '', departments: [ownerDepartment ?? '', ...departments] })),
  },
  'get /api/plans/{year}/orders/{id}': {
    asks: [{ action: 'order.read', ask: async (cell, operator) => ({ path: `/api/plans/${YEAR}/orders/${await orderFor(cell, operator)}` }) }],
  },
  'get /api/plans/{year}/orders/{id}/file.docx': {
    asks: [{ action: 'order.read', ask: async (cell, operator) => ({ path: `/api/plans/${YEAR}/orders/${await orderFor(cell, operator)}/file.docx` }) }],
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
