import { z } from '@hono/zod-openapi'
import { ROLES, type Role } from '../../geo/right/role.ts'

export const roleSchema = z.enum(Object.keys(ROLES) as [Role, ...Role[]])
export const grantSchema = z.object({ role: roleSchema, scope: z.string().max(100) }).openapi('Grant')

/** Who is signed in, as the screens need it. */
export const personSchema = z
  .object({ account: z.string(), name: z.string(), grants: z.array(grantSchema), readOnly: z.boolean() })
  .openapi('Person', { description: 'readOnly: an administrator looks as this person' })
