import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { ATTACHMENT_TYPES } from '../../geo/attachment/attachment.ts'
import { ledgerDay, monthlyCounts } from '../../geo/finding/counts.ts'
import { FINDING_SOURCES, FINDING_STATES, FINDING_STEPS, hasLedger, isFindingOverdue, nextFindingActs, PHOTO_STAGES, SAFETY_CODES, type FindingStep } from '../../geo/finding/finding.ts'
import { readLedger, type CellProblem, type LedgerReading } from '../../geo/finding/import.ts'
import { monthsOf } from '../../geo/month/month.ts'
import { can, type Action } from '../../geo/right/right.ts'
import { QINGPU } from '../../geo/town/qingpu.ts'
import { namesOfAccounts } from '../account/queries.ts'
import { fileOfForm } from '../attachment/routes.ts'
import { readAttachment } from '../attachment/read.ts'
import { calendar } from '../calendar/queries.ts'
import { instantOf, todayOf } from '../clock.ts'
import type { Tx } from '../database/connect.ts'
import { takeTurn } from '../database/turns.ts'
import { planById, tasksOf, type PlanRow } from '../plan/queries.ts'
import { planOfPath, yearParam } from '../plan/routes.ts'
import { isoDate } from '../plan/schemas.ts'
import { Problem } from '../problems.ts'
import { begin, failures, json, mustBeAllowed, route, router, wholeNumber, type App } from '../route.ts'
import { emptyLedger, ledgerGeoJson, ledgerWorkbook, MOST_EXPORTED } from './export.ts'
import { readLedgerFile } from './ledger-file.ts'
import {
  bytesOfPhoto,
  countFindings,
  findingDays,
  FINDING_ORDERS,
  findingPoints,
  findingsOf,
  knownRefs,
  photoById,
  photosOfFinding,
  planOfFinding,
  versionsOfFinding,
  type FindingFilter,
  type FindingRow,
  type NewFinding,
} from './queries.ts'
import { changeSchema, contentSchema, countsSchema, findingSchema, keyOf, ledgerReadSchema, photoSchema, pointsSchema, text, wholeSchema } from './schemas.ts'
import { addPhoto, editFinding, findingOf, hangFinding, hangFindings, mustTakePhotos, placedOf, removePhoto, sightOf, stepFinding, type FindingContext } from './store.ts'

const XLSX = ATTACHMENT_TYPES.xlsx.media
/** A map shows no more at once; the screen says so. */
const MOST_POINTS = 50_000
const MOST_A_PAGE = 200

/** Several of a table's keys with commas between: `hung,fixed`. */
const several = <K extends string>(table: Record<K, unknown>) =>
  z
    .string()
    .refine((given) => given.split(',').every((one) => one in table), `must be some of ${Object.keys(table).join(', ')}`)
    .transform((given) => given.split(',') as K[])
    .openapi({ type: 'string', description: `some of ${Object.keys(table).join(', ')}, with commas between` })

const bbox = z
  .string()
  .transform((given) => given.split(',').map(Number))
  .refine((box): box is [number, number, number, number] => box.length === 4 && box.every(Number.isFinite) && box[0]! <= box[2]! && box[1]! <= box[3]!, 'must be west,south,east,north')
  .openapi({ type: 'string', description: 'west,south,east,north (WGS84)' })

const filterQuery = z.object({
  town: z.string().regex(/^\w{6,12}$/).optional(),
  task: wholeNumber(1).optional(),
  state: several(FINDING_STATES).optional(),
  code: several(SAFETY_CODES).optional(),
  source: keyOf(FINDING_SOURCES).optional(),
  road: wholeNumber(1).optional().openapi({ description: 'those that hang on this road' }),
  overdue: z.enum(['true', 'false']).optional().openapi({ description: 'only what is hung though its due day has passed' }),
  from: isoDate.optional().openapi({ description: 'found on this day or later' }),
  to: isoDate.optional(),
  bbox: bbox.optional(),
  q: text(60).optional().openapi({ description: 'in title, address or the numbers' }),
})
type FilterQuery = z.infer<typeof filterQuery>

