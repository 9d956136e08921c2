/**
 * Every route of the API × every role × nobody, somebody, an administrator who looks as somebody, somebody who must change the password; and in
 * one's own place and another's. Driven by the API's own description: a route that is added later is asked too, and one that cannot be is named.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { ACTIONS, isDistrict, type Action, type Reach } from '../../../geo/right/right.ts'
import { ROLES, type Grant, type Role } from '../../../geo/right/role.ts'
import { DEMO_PASSWORD } from '../../../server/account/first.ts'
import type { WHO_MAY } from '../../../server/route.ts'
import { describeOnBothDatabases, type Asking, type TestServer } from '../harness.ts'
import { askByPath, PLACED, type Ask, type AskFor, type Cell } from './places.ts'

interface Route {
  key: string
  method: string
  path: string
  who: (Action | keyof typeof WHO_MAY)[]
  parameters: { name: string; in: string; schema?: { type?: string } }[]
}

const OWN_TOWN = '310118110'
const OTHER_TOWN = '310118105'
/** What is asked by POST, as it does not fit into an address, and stores nothing. */
const ASKS = new Set(['post /api/checks/farmland', 'post /api/checks/plots', 'post /api/workbooks'])
const LOOKS = new Set((Object.keys(ACTIONS) as Action[]).filter((action) => 'looks' in ACTIONS[action]))

const reachOf = (action: Action, role: Role): Reach | undefined => (ACTIONS[action].who as Partial<Record<Role, Reach>>)[role]
const actionsOf = ({ who }: Route): Action[] => who.filter((one): one is Action => one in ACTIONS)

/** What an answer says of rights: `ok` when it was let in, whatever it was then told about the request itself. */
async function verdictOf(answer: Response, showHidden: boolean): Promise<string> {
  const type = answer.headers.get('content-type') ?? ''
  const problem = type.includes('problem+json') ? ((await answer.json()) as { type: string; params: { refusal?: string } }) : null
  if (!problem) await answer.body?.cancel()
  if (answer.status >= 500) return `${answer.status} ${JSON.stringify(problem)}`
  const key = problem?.type.replace('/problems/', '')
  if (key === 'not-allowed') return problem!.params.refusal ?? key
  if (key === 'not-found' && showHidden) return key
  return key === 'sign-in-needed' || key === 'password-change-needed' ? key : 'ok'
}

/** The route with places that there are not: whoever is let in can do no harm. */
function harmless({ path, parameters, method }: Route): Ask & { method: string } {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const type = parameters.find((one) => one.in === 'path' && one.name === name)?.schema?.type
    return name === 'year' ? '1999' : type === 'integer' ? '999999999' : 'nothing-there'
  })
  return { method, path: filled, ...(['post', 'put', 'patch'].includes(method) ? { body: {} } : {}) }
}

async function ask(who: Asking, method: string, { path, body }: Ask, showHidden = false): Promise<string> {
  const init = body === undefined || method === 'get' ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  return verdictOf(await who.request(path, { method: method.toUpperCase(), ...init }), showHidden)
}

async function routesOf(server: TestServer): Promise<Route[]> {
  const { paths } = await server.json<{ paths: Record<string, Record<string, { 'x-who-may': Route['who'][number] | Route['who']; parameters?: Route['parameters'] }>> }>('/api/openapi.json')
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ key: `${method} ${path}`, method, path, who: [operation['x-who-may']].flat(), parameters: operation.parameters ?? [] })),
  )
}

