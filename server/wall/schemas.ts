import { z } from '@hono/zod-openapi'
import { LIGHTS, REASON_KEYS } from '../../geo/light/light.ts'
import { TOKEN_STATES, type TokenState } from '../../geo/wall/token.ts'
import { isoDate } from '../plan/schemas.ts'
import { townCollectionSchema, townSchema } from '../town/schemas.ts'

const counts = z.object({ grey: z.int(), green: z.int(), yellow: z.int(), red: z.int() })
const counted = { counts, before: counts.nullable() }

const reason = z.object({
  task: z.int(),
  name: z.string(),
  light: z.enum(LIGHTS),
  reasonKey: z.enum(REASON_KEYS),
  reasonParams: z.record(z.string(), z.union([z.string(), z.number()])),
  since: isoDate.nullable(),
  wasRed: z.boolean(),
  late: z.boolean(),
  demo: z.boolean(),
})

export const wallSchema = z
  .object({
    year: z.int(),
    title: z.string(),
    district: z.object({ code: z.string(), name: z.string(), nameEn: z.string() }),
    month: z.string(),
    asOf: isoDate,
    empty: z.boolean(),
    demo: z.boolean(),
    tasks: z.int(),
    all: z.object(counted),
    units: z.array(townSchema.extend({ ...counted, blank: z.boolean(), reasons: z.array(reason) })),
    categories: z.array(z.object({ no: z.int(), name: z.string(), tasks: z.int(), ...counted })),
    behind: z.array(z.object({ no: z.int(), name: z.string(), counts })),
    months: z.array(z.object({ id: z.string(), counts, units: z.array(z.int()) })),
    shapes: townCollectionSchema,
  })
  .openapi('Wall')

export const wallDueSchema = z
  .object({
    day: isoDate.openapi({ description: 'what is overdue is so on this day' }),
    orders: z.object({
      issued: z.int(),
      answered: z.int(),
      overdue: z.int(),
      next: z.array(z.object({ no: z.int(), title: z.string(), owner: z.string().openapi({ description: 'a town’s code or a department' }), dueOn: isoDate, overdue: z.boolean(), demo: z.boolean() })),
    }),
    findings: z.object({ left: z.int(), overdue: z.int(), towns: z.array(z.object({ town: z.string(), left: z.int(), overdue: z.int() })) }),
    demo: z.boolean(),
  })
  .openapi('WallDue')

export const wallTokenSchema = z
  .object({
    id: z.int(),
    name: z.string(),
    state: z.enum(Object.keys(TOKEN_STATES) as [TokenState, ...TokenState[]]),
    due: z.boolean(),
    issuedBy: z.string(),
    issuedAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().nullable(),
    revokedBy: z.string().nullable(),
    revokedAt: z.iso.datetime().nullable(),
    seenAt: z.iso.datetime().nullable(),
    seenFrom: z.string().nullable(),
    uses: z.int(),
  })
  .openapi('WallToken')
