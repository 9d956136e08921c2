/**
 * What lies in the data folder: `database/` is PostgreSQL's own, `database.json` says which engine made it and that it was
 * finished. A first start that was cut off leaves a database without that file; it is thrown away, since nothing can be in it.
 */
import fs from 'node:fs'
import path from 'node:path'
import { fsyncPath } from './wal.ts'

/** The engine in use, as pinned in package.json. A folder can be opened by the same PostgreSQL major and the same PGlite minor. */
export const ENGINE = { pglite: '0.5', postgres: '18' } as const

type Made = { pglite: string; postgres: string; created: string }

/** The data folder was made by another engine than this program has. */
export class DataDirVersion extends Error {
  override readonly name = 'DataDirVersion'
}

/**
 * The folder for the database within the data folder; `finish` is called once the engine has opened or created it.
 * Throws DataDirVersion if it was made by another PGlite or PostgreSQL.
 */
export function prepareDataDir(dataDir: string): { folder: string; finish: () => void } {
  const folder = path.join(dataDir, 'database')
  const note = path.join(dataDir, 'database.json')
  if (!fs.existsSync(note)) {
    fs.rmSync(folder, { recursive: true, force: true })
    return { folder, finish: () => writeNote(dataDir, note) }
  }
  const made = JSON.parse(fs.readFileSync(note, 'utf8')) as Made
  const postgres = fs.readFileSync(path.join(folder, 'PG_VERSION'), 'utf8').trim()
  if (made.pglite !== ENGINE.pglite || postgres !== ENGINE.postgres)
    throw new DataDirVersion(
      `the data folder ${dataDir} was made by PGlite ${made.pglite} (PostgreSQL ${postgres}), and this program has ` +
        `PGlite ${ENGINE.pglite} (PostgreSQL ${ENGINE.postgres}), which cannot open it; ` +
        'start the program that made it and export from there, or choose another folder by DATA_DIR',
    )
  return { folder, finish: () => undefined }
}

function writeNote(dataDir: string, note: string): void {
  const made: Made = { ...ENGINE, created: new Date().toISOString() }
  fs.writeFileSync(note + '.new', JSON.stringify(made) + '\n')
  fsyncPath(note + '.new')
  fs.renameSync(note + '.new', note)
  fsyncPath(dataDir)
}