const filterOf = ({ town, task, state, code, source, road, overdue, from, to, bbox: box, q }: FilterQuery, day: string): FindingFilter => ({
  town,
  task,
  states: state,
  codes: code,
  source,
  road,
  overdueOn: overdue === 'true' ? day : undefined,
  from,
  to,
  bbox: box,
  text: q || undefined,
})

const idParam = yearParam.extend({ id: wholeNumber(1) })
const stepKey = z.enum(FINDING_STEPS)
/** The right that one needs anywhere to take a step at all; where, the finding says. */
const RIGHT_OF_STEP: Record<FindingStep, Action> = { fix: 'finding.fix', strike: 'finding.strike', check: 'finding.check', return: 'finding.strike', cancel: 'finding.strike' }

const multipart = { content: { 'multipart/form-data': { schema: { type: 'object' as const, properties: { file: { type: 'string' as const, format: 'binary' } } } } } }

function contextOf(c: Context<App>, plan: PlanRow): FindingContext {
  return { plan, actor: c.var.actor, now: instantOf(c.var.clock), today: todayOf(c.var.clock) }
}

async function wholeOf(c: Context<App>, tx: Tx, finding: FindingRow, day: string) {
  const history = await versionsOfFinding(tx, finding.id)
  const files = await photosOfFinding(tx, finding.id)
  const names = await namesOfAccounts(tx, [finding.enteredBy, ...history.map(({ by }) => by)])
  const nameOf = (account: string) => names.get(account) ?? account
  return {
    ...finding,
    overdue: isFindingOverdue(finding, day),
    enteredByName: nameOf(finding.enteredBy),
    next: nextFindingActs(finding, c.var.actor.person),
    history: history.map((version) => ({ ...version, byName: nameOf(version.by) })),
    files,
  }
}

/** A finding that the caller may see. @throws Problem not-found, not-allowed */
async function seen(c: Context<App>, tx: Tx, plan: PlanRow, id: number): Promise<FindingRow> {
  const finding = await findingOf(tx, plan.id, id)
  if (!finding) throw new Problem('not-found', { what: `finding/${plan.year}/${id}` }, 'id')
  mustBeAllowed(c, 'finding.read', finding)
  return finding
}

/** A photo with its plan, of a finding that the caller may see. */
async function seenPhoto(c: Context<App>, tx: Tx, id: number) {
  const photo = await photoById(tx, id)
  const planId = photo && (await planOfFinding(tx, photo.findingId))
  const plan = planId ? await planById(tx, planId) : null
  if (!photo || !plan) throw new Problem('not-found', { what: `finding-photo/${id}` }, 'id')
  await seen(c, tx, plan, photo.findingId)
  return { photo, plan }
}

