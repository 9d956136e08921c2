import { z } from '@hono/zod-openapi'
import { nextOrderActs, ORDER_ACTS, ORDER_SOURCES, ORDER_STATES, orderTarget, type OrderAct, type OrderSource, type OrderState } from '../../geo/order/order.ts'
import { refusalOf } from '../../geo/right/right.ts'
import type { Person } from '../../geo/right/role.ts'
import { instantOf, todayOf } from '../clock.ts'
import { isoDate, isoMonth } from '../plan/schemas.ts'
import { planOfPath, yearParam } from '../plan/routes.ts'
import { Problem } from '../problems.ts'
import { begin, failures, json, mustBeAllowed, route, router, wholeNumber } from '../route.ts'
import { isStorable } from '../storable.ts'
import { orderEvents, orderOf, ordersOf, type OrderRow } from './queries.ts'
import { actOnOrder, issueOrder } from './store.ts'

const keysOf = <K extends string>(table: Record<K, unknown>) => Object.keys(table) as [K, ...K[]]
const townCode = z.string().regex(/^\w{6,12}$/, 'must be a code, e.g. 310118105')
const text = (most: number) => z.string().trim().max(most).refine((given) => isStorable(given), 'holds a NUL or half a character')
const ACTS = ['answer', 'return', 'extend', 'close', 'cancel'] as const satisfies readonly OrderAct[]

const orderSchema = z
  .object({
    id: z.int(),
    year: z.int(),
    no: z.int(),
    source: z.enum(keysOf<OrderSource>(ORDER_SOURCES)),
    sourceKey: z.string().nullable(),
    ownerTown: z.string().nullable(),
    ownerDepartment: z.string().nullable(),
    task: z.int().nullable(),
    measure: z.string().nullable(),
    town: z.string().nullable(),
    month: isoMonth.nullable(),
    title: z.string(),
    demand: z.string(),
    issuedBy: z.string(),
    issuedAt: z.iso.datetime(),
    dueOn: isoDate,
    state: z.enum(keysOf<OrderState>(ORDER_STATES)),
    answer: z.string().nullable(),
    answeredAt: z.iso.datetime().nullable(),
    closedAt: z.iso.datetime().nullable(),
    version: z.int(),
    changedAt: z.iso.datetime(),
    demo: z.boolean(),
    departments: z.array(z.string()),
    next: z.array(z.enum(ACTS)).openapi({ description: 'what the caller may do to it now' }),
  })
  .openapi('SupervisionOrder')

const eventSchema = z.object({
  version: z.int(),
  at: z.iso.datetime(),
  by: z.string(),
  act: z.enum(keysOf<OrderAct>(ORDER_ACTS)),
  state: z.enum(keysOf<OrderState>(ORDER_STATES)),
  words: z.string(),
  dueOn: isoDate,
})

const orderParam = yearParam.extend({ id: wholeNumber(1) })
const withNext = (order: OrderRow, person: Person | null) => ({ ...order, next: nextOrderActs(order, person) })

export const orderRoutes = router()
  .openapi(
    route('order.read', {
      method: 'get',
      path: '/api/plans/{year}/orders',
      summary: 'Supervision orders that the caller may see: one’s own town’s or department’s, or all',
      request: { params: yearParam, query: z.object({ town: townCode.optional(), task: wholeNumber(1).optional(), month: isoMonth.optional(), source: z.enum(keysOf<OrderSource>(ORDER_SOURCES)).optional() }) },
      responses: { 200: json(z.array(orderSchema), 'orders, what is due first on top'), ...failures(400, 401, 403, 404) },
    }),
    async (c) => {
      const plan = await planOfPath(c, c.req.valid('param').year)
      const { person } = c.var.actor
      const orders = await ordersOf(c.var.sql, plan.id, c.req.valid('query'))
      const seen = orders.filter((order) => refusalOf(person, 'order.read', orderTarget(order, 'order.read')) === null)
      return c.json(seen.map((order) => withNext(order, person)), 200)
    },
  )
  .openapi(
    route('order.issue', {
      method: 'post',
      path: '/api/plans/{year}/orders',
      summary: 'Issues a supervision order to a town or a department',
      request: {
        params: yearParam,
        body: {
          required: true,
          content: {
            'application/json': {
              schema: z.object({
                owner: z.union([z.strictObject({ town: townCode }), z.strictObject({ department: text(100).pipe(z.string().min(1)) })]),
                task: z.int().min(1).nullable().optional(),
                measure: z.string().regex(/^\d{1,9}\.\d{1,4}$/).nullable().optional(),
                town: townCode.nullable().optional(),
                month: isoMonth.nullable().optional(),
                title: text(200).pipe(z.string().min(1)),
                demand: text(5000).pipe(z.string().min(1)),
                dueOn: isoDate,
              }),
            },
          },
        },
      },
      responses: { 201: json(orderSchema, 'the order'), ...failures(400, 401, 403, 404) },
    }),
    async (c) => {
      const plan = await planOfPath(c, c.req.valid('param').year)
      const given = c.req.valid('json')
      const { order } = await begin(c, (tx) => issueOrder(tx, c.var.actor, plan, { ...given, source: 'person' }, instantOf(c.var.clock), todayOf(c.var.clock)))
      return c.json(withNext(order, c.var.actor.person), 201)
    },
  )
  .openapi(
    route('order.read', {
      method: 'get',
      path: '/api/plans/{year}/orders/{id}',
      summary: 'One supervision order with everything that happened to it',
      request: { params: orderParam },
      responses: { 200: json(orderSchema.extend({ events: z.array(eventSchema) }), 'the order'), ...failures(400, 401, 403, 404) },
    }),
    async (c) => {
      const { year, id } = c.req.valid('param')
      const plan = await planOfPath(c, year)
      const order = await orderOf(c.var.sql, plan.id, id)
      if (!order) throw new Problem('not-found', { what: `order/${year}/${id}` }, 'id')
      mustBeAllowed(c, 'order.read', orderTarget(order, 'order.read'))
      return c.json({ ...withNext(order, c.var.actor.person), events: await orderEvents(c.var.sql, id) }, 200)
    },
  )
  .openapi(
    route(['order.answer', 'order.issue'], {
      method: 'post',
      path: '/api/plans/{year}/orders/{id}/{act}',
      summary: 'Answers, returns, extends, closes or cancels a supervision order',
      description: 'The owner answers; who may issue orders does the rest (geo/order/order.ts). Needs the version that it was decided on; all but closing need words.',
      request: {
        params: orderParam.extend({ act: z.enum(ACTS) }),
        body: { required: true, content: { 'application/json': { schema: z.object({ version: z.int(), words: text(5000).default(''), dueOn: isoDate.optional() }) } } },
      },
      responses: { 200: json(orderSchema, 'the order as it is now'), ...failures(400, 401, 403, 404, 409, 422) },
    }),
    async (c) => {
      const { year, id, act } = c.req.valid('param')
      const plan = await planOfPath(c, year)
      const step = c.req.valid('json')
      const order = await begin(c, (tx) => actOnOrder(tx, c.var.actor, plan, id, act, step, instantOf(c.var.clock), todayOf(c.var.clock)))
      return c.json(withNext(order, c.var.actor.person), 200)
    },
  )
