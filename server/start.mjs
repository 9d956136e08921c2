// @ts-check
/**
 * `npm start` and `npm run dev`: sees to it that the packages are installed and the client is built, then starts the server on the Node that
 * comes with the packages. Plain JavaScript, because it runs before there is anything else.
 *
 *   npm start                 everything; the first start fills ./data with the 2023 list and a demonstration year
 *   npm start -- --empty      the first start leaves the demonstration year out
 *   npm run dev               the server restarts, and the screens change, while files are edited
 */
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { childEnvironment, ensurePackages, InstallError, nodePath, ROOT, run } from './install.mjs'

/** What the built client is made from. */
const CLIENT_SOURCES = ['client', 'geo', 'vite.config.ts', 'package-lock.json']

/** @returns {number} the newest change under a path, in ms */
function newest(/** @type {string} */ path) {
  const stat = statSync(path)
  if (!stat.isDirectory()) return stat.mtimeMs
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))))
}

function clientIsBuilt() {
  const page = join(ROOT, 'dist/client/index.html')
  if (!existsSync(page)) return false
  const built = statSync(page).mtimeMs
  return CLIENT_SOURCES.every((path) => newest(join(ROOT, path)) <= built)
}

/** Variables of `.env`, where there is one; what is set outside wins. */
function variablesOfFile() {
  const file = join(ROOT, '.env')
  if (!existsSync(file)) return {}
  const pairs = readFileSync(file, 'utf8')
    .split(/\r?\n/)
    .map((line) => /^\s*([A-Z_]+)\s*=\s*(.*?)\s*$/.exec(line))
    .filter((match) => match != null)
    .map((match) => [match[1] ?? '', (match[2] ?? '').replace(/^(['"])(.*)\1$/, '$2')])
  return Object.fromEntries(pairs.filter(([name]) => process.env[name ?? ''] === undefined))
}

/** Runs children until one ends or somebody asks to stop; then all end. */
function together(/** @type {[string, string[], Record<string, string | undefined>?][]} */ commands) {
  const env = { ...variablesOfFile() }
  const children = commands.map(([command, args, extra]) =>
    spawn(command, args, { cwd: ROOT, stdio: 'inherit', env: childEnvironment({ ...env, ...extra }) }),
  )
  // Ctrl-C reaches the children by itself (one process group); a signal to this process alone is passed on.
  process.on('SIGINT', () => {})
  for (const signal of /** @type {const} */ (['SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => children.forEach((child) => child.kill(signal)))
  }
  let left = children.length
  for (const child of children) {
    child.on('exit', (code) => {
      children.forEach((other) => other !== child && other.exitCode == null && other.kill('SIGTERM'))
      process.exitCode ||= code ?? 1
      if (--left === 0) process.exit()
    })
  }
}

const args = process.argv.slice(2)
const dev = args.includes('--dev')
const rest = args.filter((arg) => arg !== '--dev')
try {
  await ensurePackages()
  if (dev) {
    const port = process.env.PORT ?? '8080'
    const watched = ['server', 'geo', 'seeds'].map((path) => `--watch-path=${join(ROOT, path)}`)
    together([
      [nodePath(), [...watched, '--watch-preserve-output', join(ROOT, 'server/main.ts'), ...rest], { NO_OPEN: '1' }],
      [nodePath(), [join(ROOT, 'node_modules/vite/bin/vite.js')], { XIANGTU_API: `http://127.0.0.1:${port}` }],
    ])
  } else {
    if (!clientIsBuilt()) {
      console.log('正在构建界面 / building the client …')
      const { code, output } = await run(nodePath(), [join(ROOT, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'], { quiet: true })
      if (code !== 0) throw new InstallError(`The client could not be built:\n${output}`)
    }
    together([[nodePath(), [join(ROOT, 'server/main.ts'), ...rest]]])
  }
} catch (error) {
  if (!(error instanceof InstallError)) throw error
  console.error(error.message)
  process.exit(1)
}