export const findingRoutes = router()
  .openapi(
    route('finding.read', {
      method: 'get',
      path: '/api/plans/{year}/findings',
      summary: 'The findings ledger (问题台账) in pages: those that whoever asks may see',
      request: {
        params: yearParam,
        query: filterQuery.extend({ order: z.enum(FINDING_ORDERS).default('due'), limit: wholeNumber(1, MOST_A_PAGE).default(50), offset: wholeNumber(0).default(0) }),
      },
      responses: {
        200: json(
          z.object({ total: z.int(), open: z.int(), overdue: z.int(), day: isoDate.openapi({ description: 'what is overdue is so on this day' }), findings: z.array(findingSchema) }).openapi('Findings'),
          'a page, and how many there are in all',
        ),
        ...failures(400, 401, 403, 404),
      },
    }),
    async (c) => {
      const plan = await planOfPath(c, c.req.valid('param').year)
      const query = c.req.valid('query')
      const day = ledgerDay(plan, todayOf(c.var.clock))
      const sight = sightOf(c.var.actor.person)
      const filter = filterOf(query, day)
      return begin(c, async (tx) => {
        const counts = await countFindings(tx, plan.id, sight, filter, day)
        const findings = await findingsOf(tx, plan.id, sight, filter, query)
        return c.json({ ...counts, day, findings: findings.map((finding) => ({ ...finding, overdue: isFindingOverdue(finding, day) })) }, 200, { 'cache-control': 'no-store' })
      })
    },
  )
  .openapi(
    route('finding.read', {
      method: 'get',
      path: '/api/plans/{year}/findings/points',
      summary: 'The same findings as GeoJSON points with what a map needs: to be clustered there',
      request: { params: yearParam, query: filterQuery },
      responses: { 200: json(pointsSchema, 'points in WGS84'), ...failures(400, 401, 403, 404) },
    }),
    async (c) => {
      const plan = await planOfPath(c, c.req.valid('param').year)
      const day = ledgerDay(plan, todayOf(c.var.clock))
      const points = await begin(c, (tx) => findingPoints(tx, plan.id, sightOf(c.var.actor.person), filterOf(c.req.valid('query'), day), MOST_POINTS + 1))
      const features = points.slice(0, MOST_POINTS).map(({ id, place, ...properties }) => ({
        type: 'Feature' as const,
        id,
        geometry: { type: 'Point' as const, coordinates: [...place] },
        properties: { ...properties, overdue: isFindingOverdue(properties, day) },
      }))
      return c.json({ type: 'FeatureCollection' as const, features, cut: points.length > MOST_POINTS }, 200, { 'cache-control': 'no-store' })
    },
  )
  .openapi(
    route('finding.read', {
      method: 'get',
      path: '/api/plans/{year}/findings/counts',
      summary: 'Found, cleared, left and overdue by month, task and town (动态清零), as known on a day',
      request: { params: yearParam, query: z.object({ town: filterQuery.shape.town, task: filterQuery.shape.task, asOf: isoDate.optional() }) },
      responses: { 200: json(z.object({ asOf: isoDate, counts: z.array(countsSchema) }), 'what is all nought is left out'), ...failures(400, 401, 403, 404) },
    }),
    async (c) => {
      const plan = await planOfPath(c, c.req.valid('param').year)
      const { asOf: asked, town, task } = c.req.valid('query')
      const day = ledgerDay(plan, todayOf(c.var.clock))
      const asOf = asked && asked < day ? asked : day
      // A past day as it was known then; the ledger's own day with all that was entered since.
      const knownAt = asOf === day ? todayOf(c.var.clock) : asOf
      const days = await begin(c, (tx) => findingDays(tx, plan.id, sightOf(c.var.actor.person), { town, task }, knownAt))
      return c.json({ asOf, counts: monthlyCounts(days, monthsOf(plan.year), asOf) }, 200, { 'cache-control': 'no-store' })
    },
  )
  .openapi(
    route('finding.read', {
      method: 'get',
      path: '/api/plans/{year}/findings/file',
      summary: 'The ledger as filtered, as an Excel file or GeoJSON',
      request: { params: yearParam, query: filterQuery.extend({ format: z.enum(['xlsx', 'geojson']).default('xlsx') }) },
      responses: { 200: { description: 'the file', content: { [XLSX]: { schema: z.any() }, 'application/geo+json': { schema: z.any() } } }, ...failures(400, 401, 403, 404, 422) },
    }),
    async (c) => {
      const plan = await planOfPath(c, c.req.valid('param').year)
      const query = c.req.valid('query')
      const day = ledgerDay(plan, todayOf(c.var.clock))
      const sight = sightOf(c.var.actor.person)
      const findings = await begin(c, (tx) => findingsOf(tx, plan.id, sight, filterOf(query, day), { order: 'due', limit: MOST_EXPORTED + 1, offset: 0 }))
      if (findings.length > MOST_EXPORTED) throw new Problem('export-too-long', { limit: MOST_EXPORTED })
      const name = encodeURIComponent(`${plan.year} ${plan.district}问题台账 ${day}.${query.format}`)
      const headers = { 'content-disposition': `attachment; filename*=UTF-8''${name}`, 'cache-control': 'no-store' }
      if (query.format === 'geojson') return c.body(JSON.stringify(ledgerGeoJson(findings, day)), 200, { ...headers, 'content-type': 'application/geo+json' }) as never
      const bytes = await ledgerWorkbook(findings, await tasksOf(c.var.sql, plan.id), `${plan.year} 年${plan.district}问题台账`, day)
      return c.body(bytes, 200, { ...headers, 'content-type': XLSX }) as never
    },
  )
  .openapi(
    route('signed-in', {
      method: 'get',
      path: '/api/plans/{year}/findings/template/file',
      summary: 'An empty ledger as an Excel file, to be filled in and imported',
      request: { params: yearParam },
      responses: { 200: { description: 'the file', content: { [XLSX]: { schema: z.any() } } }, ...failures(401, 404) },
    }),
    async (c) => {
      const plan = await planOfPath(c, c.req.valid('param').year)
      const tasks = (await tasksOf(c.var.sql, plan.id)).filter(hasLedger)
      return c.body(await emptyLedger(tasks), 200, { 'content-type': XLSX, 'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent('问题台账模板.xlsx')}` }) as never
    },
  )
  .openapi(
    route('finding.read', {
      method: 'get',
      path: '/api/plans/{year}/findings/{id}',
      summary: 'One finding with everything that happened to it, and its photos',
      request: { params: idParam },
      responses: { 200: json(wholeSchema, 'the finding'), ...failures(400, 401, 403, 404) },
    }),
    async (c) => {
      const { year, id } = c.req.valid('param')
      const plan = await planOfPath(c, year)
      const day = ledgerDay(plan, todayOf(c.var.clock))
      return begin(c, async (tx) => c.json(await wholeOf(c, tx, await seen(c, tx, plan, id), day), 200, { 'cache-control': 'no-store' }))
    },
  )
  .openapi(
    route('finding.write', {
      method: 'post',
      path: '/api/plans/{year}/findings',
      summary: 'Hangs a finding (挂账); its town is that of its place',
      request: { params: yearParam, body: { required: true, content: { 'application/json': { schema: contentSchema } } } },
      responses: { 201: json(wholeSchema, 'the finding'), ...failures(400, 401, 403, 404, 422) },
    }),
    async (c) => {
      const plan = await planOfPath(c, c.req.valid('param').year)
      const given = c.req.valid('json')
      if (!given.place && !given.road) throw new Problem('request-invalid', { field: '/place', why: 'needs a place, or a road with a chainage' }, '/place')
      // On a road the place follows from the chainage, whatever is given here.
      const content = { ...given, place: given.place ?? ([0, 0] as [number, number]), road: given.road ?? null, town: given.town ?? null, code: given.code ?? null, dueOn: given.dueOn ?? null, ref: given.ref || null }
      const day = ledgerDay(plan, todayOf(c.var.clock))
      return begin(c, async (tx) => c.json(await wholeOf(c, tx, await hangFinding(tx, contextOf(c, plan), content), day), 201))
    },
  )
  .openapi(
    route('finding.write', {
      method: 'put',
      path: '/api/plans/{year}/findings/{id}',
      summary: 'Corrects a finding; what is left out stays as it is',
      request: { params: idParam, body: { required: true, content: { 'application/json': { schema: changeSchema } } } },
      responses: { 200: json(wholeSchema, 'the finding as it is now'), ...failures(400, 401, 403, 404, 409, 422) },
    }),
    async (c) => {
      const { year, id } = c.req.valid('param')
      const plan = await planOfPath(c, year)
      const { version, ...change } = c.req.valid('json')
      const day = ledgerDay(plan, todayOf(c.var.clock))
      const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
      return begin(c, async (tx) => c.json(await wholeOf(c, tx, await editFinding(tx, contextOf(c, plan), id, version, given), day), 200))
    },
  )
  .openapi(
    route('finding.write', {
      method: 'post',
      path: '/api/plans/{year}/findings/import',
      summary: 'A ledger kept in Excel or CSV: tried without writing, with what is wrong by row and column; `commit=true` writes all or nothing',
      request: { params: yearParam, query: z.object({ commit: z.enum(['true', 'false']).default('false') }), body: multipart },
      responses: { 200: json(ledgerReadSchema, 'what it brings'), ...failures(400, 401, 403, 404, 413, 422) },
    }),
    async (c) => {
      const plan = await planOfPath(c, c.req.valid('param').year)
      const upload = await fileOfForm(c)
      const tables = await readLedgerFile(upload)
      const context = contextOf(c, plan)
      const tasks = await tasksOf(c.var.sql, plan.id)
      const reading = await (async () => {
        const how = { tasks, district: QINGPU, calendar: await calendar(c.var.sql), today: context.today, startsOn: plan.startsOn }
        for (const table of tables) {
          const found = readLedger(table, how)
          if (found) return found
        }
        throw new Problem('ledger-file-foreign', {}, 'file')
      })()
      const commit = c.req.valid('query').commit === 'true'
      return begin(c, async (tx) => {
        // Nobody else hangs anything meanwhile: what is known is known until all is written.
        if (commit) await takeTurn(tx, 'findings')
        const { findings, problems } = await placeRows(c, tx, plan, reading)
        if (commit && problems.length) throw new Problem('ledger-file-invalid', { count: problems.length, problems: problems.slice(0, 500) }, 'file')
        const written = commit && findings.length > 0
        if (written) await hangFindings(tx, context, findings, upload.name)
        const towns = [...Map.groupBy(findings, ({ town }) => town)].map(([town, its]) => ({ town, count: its.length }))
        return c.json({ rows: findings.length, towns, problems: problems.slice(0, 500), written }, 200, { 'cache-control': 'no-store' })
      })
    },
  )
  // Before the steps, whose path would take its name for one of them.
  .openapi(
    route(['finding.write', 'finding.fix'], {
      method: 'post',
      path: '/api/plans/{year}/findings/{id}/photos',
      summary: 'Attaches a photo or file (multipart `file`) to a finding, as found or as put right; what it is, its content says',
      request: { params: idParam, query: z.object({ stage: keyOf(PHOTO_STAGES).default('found') }), body: multipart },
      responses: { 201: json(photoSchema, 'attached'), ...failures(400, 401, 403, 404, 409, 413, 422) },
    }),
    async (c) => {
      const { year, id } = c.req.valid('param')
      const plan = await planOfPath(c, year)
      const { stage } = c.req.valid('query')
      const context = contextOf(c, plan)
      // The right comes before the reading: nobody makes the server open files for a finding that is not theirs.
      mustBeAllowed(c, stage === 'found' ? 'finding.write' : 'finding.fix')
      await begin(c, (tx) => mustTakePhotos(tx, context, id, stage))
      const file = readAttachment(await fileOfForm(c))
      return c.json(await begin(c, (tx) => addPhoto(tx, context, id, stage, file)), 201)
    },
  )
  .openapi(
    route(['finding.fix', 'finding.strike', 'finding.check'], {
      method: 'post',
      path: '/api/plans/{year}/findings/{id}/{step}',
      summary: 'Leads a finding on: put right (fix), struck off, checked, sent back (return) or cancelled',
      description: 'The town puts right, with words and a photo; the lead department strikes off; the office checks (geo/finding/finding.ts). Needs the version that it was decided on.',
      request: {
        params: idParam.extend({ step: stepKey }),
        body: {
          required: true,
          content: { 'application/json': { schema: z.object({ version: z.int(), words: text(2000).default(''), dueOn: isoDate.optional(), code: keyOf(SAFETY_CODES).optional() }) } },
        },
      },
      responses: { 200: json(wholeSchema, 'the finding as it is now'), ...failures(400, 401, 403, 404, 409, 422) },
    }),
    async (c) => {
      const { year, id, step } = c.req.valid('param')
      const plan = await planOfPath(c, year)
      mustBeAllowed(c, RIGHT_OF_STEP[step])
      const day = ledgerDay(plan, todayOf(c.var.clock))
      return begin(c, async (tx) => c.json(await wholeOf(c, tx, await stepFinding(tx, contextOf(c, plan), id, step, c.req.valid('json')), day), 200))
    },
  )
  .openapi(
    route('finding.read', {
      method: 'get',
      path: '/api/finding-photos/{id}/file',
      summary: 'The photo or file itself',
      request: { params: z.object({ id: wholeNumber(1) }) },
      responses: { 200: { description: 'the bytes, as what they are' }, ...failures(401, 403, 404) },
    }),
    async (c) => {
      const { photo } = await begin(c, (tx) => seenPhoto(c, tx, c.req.valid('param').id))
      const etag = `"${photo.sha256.slice(0, 32)}"`
      const { media, photo: isPhoto } = ATTACHMENT_TYPES[photo.type]
      const headers = {
        etag,
        'cache-control': 'private, no-cache',
        'content-type': media,
        'x-content-type-options': 'nosniff',
        'content-disposition': `${isPhoto ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(photo.name)}`,
      }
      if (c.req.header('if-none-match') === etag) return c.body(null, 304, headers) as never
      return c.body(new Uint8Array(await bytesOfPhoto(c.var.sql, photo.id)), 200, headers) as never
    },
  )
  .openapi(
    route(['finding.write', 'finding.fix'], {
      method: 'delete',
      path: '/api/finding-photos/{id}',
      summary: 'Takes a photo away while its finding is hung; it stays on record',
      request: { params: z.object({ id: wholeNumber(1) }) },
      responses: { 204: { description: 'taken away' }, ...failures(401, 403, 404, 409) },
    }),
    async (c) => {
      await begin(c, async (tx) => {
        const { photo, plan } = await seenPhoto(c, tx, c.req.valid('param').id)
        await removePhoto(tx, contextOf(c, plan), photo)
      })
      return c.body(null, 204)
    },
  )

/** Rows that were read, with their towns by their places; what is wrong with a place, or not the person's to write, is a problem of its row. */
async function placeRows(c: Context<App>, tx: Tx, plan: PlanRow, { rows, problems, letters }: LedgerReading): Promise<{ findings: NewFinding[]; problems: CellProblem[] }> {
  const leads = new Map((await tasksOf(tx, plan.id)).map((task) => [task.no, task.leads]))
  const placed = await placedOf(tx, rows)
  const known = await knownRefs(tx, plan.id, rows.flatMap(({ task, ref }) => (ref === null ? [] : [{ task, ref }])))
  const all = [...problems]
  const findings = rows.flatMap(({ row, ...finding }, i): NewFinding[] => {
    const at = placed[i]!
    const wrong = (column: CellProblem['column'], content: string, problem: CellProblem['problem']): [] => {
      all.push({ row, column, letter: letters[column] ?? '', content, problem })
      return []
    }
    if ('problem' in at) return at.problem === 'outside' ? wrong('lon', finding.place.join(', '), 'outside') : wrong('town', at.towns.map((code) => QINGPU.towns.find((town) => town.code === code)?.name ?? code).join('、'), 'town-other')
    if (!can(c.var.actor.person, 'finding.write', { town: at.town, departments: leads.get(finding.task) ?? [] })) return wrong('task', String(finding.task), 'not-yours')
    if (finding.ref !== null && known.has(`${finding.task}|${finding.ref}`)) return wrong('ref', finding.ref, 'ref-known')
    return [{ ...finding, town: at.town, atBorder: at.border }]
  })
  return { findings, problems: all.sort((a, b) => a.row - b.row) }
}
