import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { chromium, type Page } from 'playwright-core'
import { findChromium } from '../../../e2e/chromium.ts'

const CHROMIUM = findChromium()
export const hasChromium = CHROMIUM !== null

/** The style sheet of the Chinese font, from disk, so that a machine without Chinese fonts prints Chinese. */
export const FONT = `<link rel="stylesheet" href="${pathToFileURL(fileURLToPath(import.meta.resolve('@fontsource-variable/noto-sans-sc/index.css'))).href}">`

/** PDFs of these pages, printed by the real browser. `options` go to page.pdf (page numbers and the like). */
export async function print(pages: { html: string; options?: Parameters<Page['pdf']>[0] }[]): Promise<Uint8Array[]> {
  const folder = await mkdtemp(join(tmpdir(), 'print-'))
  const browser = await chromium.launch({
    executablePath: CHROMIUM ?? undefined,
    args: ['--no-sandbox', '--disable-gpu'],
  })
  try {
    const page = await browser.newPage()
    const printed: Uint8Array[] = []
    for (const { html, options } of pages) {
      const file = join(folder, 'page.html')
      await writeFile(file, html)
      await page.goto(pathToFileURL(file).href)
      await page.evaluate(() => document.fonts.ready)
      printed.push(await page.pdf({ preferCSSPageSize: true, ...options }))
    }
    return printed
  } finally {
    await browser.close()
    await rm(folder, { recursive: true, force: true })
  }
}
