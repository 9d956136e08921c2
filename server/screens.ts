import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Hono } from 'hono'
import { serveStatic } from '@hono/node-server/serve-static'
import type { App } from './route.ts'

/**
 * The built client. Files under /assets carry a hash in their name and are kept for ever; every other path is a screen and gets the one
 * page, which asks anew each time. Whoever reaches the server may read them.
 */
export function screens(folder: string): Hono<App> {
  const app = new Hono<App>()
  app.use('/assets/*', async (c, next) => {
    await next()
    if (c.res.ok) c.res.headers.set('cache-control', 'public, max-age=31536000, immutable')
  })
  app.use('/assets/*', serveStatic({ root: folder, precompressed: true }))
  app.get('/assets/*', (c) => c.notFound())
  app.use('*', serveStatic({ root: folder, rewriteRequestPath: (path) => (path === '/' ? '/.none' : path) }))
  app.get('*', async (c) => {
    // Read anew each time: a build made meanwhile has other parts, and the old page would ask for those that are gone.
    const page = await readFile(join(folder, 'index.html'), 'utf8')
    return c.html(page, 200, { 'cache-control': 'no-cache' })
  })
  return app
}
