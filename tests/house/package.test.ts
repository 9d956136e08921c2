import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ROOT, textOf } from './files.ts'

interface Manifest {
  dependencies: Record<string, string>
  devDependencies: Record<string, string>
  optionalDependencies: Record<string, string>
  scripts: Record<string, string>
}

const manifest = JSON.parse(textOf('package.json')) as Manifest
const lock = JSON.parse(textOf('package-lock.json')) as {
  packages: Record<string, Partial<Manifest>>
}

it('should pin every package to one exact version', () => {
  const loose = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(
    ([, version]) => !/^(npm:@?[\w/.-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
  )
  expect(loose).toEqual([])
})

it('should have a lock file that fits, so that npm ci works', () => {
  const root = lock.packages['']
  expect({ dependencies: root?.dependencies, devDependencies: root?.devDependencies }).toEqual({
    dependencies: manifest.dependencies,
    devDependencies: manifest.devDependencies,
  })
})

it('should list the binaries for every system, without which npm ci refuses the lock file', () => {
  const paths = Object.keys(lock.packages)
  const missing = Object.values(lock.packages)
    .flatMap(({ optionalDependencies }) => Object.keys(optionalDependencies ?? {}))
    .filter((name) => !paths.some((path) => path.endsWith(`node_modules/${name}`)))
  expect(missing).toEqual([])
})

it('should have every file that a script runs', () => {
  const files = Object.values(manifest.scripts).flatMap((script) => script.match(/\b[\w/.-]+\.(ts|mjs|json)\b/g) ?? [])
  expect(files.length).toBeGreaterThan(3)
  expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([])
})
