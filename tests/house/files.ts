/** The repository's own files, for the tests of the house. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** Folders that are made by running; for copies of the repository that git does not know. */
const MADE = new Set(['node_modules', 'dist', 'data', 'coverage', 'test-results', '.git'])

function filesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder ? `${folder}/${entry.name}` : entry.name
    if (entry.isDirectory()) return MADE.has(entry.name) ? [] : filesBelow(path)
    return entry.name === '.env' || entry.name.endsWith('.log') ? [] : [path]
  })
}

/** Paths from the root of every file that is in the repository or about to be: what is ignored is left out. */
export function repositoryFiles(): string[] {
  const git = spawnSync('git', ['-C', ROOT, 'ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    encoding: 'utf8',
  })
  if (git.status !== 0) return filesBelow('')
  return git.stdout.split('\0').filter((path) => path !== '' && existsSync(join(ROOT, path)))
}

export const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

/** One `import`, `export … from` or `import()` of a file. */
export interface Import {
  from: string
  /** `import type` / `export type`: gone when the program runs. */
  typeOnly: boolean
}

/** The imports of a TypeScript or Vue file, read by pattern: good enough for code that prettier has laid out. */
export function importsOf(text: string): Import[] {
  const statements = text.matchAll(/^\s*(?:import|export)\s+(type\s)?(?:[\w*{}\s,$]+?\sfrom\s+)?'([^']+)'/gm)
  const calls = text.matchAll(/\bimport\(\s*'([^']+)'/g)
  return [
    ...[...statements].map(([, type, from]) => ({ from: from ?? '', typeOnly: type !== undefined })),
    ...[...calls].map(([, from]) => ({ from: from ?? '', typeOnly: false })),
  ]
}
