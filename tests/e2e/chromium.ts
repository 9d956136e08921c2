/** Where a Chromium is that the browser tests can drive. No packages here: `npm test` asks before it decides what to install. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const USUAL_PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

/** The path of a Chromium or Chrome: CHROMIUM_PATH, else one in PATH, else where installers put it. Null: none. */
export function findChromium(env: Record<string, string | undefined> = process.env): string | null {
  if (env.CHROMIUM_PATH) return existsSync(env.CHROMIUM_PATH) ? env.CHROMIUM_PATH : null
  const folders = ['/usr/bin', ...(env.PATH ?? '').split(':').filter(Boolean)]
  const inPath = ['chromium', 'google-chrome-stable', 'google-chrome'].flatMap((name) =>
    folders.map((folder) => join(folder, name)),
  )
  return [...inPath, ...USUAL_PLACES].find((path) => existsSync(path)) ?? null
}
