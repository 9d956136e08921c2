/** Where the machine's PostgreSQL with PostGIS is, and as whom its server may run. */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** The oldest PostgreSQL that the product supports. */
export const OLDEST_POSTGRES = 15

export interface Programs {
  /** Folder with initdb and postgres. */
  bin: string
  version: number
}

/** The account that the database server runs as; null: the one that runs the tests. */
export interface Account {
  uid: number
  gid: number
}

const output = (program: string, args: string[]): string | null => {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return null
  }
}

/** Folders that distributions and installers put the server's programs into, besides the ones in PATH. */
function folders(): string[] {
  const versions = (parent: string, child: string) =>
    existsSync(parent) ? readdirSync(parent).map((version) => join(parent, version, child)) : []
  const named = process.env.POSTGRES_BIN
  const path = (process.env.PATH ?? '')
    .split(':')
    .filter((folder) => folder !== '' && existsSync(join(folder, 'initdb')))
  return [
    ...(named ? [named] : []),
    ...versions('/usr/lib/postgresql', 'bin'), // Debian, Ubuntu
    ...readdirIf('/usr', /^pgsql-\d+$/).map((folder) => join(folder, 'bin')), // Red Hat's own
    ...readdirIf('/opt/homebrew/opt', /^postgresql@\d+$/).map((folder) => join(folder, 'bin')),
    ...path,
  ]
}

const readdirIf = (parent: string, name: RegExp): string[] =>
  existsSync(parent)
    ? readdirSync(parent)
        .filter((entry) => name.test(entry))
        .map((entry) => join(parent, entry))
    : []

/** Finds the newest PostgreSQL that has PostGIS, or says in one sentence what is missing. */
export function findPrograms(): Programs | { reason: string } {
  const found: Programs[] = []
  let withoutPostgis: string | null = null
  for (const bin of new Set(folders())) {
    const version = Number(output(join(bin, 'postgres'), ['--version'])?.match(/(\d+)/)?.[1])
    if (!version || !existsSync(join(bin, 'initdb'))) continue
    const share = [join('/usr/share/postgresql', String(version)), output(join(bin, 'pg_config'), ['--sharedir'])]
    if (share.some((folder) => folder && existsSync(join(folder, 'extension/postgis.control'))))
      found.push({ bin, version })
    else withoutPostgis = `PostgreSQL ${version} in ${bin} has no PostGIS`
  }
  const best = found.sort((a, b) => b.version - a.version)[0]
  if (!best)
    return {
      reason:
        withoutPostgis ??
        'no PostgreSQL server with PostGIS was found (set POSTGRES_BIN to the folder of initdb if there is one)',
    }
  if (best.version < OLDEST_POSTGRES) return { reason: `PostgreSQL ${best.version} is older than ${OLDEST_POSTGRES}` }
  return best
}

/** PostgreSQL refuses to run as root: then it runs as `postgres`, or as `nobody` where there is no such account. */
export function accountForServer(): Account | null {
  if (process.getuid?.() !== 0) return null
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = [output('id', ['-u', name]), output('id', ['-g', name])]
    if (uid && gid) return { uid: Number(uid), gid: Number(gid) }
  }
  return null
}
