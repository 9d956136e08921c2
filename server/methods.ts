import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { Problem } from './problems.ts'
import type { App } from './route.ts'

/**
 * Answers what no route took: OPTIONS with the methods that the address has, another method with 405 and the same, an address that nobody
 * knows with 404. Made from the declared routes, so that none is forgotten.
 */
export function otherMethods(api: OpenAPIHono<App>) {
  const known = new Map<string, { pattern: RegExp; methods: Set<string> }>()
  for (const definition of api.openAPIRegistry.definitions) {
    if (definition.type !== 'route') continue
    const { path, method } = definition.route
    const entry = known.get(path) ?? { pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`), methods: new Set() }
    known.set(path, entry)
    entry.methods.add(method.toUpperCase())
    if (method === 'get') entry.methods.add('HEAD')
  }
  return (c: Context<App>): Response => {
    // "…/boundaries/check" is also an "…/{id}": all that match count.
    const found = [...known.values()].filter(({ pattern }) => pattern.test(c.req.path)).flatMap(({ methods }) => [...methods])
    if (found.length === 0) throw new Problem('route-unknown')
    const allowed = [...new Set([...found, 'OPTIONS'])].join(', ')
    c.header('allow', allowed)
    if (c.req.method === 'OPTIONS') return c.body(null, 204)
    throw new Problem('method-unknown', { method: c.req.method, allowed })
  }
}
