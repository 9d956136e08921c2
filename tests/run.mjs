// @ts-check
/**
 * `npm test`: everything, from a fresh clone. Installs what is missing, checks types and style, runs all groups of tests and counts them.
 *
 *   npm test                              everything
 *   npm test -- --only geo,server         some steps: types, lint, house, geo, client, server, e2e
 *   npm test -- tests/geo/light           only test files whose path contains this; options of vitest (-t 'should …') may follow
 *   npm test -- --no-install              install nothing; say what is missing
 *
 * Plain JavaScript without packages: it runs before there are any. With CI set, what cannot be run counts as failed.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { childEnvironment, ensurePackages, InstallError, nodePath, ROOT, run } from '../server/install.mjs'
import { ensureNeeds } from './needs.mjs'

const MINUTE = 60_000

/**
 * The steps in their order, quick ones first, each with the time after which it is ended. `needs`: without it the step cannot run; `wants`: without it a part of it is skipped.
 * @type {{key: string, says: string, program?: [string, ...string[]], needs?: string, wants?: string[], minutes: number, buildsClient?: boolean}[]}
 */
const STEPS = [
  {
    key: 'types',
    says: 'Checking types',
    program: ['vue-tsc/bin/vue-tsc.js', '--noEmit', '-p', 'tsconfig.json'],
    minutes: 5,
  },
  { key: 'lint', says: 'Checking style', program: ['eslint/bin/eslint.js', '.', '--max-warnings', '0'], minutes: 5 },
  { key: 'house', says: 'Testing the house: walls, tables, paths', wants: ['PostgreSQL with PostGIS'], minutes: 4 },
  { key: 'geo', says: 'Testing the rules', minutes: 8 },
  { key: 'client', says: 'Testing the screens’ parts', minutes: 5 },
  {
    key: 'server',
    says: 'Testing the server on both databases',
    wants: ['PostgreSQL with PostGIS', 'Chromium', 'poppler-utils', 'GDAL', 'LibreOffice'],
    minutes: 45,
  },
  {
    key: 'e2e',
    says: 'Testing the whole in a browser',
    needs: 'Chromium',
    wants: ['PostgreSQL with PostGIS'],
    minutes: 58,
    buildsClient: true,
  },
]

const began = Date.now()
const say = (/** @type {string} */ words) =>
  console.log(`[${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s] ${words}`)

/** @returns {{only: string[] | null, install: boolean, rest: string[]}} */
function readArguments(/** @type {string[]} */ args) {
  const known = STEPS.map(({ key }) => key)
  /** @type {string[] | null} */
  let only = null
  let install = true
  /** @type {string[]} */
  const rest = []
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? ''
    if (arg === '--no-install') install = false
    else if (arg === '--only' || arg.startsWith('--only=')) {
      only = (arg === '--only' ? (args[++i] ?? '') : arg.slice('--only='.length)).split(',').filter(Boolean)
      const unknown = only.filter((key) => !known.includes(key))
      if (unknown.length || !only.length)
        throw new InstallError(`--only ${unknown.join(',')}: give some of ${known.join(',')}, with commas.`)
    } else rest.push(arg)
  }
  return { only, install, rest }
}

/** @typedef {{key: string, passed: number, failed: number, skipped: number, seconds: number}} Result */

/**
 * Counts what vitest reports. A file that could not even be loaded has no tests in the report: it counts as one that failed.
 *
 * @param {string} file vitest's JSON
 * @param {number} code its exit code
 */
function count(file, code) {
  if (!existsSync(file)) return { passed: 0, failed: code === 0 ? 0 : 1, skipped: 0 }
  const report = JSON.parse(readFileSync(file, 'utf8'))
  const unloaded = report.testResults.filter(
    (/** @type {{status: string, assertionResults: {status: string}[]}} */ one) =>
      one.status === 'failed' && !one.assertionResults.some(({ status }) => status === 'failed'),
  ).length
  const failed = report.numFailedTests + unloaded
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && code !== 0 ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}

/**
 * @param {typeof STEPS[number]} step
 * @param {{rest: string[], folder: string}} options
 * @returns {Promise<Result>}
 */
