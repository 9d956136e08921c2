import type { MiddlewareHandler } from 'hono'
import { isLoopback, type Environment } from './environment.ts'
import { Problem } from './problems.ts'
import type { App } from './route.ts'

const READS = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Refuses writes that a browser sends from another site. (A check of content types only would let a cross-site JSON POST through.)
 * Programs send neither header and pass: they carry no cookies of a victim.
 */
export function sameOrigin(environment: Environment): MiddlewareHandler<App> {
  return async (c, next) => {
    if (!READS.has(c.req.method)) {
      const site = c.req.header('sec-fetch-site')
      const origin = c.req.header('origin')
      if (site && site !== 'same-origin' && site !== 'none') throw new Problem('origin-refused')
      if (origin && !site) {
        const own = environment.publicOrigin ? [environment.publicOrigin] : [`http://${c.req.header('host')}`, `https://${c.req.header('host')}`]
        if (!own.includes(origin)) throw new Problem('origin-refused')
      }
    }
    await next()
  }
}

/**
 * On loopback only loopback's names are served: a foreign name that resolves to 127.0.0.1 (DNS rebinding) would otherwise be
 * "the same origin" to a browser and get the rights of this machine.
 */
export function servedHost(environment: Environment): MiddlewareHandler<App> {
  return async (c, next) => {
    const host = c.req.header('host')
    if (host && isLoopback(environment.host)) {
      const name = host.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1')
      const own = environment.publicOrigin ? new URL(environment.publicOrigin).hostname : null
      if (!isLoopback(name) && name !== own) throw new Problem('host-refused', { host: name })
    }
    await next()
  }
}
