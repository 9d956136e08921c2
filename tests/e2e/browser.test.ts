import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { collectComplaints, guardNetwork, launch } from './browser.ts'

/** A page with a map's needs and three ways to call another machine; `example.invalid` can never exist. */
const PAGE = `<!doctype html><title>page</title><canvas></canvas><img src="http://example.invalid/pixel.png">
<script>
  fetch('https://example.invalid/data').catch(() => {})
  new WebSocket('wss://example.invalid/socket').onerror = () => {}
</script>`

describe('the browser of the tests', () => {
  let browser: Browser
  let server: Server
  let address: string
  beforeAll(async () => {
    browser = await launch()
    server = createServer((_, response) => response.setHeader('content-type', 'text/html').end(PAGE)).listen(
      0,
      '127.0.0.1',
    )
    await new Promise((resolve) => server.once('listening', resolve))
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  })
  afterAll(async () => {
    await browser.close()
    server.close()
  })

  it('should have WebGL2, which the map needs', async () => {
    const page = await browser.newPage()
    await guardNetwork(page)
    await page.goto(address)
    expect(
      await page.evaluate(() => document.querySelector('canvas')?.getContext('webgl2')?.getParameter(0x0d33)),
    ).toBeGreaterThanOrEqual(8192)
    await page.close()
  })

  it('should notice every request that leaves the machine', async () => {
    const page = await browser.newPage()
    const guard = await guardNetwork(page)
    const complaints = collectComplaints(page)
    await page.goto(address)
    await expect
      .poll(() => [...guard.strays].sort())
      .toEqual(['http://example.invalid/pixel.png', 'https://example.invalid/data', 'wss://example.invalid/socket'])
    expect(guard.check).toThrow('https://example.invalid/data')
    expect(complaints.join()).toContain('ERR_BLOCKED_BY_CLIENT')
    await page.close()
  })
})
