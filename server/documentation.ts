import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { App } from './route.ts'
import { COOKIE } from './session/person.ts'

const TITLE = { title: '乡图 Xiangtu', version: '1', description: 'The map of a district’s task list. Problems are RFC 9457; dates ISO 8601; coordinates WGS84 longitude, latitude.' }

const FILES = {
  'swagger-ui.css': 'text/css',
  'swagger-ui-bundle.js': 'text/javascript',
} as const

const PAGE = `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>乡图 API</title>
<link rel="stylesheet" href="/api/docs/swagger-ui.css"><div id="ui"></div>
<script src="/api/docs/swagger-ui-bundle.js"></script><script src="/api/docs/start.js"></script></html>`

/** `GET /api/openapi.json` (OpenAPI 3.1, made from the routes themselves) and a page to read it, from disk. Open to anyone. */
export function documentationRoutes(app: OpenAPIHono<App>): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'operatorKey', { type: 'http', scheme: 'bearer' })
  app.openAPIRegistry.registerComponent('securitySchemes', 'session', { type: 'apiKey', in: 'cookie', name: COOKIE })
  app.doc31('/api/openapi.json', { openapi: '3.1.0', info: TITLE })
  const folder = join(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'), '..')
  app.get('/api/docs', (c) => c.html(PAGE))
  app.get('/api/docs/start.js', (c) =>
    c.body(`SwaggerUIBundle({ url: '/api/openapi.json', dom_id: '#ui' })`, 200, { 'content-type': 'text/javascript' }),
  )
  for (const [name, type] of Object.entries(FILES)) {
    app.get(`/api/docs/${name}`, async (c) => c.body(await readFile(join(folder, name)), 200, { 'content-type': type }))
  }
}
