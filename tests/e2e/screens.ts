/** What every test of a screen needs: a page that is watched, and axe's opinion of it. */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Browser, Page } from 'playwright-core'
import { expect } from 'vitest'
import { DEMO_PASSWORD } from '../../server/account/first.ts'
import { collectComplaints, guardNetwork, type NetworkGuard } from './browser.ts'

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

/** A busy machine draws a map in software: what comes at all comes within this. */
const PATIENCE_MS = 60_000

/** Waits for something to become so; longer than vitest does by itself, as a browser beside other work takes its time. */
export const eventually = <T>(look: () => T | Promise<T>) => expect.poll(look, { timeout: PATIENCE_MS })

export interface Screen {
  page: Page
  guard: NetworkGuard
  /** Errors on the console, uncaught ones, and answers of 400 and more. */
  complaints: string[]
}

/** Opens a page of its own, in a context of its own: two of them are two people; signed in as one of the demonstration's accounts, if one is named. */
export async function openScreen(browser: Browser, url: string, size = { width: 1366, height: 768 }, account?: string): Promise<Screen> {
  const context = await browser.newContext({ viewport: size, reducedMotion: 'reduce', locale: 'zh-CN' })
  context.setDefaultTimeout(PATIENCE_MS)
  if (account) {
    const answer = await context.request.post(new URL('/api/session', url).href, { data: { account, password: DEMO_PASSWORD } })
    if (!answer.ok()) throw new Error(`${account} could not sign in: ${await answer.text()}`)
  }
  const page = await context.newPage()
  const guard = await guardNetwork(page)
  const complaints = collectComplaints(page)
  await page.goto(url)
  return { page, guard, complaints }
}

/** What axe finds serious or worse: one line each, with the first places. */
export async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(await readFile(AXE, 'utf8'))
  return page.evaluate(async () => {
    interface Violation {
      id: string
      impact: string
      help: string
      nodes: { html: string; target: string[] }[]
    }
    const { axe } = window as unknown as { axe: { run: (options: object) => Promise<{ violations: Violation[] }> } }
    const { violations } = await axe.run({ resultTypes: ['violations'] })
    // A halo beneath the letters is taken for their own colour, where axe finds out what lies behind them.
    const isHaloed = (target: string) => getComputedStyle(document.querySelector(target)!).paintOrder.startsWith('stroke')
    return violations
      .map((one) => ({ ...one, nodes: one.nodes.filter(({ target: [target] }) => one.id !== 'color-contrast' || !isHaloed(target!)) }))
      .filter(({ impact, nodes }) => nodes.length > 0 && (impact === 'serious' || impact === 'critical'))
      .map(
        ({ id, help, nodes }) =>
          `${id}: ${help} (${nodes.length}) ${nodes
            .slice(0, 3)
            .map(({ html }) => html.slice(0, 160))
            .join(' | ')}`,
      )
  })
}
