// @ts-check
/**
 * What `npm start` and `npm test` have in common: the npm packages are there and fit package-lock.json, and the program runs on a Node that
 * can read TypeScript, wherever the system's own Node is older. Plain JavaScript without a single package, because it runs before there is one.
 */
import { spawn } from 'node:child_process'
import { existsSync, lstatSync, readFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of package.json. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))

/** The oldest Node that can install; what runs afterwards comes with the packages. */
const OLDEST_NODE = [20, 19]

/** A failure whose message already says what to do; a starter prints it without a stack. */
export class InstallError extends Error {}

/** @typedef {Record<string, {version?: string, optional?: boolean, devOptional?: boolean}>} Packages */

/**
 * @param {string} file
 * @returns {Packages | null}
 */
function lockedPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages ?? null
  } catch {
    return null
  }
}

/**
 * Why `npm ci` is needed, or null when node_modules holds what package-lock.json asks for. npm writes its own record of what it put into
 * node_modules as the last thing it does, so an interrupted install is noticed too.
 *
 * @param {string} [root] folder of package.json
 * @returns {string | null}
 */
export function packagesMissing(root = ROOT) {
  const wanted = lockedPackages(join(root, 'package-lock.json'))
  if (!wanted)
    throw new InstallError(`${join(root, 'package-lock.json')} is missing or broken: restore it from the repository.`)
  const present = lockedPackages(join(root, 'node_modules/.package-lock.json'))
  if (!present) return 'they are not installed yet'
  for (const [path, { version, optional, devOptional }] of Object.entries(wanted)) {
    // Optional packages are mostly binaries for other systems.
    if (path === '' || optional || devOptional) continue
    if (present[path]?.version !== version)
      return `package-lock.json has changed (${path.replace(/^.*node_modules\//, '')} ${version})`
  }
  return null
}

/**
 * The Node to run the program with: the one among the packages, else the one that runs now.
 *
 * @returns {string} path of the executable
 */
export function nodePath() {
  const own = join(ROOT, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node')
  return existsSync(own) ? own : process.execPath
}

/**
 * The environment for children: the packages' programs, `node` among them, come first in PATH.
 *
 * @param {Record<string, string | undefined>} [extra]
 */
export function childEnvironment(extra = {}) {
  return { ...process.env, PATH: [join(ROOT, 'node_modules/.bin'), process.env.PATH ?? ''].join(delimiter), ...extra }
}

/**
 * Runs a program to its end in the project's folder; its output goes where ours goes unless `quiet`.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{env?: Record<string, string | undefined>, quiet?: boolean, shell?: boolean, timeoutMs?: number}} [options] quiet: keep the output, to be
 *   shown only on failure; timeoutMs: then it is told to end, and ended ten seconds later
 * @returns {Promise<{code: number, output: string}>} code 127 when the program cannot be started
 */
export function run(command, args, { env = childEnvironment(), quiet = false, shell = false, timeoutMs = 0 } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env,
      shell,
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
    })
    let output = ''
    child.stdout?.on('data', (bytes) => (output += bytes))
    child.stderr?.on('data', (bytes) => (output += bytes))
    child.on('error', (error) => resolve({ code: 127, output: output + error.message }))
    const timers = timeoutMs
      ? [
          setTimeout(() => child.kill('SIGTERM'), timeoutMs),
          setTimeout(() => child.kill('SIGKILL'), timeoutMs + 10_000),
        ]
      : []
    child.on('close', (code, signal) => {
      timers.forEach(clearTimeout)
      if (signal && timeoutMs) console.error(`Ended by ${signal}: ${[command, ...args].join(' ')}`)
      resolve({ code: code ?? 1, output })
    })
  })
}

/**
 * Installs the npm packages if they are missing or package-lock.json has changed since.
 *
 * @param {{say?: (words: string) => void, install?: boolean}} [options] say: told what is being done; install: false only looks
 * @returns {Promise<boolean>} whether anything was installed
 * @throws {InstallError} when the running Node is too old, or npm fails
 */
export async function ensurePackages({ say = console.log, install = true } = {}) {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor))
    throw new InstallError(
      `Node ${process.versions.node} is too old: install Node ${OLDEST_NODE.join('.')} or newer (https://nodejs.org).`,
    )
  const why = packagesMissing()
  if (!why) return false
  if (!install) throw new InstallError(`npm packages: ${why}. Run "npm ci", or leave out --no-install.`)
  // npm ci empties the folder first: behind a link that would be somebody else's.
  if (lstatSync(join(ROOT, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink())
    throw new InstallError(`node_modules is a link, and ${why}: remove the link, or install where it points to.`)
  say(`Installing the npm packages, because ${why}; this takes a minute or two …`)
  // The npm that called us, if one did: on some systems `npm` in PATH is another one, or a script that needs a shell.
  const npm = process.env.npm_execpath?.endsWith('.js') ? process.env.npm_execpath : null
  const args = ['ci', '--include=dev', '--no-fund', '--no-audit', '--loglevel=error']
  const env = { ...process.env, NODE_ENV: 'development' }
  const { code, output } = npm
    ? await run(process.execPath, [npm, ...args], { quiet: true, env })
    : await run('npm', args, { quiet: true, env, shell: process.platform === 'win32' })
  const left = code === 0 ? packagesMissing() : null
  if (code !== 0 || left)
    throw new InstallError(
      `npm ci failed (${code === 0 ? left : `exit code ${code}`}).\n${output.trim()}\n` +
        'Check that the npm registry can be reached ("npm ping") and that the disk has 1 GB free, then run the same command again.',
    )
  if (!existsSync(join(ROOT, 'node_modules/node/bin')) && major < 24)
    throw new InstallError(
      `The packages came without their Node, and Node ${process.versions.node} cannot run TypeScript: allow the install script of the package "node", or install Node 24.`,
    )
  return true
}
