/** The browser of the browser tests: Debian's Chromium, WebGL in software, and no word to any other machine. */
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { findChromium } from './chromium.ts'

/** A map needs WebGL2, which SwiftShader gives without a graphics card; the rest keeps Chromium's own services from calling home. */
const ARGUMENTS = [
  '--no-sandbox',
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--ignore-gpu-blocklist',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-quic',
  '--disable-sync',
  '--no-first-run',
]

/**
 * Starts a headless Chromium; close it when done.
 * @throws when there is none, saying what to do
 */
export async function launch(): Promise<Browser> {
  const executablePath = findChromium()
  if (!executablePath) throw new Error('No Chromium was found: install the package chromium, or set CHROMIUM_PATH.')
  return chromium.launch({ executablePath, args: ARGUMENTS })
}

/** Requests that a page made to other machines, as they come. Nothing of the kind gets through. */
export interface NetworkGuard {
  readonly strays: readonly string[]
  /** Fails if there was any; call it at a test's end. */
  check: () => void
}

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]'])
const isLocal = (url: string): boolean => {
  const { protocol, hostname } = new URL(url)
  return ['data:', 'blob:', 'about:', 'chrome-error:'].includes(protocol) || LOOPBACK.has(hostname)
}

/** Holds back and notes every request, web socket included, that a page (or all pages of a context) sends to another machine. */
export async function guardNetwork(where: Page | BrowserContext): Promise<NetworkGuard> {
  const strays: string[] = []
  await where.route(
    (url) => !isLocal(url.href),
    (route) => {
      strays.push(route.request().url())
      return route.abort('blockedbyclient')
    },
  )
  await where.routeWebSocket(
    (url) => !isLocal(url.href),
    (socket) => {
      strays.push(socket.url())
      return socket.close()
    },
  )
  return {
    strays,
    check: () => {
      if (strays.length)
        throw new Error(`Requests left the machine:\n${[...new Set(strays)].map((url) => `  ${url}`).join('\n')}`)
    },
  }
}

/** Everything a page complains about: uncaught errors, messages on the console of the kind "error", and answers of 400 and more. */
export function collectComplaints(page: Page): string[] {
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.stack ?? error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`)
  })
  return complaints
}
