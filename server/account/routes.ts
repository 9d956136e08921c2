import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { isGrantComplete, ROLES, type Grant } from '../../geo/right/role.ts'
import { QINGPU } from '../../geo/town/qingpu.ts'
import { audit } from '../audit/queries.ts'
import { instantOf } from '../clock.ts'
import type { Tx } from '../database/connect.ts'
import { leadDepartments } from '../plan/queries.ts'
import { Problem } from '../problems.ts'
import { begin, failures, json, route, router, type App } from '../route.ts'
import { signedIn } from '../session/person.ts'
import { endOtherSessions } from '../session/queries.ts'
import { grantSchema } from '../session/schemas.ts'
import { faultOfPassword, hashPassword, oneTimePassword, PASSWORD_LONGEST, PASSWORD_SHORTEST, verifyPassword } from './password.ts'
import { accountOf, accounts, countWithRole, credentialsOf, insertAccount, setDisabled, setPassword, unbindSignOn, updateAccount, type AccountRow } from './queries.ts'

const nameParam = z.object({ name: z.string().regex(/^[a-z0-9][a-z0-9._-]{1,62}$/, 'must be the name of an account') })

const accountSchema = z
  .object({
    name: z.string(),
    person: z.string(),
    email: z.string().nullable(),
    hasPassword: z.boolean(),
    mustChange: z.boolean(),
    lockedUntil: z.iso.datetime().nullable(),
    disabledAt: z.iso.datetime().nullable(),
    sso: z.string().nullable(),
    demo: z.boolean(),
    version: z.int(),
    createdAt: z.iso.datetime(),
    grants: z.array(grantSchema),
    seenAt: z.iso.datetime().nullable(),
  })
  .openapi('Account')

const factsSchema = z.object({
  person: z.string().trim().min(1).max(100),
  email: z.email().max(200).nullable(),
  grants: z.array(grantSchema).max(50),
})

const WEAK = {
  'too-short': { zh: `至少 ${PASSWORD_SHORTEST} 个字符`, en: `at least ${PASSWORD_SHORTEST} characters` },
  'too-long': { zh: `最多 ${PASSWORD_LONGEST} 个字符`, en: `at most ${PASSWORD_LONGEST} characters` },
  'like-account': { zh: '不能包含账号名', en: 'it must not contain the account’s name' },
  'too-simple': { zh: '不同的字符太少', en: 'too few different characters' },
} as const

/** @throws Problem password-weak */
function mustBeStrong(password: string, account: string): void {
  const fault = faultOfPassword(password, account)
  if (fault) throw new Problem('password-weak', { why: WEAK[fault].zh, whyEn: WEAK[fault].en, fault }, 'password')
}

/** @throws Problem request-invalid naming the grant whose town or department there is not */
async function mustExist(c: Context<App>, grants: readonly Grant[]): Promise<void> {
  const departments = await leadDepartments(c.var.sql)
  grants.forEach((grant, i) => {
    const scope = ROLES[grant.role].scope
    const known = scope === 'town' ? QINGPU.towns.some(({ code }) => code === grant.scope) : scope === 'department' ? departments.includes(grant.scope) : true
    if (!isGrantComplete(grant) || !known) {
      throw new Problem('request-invalid', { field: `/grants/${i}/scope`, why: `${ROLES[grant.role].zh}：没有“${grant.scope}” / there is no “${grant.scope}”` }, `/grants/${i}/scope`)
    }
  })
}

async function existing(c: Context<App>, name: string): Promise<AccountRow> {
  const row = await accountOf(c.var.sql, name)
  if (!row) throw new Problem('not-found', { what: `account/${name}` }, 'name')
  return row
}

/** The last administrator can neither be disabled nor lose the role: nobody could let anybody in again. */
async function mustKeepAnAdmin(tx: Tx, before: AccountRow): Promise<void> {
  if (!before.demo && before.grants.some(({ role }) => role === 'admin') && (await countWithRole(tx, 'admin')) === 0) {
    throw new Problem('state-conflict', { state: '唯一的管理员 / the only administrator' })
  }
}

/** What the trail keeps of an account: never its password. */
function forTrail({ person, email, grants, disabledAt }: AccountRow) {
  return { person, email, grants, disabledAt }
}