describeOnBothDatabases(
  'every route',
  (server) => {
    let routes: Route[] = []
    let cells: Cell[] = []
    /** An account of each role. */
    const accounts = {} as Record<Role, string>
    let department = ''

    beforeAll(async () => {
      routes = await routesOf(server)
      cells = [
        ...(await server.sql<Cell[]>`
          select q.measure_id as measure, q.town, t.leads as departments from quota q
          join measure m on m.plan_id = q.plan_id and m.id = q.measure_id join task t on t.plan_id = m.plan_id and t.no = m.task_no order by t.no, q.town`),
      ]
      // A department that reviews towns' figures and reports something for the district itself.
      department = cells.filter(({ town }) => isDistrict(town)).flatMap(({ departments }) => departments).find((one) => cells.some(({ town, departments }) => !isDistrict(town) && departments.includes(one)))!
      const [dept] = await server.sql<{ account: string }[]>`select account from account_role where role = 'department' and scope = ${department} order by account`
      Object.assign(accounts, { leader: 'leader', office: 'office', department: dept!.account, reporter: `town-${OWN_TOWN}`, approver: `approver-${OWN_TOWN}`, planner: 'planner', auditor: 'auditor', admin: 'admin' })
    }, 120_000)

    const roles = Object.keys(ROLES) as Role[]

    it('should be known with who may use it', () => {
      expect(routes.length).toBeGreaterThan(30)
      expect(Object.keys(accounts).sort()).toEqual([...roles].sort())
      expect(Object.keys(PLACED).filter((key) => !routes.some((route) => route.key === key)), 'lines of places.ts without a route').toEqual([])
    })

    it('should let nobody in who is not signed in, save where anyone may', async () => {
      const nobody = await server.as(null)
      for (const route of routes) expect(await ask(nobody, route.method, harmless(route)), route.key).toBe(route.who.includes('anyone') ? 'ok' : 'sign-in-needed')
    })

    it.each(roles)('should let in or refuse the role %s as the table says', async (role) => {
      const person = await server.as(accounts[role])
      for (const route of routes.filter(({ who }) => !who.includes('anyone'))) {
        const actions = actionsOf(route)
        const may = actions.length === 0 || actions.some((action) => reachOf(action, role))
        expect(await ask(person, route.method, harmless(route)), `${route.key} as ${role}`).toBe(may ? 'ok' : 'role')
      }
    })

    it('should let an administrator who looks as somebody see what they see, and change nothing', async () => {
      const opened = await (await server.as(null)).post('/api/session', { account: 'admin', password: DEMO_PASSWORD })
      const headers = { cookie: opened.headers.get('set-cookie')!.split(';')[0]! }
      const anonymous = await server.as(null)
      const admin: Asking = { ...anonymous, request: (path, init = {}) => anonymous.request(path, { ...init, headers: { ...Object.fromEntries(new Headers(init.headers)), ...headers } }) }
      const lookAs = (account: string | null) => admin.request('/api/session/looks-as', { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ account }) })
      for (const role of roles) {
        expect((await lookAs(null)).status).toBe(200)
        expect((await lookAs(accounts[role])).status, role).toBe(200)
        for (const route of routes.filter(({ who }) => !who.includes('anyone'))) {
          const actions = actionsOf(route)
          const may = actions.some((action) => LOOKS.has(action) && reachOf(action, role)) || (actions.length === 0 && (route.method === 'get' || ASKS.has(route.key) || route.who.includes('own-session')))
          const verdict = await ask(admin, route.method, harmless(route))
          if (may) expect(verdict, `${route.key} looking as ${role}`).toBe('ok')
          else expect(['looking-as', 'role'], `${route.key} looking as ${role}`).toContain(verdict)
          if (!may && route.method !== 'get') expect(verdict, `${route.key} looking as ${role}`).toBe('looking-as')
        }
      }
    })

    it('should let in nobody who still has to change the password, save to do that', async () => {
      await server.sql`insert into account (name, person, password, must_change, demo) select 'new', '新来的', password, true, true from account where name = 'office'`
      for (const role of ['office', 'admin', 'auditor'] satisfies Role[]) await server.sql`insert into account_role (account, role, scope) values ('new', ${role}, '')`
      const person = await server.as('new')
      for (const route of routes.filter(({ who }) => !who.includes('anyone'))) {
        expect(await ask(person, route.method, harmless(route)), route.key).toBe(route.who.includes('signed-in') ? 'ok' : 'password-change-needed')
      }
    })

    describe('in one’s own place and another’s', () => {
      const leads = (cell: Cell) => cell.departments.includes(department)
      /** Where a role with the reach `own` may do it, and where not. */
      const placesOf = (action: Action, role: Role): { own: Cell; others: Cell[] } => {
        const find = (wanted: (cell: Cell) => boolean) => cells.find(wanted)!
        if (ROLES[role].scope === 'town') {
          const own = find(({ town }) => town === OWN_TOWN)
          return { own, others: [find(({ town, measure }) => town === OTHER_TOWN && measure === own.measure), find(({ town }) => isDistrict(town)), find(({ town }) => town === '310118P01')] }
        }
        const ofDistrict = { own: find((cell) => isDistrict(cell.town) && leads(cell)), other: find((cell) => isDistrict(cell.town) && !leads(cell)) }
        const ofTowns = { own: find((cell) => !isDistrict(cell.town) && leads(cell)), other: find((cell) => !isDistrict(cell.town) && !leads(cell)) }
        // What a department does itself is the district's; what it looks after is the towns'.
        return action === 'report.write' || action === 'order.answer' ? { own: ofDistrict.own, others: [ofDistrict.other, ofTowns.own, ofTowns.other] } : { own: ofTowns.own, others: [ofTowns.other, ofDistrict.other] }
      }
      const asksOf = (route: Route): { action: Action; ask: AskFor }[] | null => {
        const placed = PLACED[route.key]
        if (placed) return 'asks' in placed ? placed.asks : null
        const byPath = askByPath(route.path, cells[0]!)
        return byPath && actionsOf(route).map((action) => ({ action, ask: (cell) => askByPath(route.path, cell)! }))
      }
      const ownReaching = () => routes.filter((route) => actionsOf(route).some((action) => Object.values(ACTIONS[action].who).includes('own')))

      it('should be known how to ask for, of every route that some may use only in their own place', () => {
        const unknown = ownReaching().filter((route) => !PLACED[route.key] && !asksOf(route))
        expect(unknown.map(({ key }) => key), 'say in tests/server/right/places.ts how these are asked for in a place').toEqual([])
        expect(ownReaching().length).toBeGreaterThan(2)
      })

      it.each(roles)('should be open to the role %s where the table says, and nowhere else', async (role) => {
        const person = await server.as(accounts[role])
        for (const route of ownReaching()) {
          for (const { action, ask: askFor } of asksOf(route) ?? []) {
            const reach = reachOf(action, role)
            const { own, others } = placesOf(action, reach === 'own' ? role : 'reporter')
            const hides = 'hides' in (PLACED[route.key] ?? {})
            for (const cell of [own, ...others]) {
              const asked = await askFor(cell, server, ROLES[reach === 'own' ? role : 'reporter'].scope)
              if (!asked) continue
              const expected = reach === 'all' || (reach && cell === own) ? 'ok' : !reach ? 'role' : hides ? 'not-found' : 'scope'
              expect(await ask(person, route.method, asked, hides), `${route.key} (${action}) as ${role} in ${cell.town}/${cell.measure}`).toBe(expected)
            }
          }
        }
      })

      it.each(roles)('should show the role %s in lists nothing but its own', async (role) => {
        const person = await server.as(accounts[role])
        const grant: Grant = { role, scope: ROLES[role].scope === 'town' ? OWN_TOWN : department }
        for (const route of ownReaching()) {
          const placed = PLACED[route.key]
          if (!placed || 'asks' in placed || !actionsOf(route).some((action) => reachOf(action, role) === 'own')) continue
          const answer = await person.request(placed.ask(placesOf('report.read', role).own).path)
          expect(answer.status, route.key).toBe(200)
          for (const { town, departments } of placed.placesIn((await answer.json()) as never, (task) => cells.find(({ measure }) => measure.startsWith(`${task}.`))!.departments)) {
            const own = ROLES[grant.role].scope === 'town' ? town === grant.scope : !departments || departments.includes(grant.scope)
            expect(own, `${route.key} as ${role}: ${town} ${departments?.join()}`).toBe(true)
          }
        }
      })
    })

    it('should leave a line in the trail for every refusal, wherever it was refused', async () => {
      const refused = async () => (await server.sql<{ n: number }[]>`select count(*)::int as n from audit where action = 'refused'`)[0]!.n
      const before = await refused()
      const town = await server.as(accounts.reporter)
      expect(await ask(town, 'get', { path: '/api/accounts' })).toBe('role')
      const other = cells.find(({ town: code }) => code === OTHER_TOWN)!
      const body = { reports: [{ measure: other.measure, town: other.town, month: '2023-12', version: 0, value: 1 }] }
      expect(await ask(town, 'put', { path: '/api/plans/2023/reports', body })).toBe('scope')
      expect(await refused()).toBe(before + 2)
      const [last] = await server.sql<{ actor: string; after: object }[]>`select actor, after from audit where action = 'refused' order by id desc limit 1`
      expect(last).toMatchObject({ actor: accounts.reporter, after: { action: 'report.write', method: 'PUT', path: '/api/plans/2023/reports', why: 'scope' } })
    })
  },
  { env: { READING: 'signed-in' } },
)