async function runStep({ key, program, minutes, buildsClient }, { rest, folder }) {
  const start = Date.now()
  // Logs are read by people and programs: no colours in them. (Some tools colour whenever CI is set.)
  const colours = process.stdout.isTTY ? {} : { NO_COLOR: '1', FORCE_COLOR: undefined }
  const node = (/** @type {string[]} */ args) =>
    run(nodePath(), [join(ROOT, 'node_modules', args[0] ?? ''), ...args.slice(1)], {
      env: childEnvironment(colours),
      timeoutMs: minutes * MINUTE,
    })
  const seconds = () => (Date.now() - start) / 1000
  const fail = () => ({ key, passed: 0, failed: 1, skipped: 0, seconds: seconds() })
  if (program) {
    const { code } = await node(program)
    return code === 0 ? { key, passed: 0, failed: 0, skipped: 0, seconds: seconds() } : fail()
  }
  if (buildsClient) {
    say('Building the client for it …')
    const { code } = await node(['vite/bin/vite.js', 'build', '--logLevel', 'warn'])
    if (code !== 0) return fail()
  }
  const file = join(folder, `${key}.json`)
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const { code } = await node([
    'vitest/vitest.mjs',
    'run',
    '--config',
    'tests/vitest.config.ts',
    '--project',
    key,
    '--passWithNoTests',
    ...reporters,
    ...rest,
  ])
  return { key, ...count(file, code), seconds: seconds() }
}

/** @param {Result[]} results @param {string[]} notRun */
function summary(results, notRun) {
  console.log('\nstep      passed  failed  skipped    time')
  for (const { key, passed, failed, skipped, seconds } of results) {
    const cells = [passed, failed, skipped].map((n, i) => String(n).padStart(i === 2 ? 9 : 8)).join('')
    console.log(key.padEnd(8) + cells + `${seconds.toFixed(1)} s`.padStart(9))
  }
  if (notRun.length) console.log(`\nNot run:\n${notRun.map((line) => `  ${line}`).join('\n')}`)
}

async function main() {
  const { only, install, rest } = readArguments(process.argv.slice(2))
  let interrupted = false
  // Children get Ctrl-C from the terminal too and end by themselves; this process stays to say what was counted until then.
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(signal, () => (interrupted = true))

  say(`Testing with Node ${process.versions.node} on ${process.platform}.`)
  if (await ensurePackages({ say, install })) say('The npm packages are there.')
  // A filter aims at tests: types and style are left out, unless asked for.
  const steps = STEPS.filter(({ key, program }) => (only ? only.includes(key) : !(rest.length && program)))
  const tests = steps.some(({ program }) => !program)
  const missing = tests ? await ensureNeeds({ say, install }) : new Map()

  /** @type {Result[]} */
  const results = []
  /** @type {string[]} */
  const notRun = []
  const folder = mkdtempSync(join(tmpdir(), 'xiangtu-test-'))
  for (const step of steps) {
    if (interrupted) notRun.push(`${step.key}: interrupted`)
    else if (step.needs && missing.has(step.needs))
      notRun.push(`${step.key}: ${step.needs}: ${missing.get(step.needs)}`)
    else {
      say(`${step.says} (${step.key}) …`)
      const result = await runStep(step, { rest, folder })
      results.push(result)
      for (const want of step.wants ?? [])
        if (missing.has(want)) notRun.push(`${step.key}, the part with ${want}: ${missing.get(want)}`)
      if (!step.program && !rest.length && !result.passed && !result.failed && !result.skipped)
        notRun.push(`${step.key}: there is no test`)
    }
  }
  rmSync(folder, { recursive: true, force: true })
  const total = (/** @type {'passed' | 'failed' | 'skipped'} */ which) =>
    results.reduce((sum, result) => sum + result[which], 0)
  const failed = total('failed') + (process.env.CI ? notRun.length : 0)
  summary(results, notRun)
  if (interrupted) console.log('\nInterrupted: what ran then counts as failed.')
  if (process.env.CI && notRun.length) console.log('\nCI is set: what could not be run counts as failed.')
  console.log(`\n${total('passed')} passed, ${failed} failed${total('skipped') ? `, ${total('skipped')} skipped` : ''}`)
  process.exitCode = interrupted ? 130 : failed || total('passed') + results.length === 0 ? 1 : 0
}

main().catch((error) => {
  console.error(error instanceof InstallError ? `\n${error.message}` : error)
  console.log('\n0 passed, 1 failed')
  process.exitCode = 1
})
