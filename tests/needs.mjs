// @ts-check
/** What the tests need besides npm packages: looked for, and installed from Debian's packages where we may (as root, with apt-get). */
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { childEnvironment, nodePath, run } from '../server/install.mjs'

/**
 * @typedef {object} Need
 * @property {string} name
 * @property {() => Promise<string | null>} missing why it cannot be used, or null when it is there
 * @property {() => Promise<string[]>} debian names of the packages that bring it
 */

/**
 * Asks one of the tests' own modules, in a Node that reads TypeScript: what is looked for there stands in one place only.
 *
 * @param {string} file
 * @param {string} expression in which the module is called `it`; its value comes back through JSON
 */
async function ask(file, expression) {
  const script = `import(${JSON.stringify(new URL(file, import.meta.url).href)}).then((it) => console.log(JSON.stringify(${expression})))`
  const { code, output } = await run(nodePath(), ['--input-type=module', '-e', script], { quiet: true })
  if (code !== 0) throw new Error(output)
  return JSON.parse(output.trim().split('\n').at(-1) ?? 'null')
}

/** The newest PostGIS among the packages known to apt; which PostgreSQL it is for stands in its name. */
async function newestPostgis() {
  const { output } = await run('apt-cache', ['search', '--names-only', '^postgresql-[0-9]+-postgis-3$'], {
    quiet: true,
  })
  const names = output.split('\n').map((line) => line.split(' ')[0] ?? '')
  const version = (/** @type {string} */ name) => Number(name.split('-')[1])
  return names
    .filter(Boolean)
    .sort((a, b) => version(b) - version(a))
    .slice(0, 1)
}

/** @type {Need[]} */
const NEEDS = [
  {
    name: 'PostgreSQL with PostGIS',
    missing: () => ask('./database/programs.ts', 'it.findPrograms().reason ?? null'),
    debian: newestPostgis,
  },
  {
    name: 'Chromium',
    missing: () =>
      ask(
        './e2e/chromium.ts',
        "it.findChromium() ? null : 'no Chromium was found (set CHROMIUM_PATH if there is one)'",
      ),
    debian: async () => ['chromium'],
  },
  {
    name: 'poppler-utils',
    missing: async () => {
      const folders = (process.env.PATH ?? '').split(delimiter)
      return folders.some((folder) => existsSync(join(folder, 'pdftotext'))) ? null : 'no pdftotext was found'
    },
    debian: async () => ['poppler-utils'],
  },
  {
    name: 'GDAL',
    missing: () => ask('./server/format/gdal.ts', "it.findOgr2ogr() ? null : 'no ogr2ogr was found'"),
    debian: async () => ['gdal-bin'],
  },
  {
    name: 'LibreOffice',
    missing: () => ask('./server/office.ts', "it.findSoffice() ? null : 'no soffice was found'"),
    debian: async () => ['libreoffice-calc', 'libreoffice-writer', 'libreoffice-impress'],
  },
]

/** Why nothing may be installed here, or null. */
function mayNotInstall() {
  if (process.getuid?.() !== 0) return 'only root may install packages'
  return existsSync('/usr/bin/apt-get') ? null : 'there is no apt-get'
}

/**
 * Looks for everything that is needed and installs what is missing, each by itself, so that one that cannot be had does not keep away the others.
 *
 * @param {{say: (words: string) => void, install: boolean}} options install: false only looks
 * @returns {Promise<Map<string, string>>} name → why it is still missing
 */
export async function ensureNeeds({ say, install }) {
  /** @type {Map<string, string>} */
  const missing = new Map()
  let listsAreFresh = false
  const env = { ...childEnvironment(), DEBIAN_FRONTEND: 'noninteractive' }
  for (const { name, missing: look, debian } of NEEDS) {
    const why = await look()
    if (why === null) continue
    const hindered = install ? mayNotInstall() : '--no-install was given'
    if (hindered) {
      missing.set(name, `${why}; ${hindered}`)
      continue
    }
    say(`Installing ${name} from Debian's packages, because ${why} …`)
    if (!listsAreFresh) await run('apt-get', ['update', '-q'], { quiet: true, env })
    listsAreFresh = true
    const packages = await debian()
    // Its own "main" cluster is of no use here: tests start a private one.
    const result = packages.length
      ? await run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], { quiet: true, env })
      : { code: 1, output: 'no such package is known to apt' }
    const still = await look()
    if (still !== null)
      missing.set(name, `${still}; apt-get: ${result.output.trim().split('\n').slice(-3).join(' / ')}`)
  }
  return missing
}