export const accountRoutes = router()
  .openapi(
    route('account.manage', {
      method: 'get',
      path: '/api/accounts',
      summary: 'All accounts with their roles',
      responses: { 200: json(z.array(accountSchema), 'accounts'), ...failures(401, 403) },
    }),
    async (c) => c.json(await accounts(c.var.sql), 200),
  )
  .openapi(
    route('account.manage', {
      method: 'get',
      path: '/api/accounts/scopes',
      summary: 'The towns and departments that roles can be given for',
      responses: { 200: json(z.object({ towns: z.array(z.object({ code: z.string(), name: z.string(), nameEn: z.string() })), departments: z.array(z.string()) }), 'scopes'), ...failures(401, 403) },
    }),
    async (c) => {
      const towns = QINGPU.towns.map(({ code, name, nameEn }) => ({ code, name, nameEn }))
      return c.json({ towns, departments: await leadDepartments(c.var.sql) }, 200)
    },
  )
  .openapi(
    route('account.manage', {
      method: 'post',
      path: '/api/accounts',
      summary: 'Makes an account; its one-time password is in the answer and nowhere else',
      request: { body: { required: true, content: { 'application/json': { schema: factsSchema.extend({ name: nameParam.shape.name }) } } } },
      responses: { 201: json(z.object({ account: accountSchema, oneTimePassword: z.string() }), 'the account'), ...failures(400, 401, 403, 409) },
    }),
    async (c) => {
      const given = c.req.valid('json')
      await mustExist(c, given.grants)
      const password = oneTimePassword()
      const hashed = await hashPassword(password)
      await begin(c, async (tx) => {
        if (await accountOf(tx, given.name)) throw new Problem('state-conflict', { state: `账号已存在 / the account exists: ${given.name}` }, 'name')
        await insertAccount(tx, { ...given, password: hashed, mustChange: true, demo: false, createdAt: instantOf(c.var.clock) })
        await audit(tx, c.var.actor, { action: 'account.create', subject: `account/${given.name}`, before: null, after: { person: given.person, email: given.email, grants: given.grants } })
      })
      return c.json({ account: await existing(c, given.name), oneTimePassword: password }, 201)
    },
  )
  .openapi(
    route('account.manage', {
      method: 'put',
      path: '/api/accounts/{name}',
      summary: 'Changes a person’s name, e-mail and roles; needs the version that the change was made on',
      request: { params: nameParam, body: { required: true, content: { 'application/json': { schema: factsSchema.extend({ version: z.int() }) } } } },
      responses: { 200: json(accountSchema, 'the account'), ...failures(400, 401, 403, 404, 409) },
    }),
    async (c) => {
      const { name } = c.req.valid('param')
      const given = c.req.valid('json')
      await mustExist(c, given.grants)
      await begin(c, async (tx) => {
        const before = await accountOf(tx, name)
        if (!before) throw new Problem('not-found', { what: `account/${name}` }, 'name')
        if (before.version !== given.version) throw new Problem('version-conflict', { current: before.version, given: given.version }, 'version')
        await updateAccount(tx, name, given)
        await mustKeepAnAdmin(tx, before)
        await audit(tx, c.var.actor, { action: 'account.change', subject: `account/${name}`, before: forTrail(before), after: { person: given.person, email: given.email, grants: given.grants } })
      })
      return c.json(await existing(c, name), 200)
    },
  )
  .openapi(
    route('account.manage', {
      method: 'put',
      path: '/api/accounts/{name}/disabled',
      summary: 'Disables an account, which ends its sessions, or enables it again; accounts are never deleted',
      request: { params: nameParam, body: { required: true, content: { 'application/json': { schema: z.object({ disabled: z.boolean() }) } } } },
      responses: { 200: json(accountSchema, 'the account'), ...failures(401, 403, 404, 409) },
    }),
    async (c) => {
      const { name } = c.req.valid('param')
      const { disabled } = c.req.valid('json')
      const now = instantOf(c.var.clock)
      await begin(c, async (tx) => {
        const before = await accountOf(tx, name)
        if (!before) throw new Problem('not-found', { what: `account/${name}` }, 'name')
        await setDisabled(tx, name, disabled ? now : null)
        if (disabled) {
          await endOtherSessions(tx, name, null, now)
          await mustKeepAnAdmin(tx, before)
        }
        await audit(tx, c.var.actor, { action: disabled ? 'account.disable' : 'account.enable', subject: `account/${name}`, before: before.disabledAt, after: disabled ? now : null })
      })
      return c.json(await existing(c, name), 200)
    },
  )
  .openapi(
    route('account.manage', {
      method: 'post',
      path: '/api/accounts/{name}/one-time-password',
      summary: 'A new one-time password, which unlocks the account and ends its sessions',
      request: { params: nameParam },
      responses: { 200: json(z.object({ oneTimePassword: z.string() }), 'to be handed over'), ...failures(401, 403, 404) },
    }),
    async (c) => {
      const { name } = c.req.valid('param')
      await existing(c, name)
      const password = oneTimePassword()
      const hashed = await hashPassword(password)
      await begin(c, async (tx) => {
        await setPassword(tx, name, hashed, true)
        await endOtherSessions(tx, name, null, instantOf(c.var.clock))
        await audit(tx, c.var.actor, { action: 'account.reset-password', subject: `account/${name}`, before: null, after: null })
      })
      return c.json({ oneTimePassword: password }, 200, { 'cache-control': 'no-store' })
    },
  )
  .openapi(
    route('account.manage', {
      method: 'delete',
      path: '/api/accounts/{name}/sso',
      summary: 'Forgets the identity of single sign-on that an account is bound to; the next that is named like it binds it anew',
      request: { params: nameParam },
      responses: { 200: json(accountSchema, 'the account'), ...failures(401, 403, 404) },
    }),
    async (c) => {
      const { name } = c.req.valid('param')
      await begin(c, async (tx) => {
        const before = await accountOf(tx, name)
        if (!before) throw new Problem('not-found', { what: `account/${name}` }, 'name')
        await unbindSignOn(tx, name)
        await audit(tx, c.var.actor, { action: 'account.unbind-sso', subject: `account/${name}`, before: { identity: before.sso }, after: null })
      })
      return c.json(await existing(c, name), 200)
    },
  )
  .openapi(
    route('account.manage', {
      method: 'delete',
      path: '/api/accounts/{name}/sessions',
      summary: 'Ends all sessions of an account: a lost telephone, a forgotten machine',
      request: { params: nameParam },
      responses: { 200: json(z.object({ ended: z.int() }), 'how many'), ...failures(401, 403, 404) },
    }),
    async (c) => {
      const { name } = c.req.valid('param')
      await existing(c, name)
      const ended = await begin(c, async (tx) => {
        const n = await endOtherSessions(tx, name, null, instantOf(c.var.clock))
        await audit(tx, c.var.actor, { action: 'session.end', subject: `account/${name}`, before: null, after: { sessions: n } })
        return n
      })
      return c.json({ ended }, 200)
    },
  )
  .openapi(
    route('signed-in', {
      method: 'put',
      path: '/api/account/password',
      summary: 'Changes one’s own password, which ends one’s other sessions',
      request: {
        body: {
          required: true,
          content: { 'application/json': { schema: z.object({ current: z.string().min(1).max(500), password: z.string().min(1).max(500) }) } },
        },
      },
      responses: { 204: { description: 'changed' }, ...failures(401, 403, 422) },
    }),
    async (c) => {
      const { current, password } = c.req.valid('json')
      const found = await signedIn(c)
      if (!found) throw new Problem('sign-in-needed')
      const { account } = found.session
      const stored = await credentialsOf(c.var.sql, account)
      if (!(await verifyPassword(current, stored?.password ?? null))) throw new Problem('sign-in-failed', {}, 'current')
      if (stored?.demo) throw new Problem('not-allowed', { refusal: 'demo', what: '修改密码', whatEn: 'change the password', why: '演示账号的密码人人相同', whyEn: 'demonstration accounts share one' })
      mustBeStrong(password, account)
      if (password === current) throw new Problem('password-weak', { why: '与原密码相同', whyEn: 'it is the one that you have', fault: 'same' }, 'password')
      const hashed = await hashPassword(password)
      await begin(c, async (tx) => {
        await setPassword(tx, account, hashed, false)
        await endOtherSessions(tx, account, found.session.id, instantOf(c.var.clock))
        await audit(tx, c.var.actor, { action: 'account.change-password', subject: `account/${account}`, before: null, after: null })
      })
      return c.body(null, 204)
    },
  )
