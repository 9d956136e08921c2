import { posix } from 'node:path'
import { describe, expect, it } from 'vitest'
import { importsOf, repositoryFiles, textOf } from './files.ts'

/** Packages that the rules may use: geometry and nothing else. */
const PACKAGES_OF_GEO = /^(@turf\/[\w-]+|geojson|proj4|gcoord|flatbush)$/

/** Every import of a folder's code as a line that names the fault, with where it leads from the root; packages keep their names. */
function importsIn(folder: string) {
  const files = repositoryFiles().filter((path) => path.startsWith(`${folder}/`) && /\.(ts|mjs|vue)$/.test(path))
  return files.flatMap((file) =>
    importsOf(textOf(file)).map(({ from, typeOnly }) => ({
      line: `${file} imports ${from}`,
      leadsTo: from.startsWith('.') ? posix.join(posix.dirname(file), from) : from,
      relative: from.startsWith('.'),
      typeOnly,
    })),
  )
}

const lines = (imports: { line: string }[]) => imports.map(({ line }) => line)

describe('reading imports', () => {
  it('should see every way to import, and which are types only', () => {
    const text = [
      "import a from './a.ts'",
      "import type { B } from './b.ts'",
      "import {\n  c,\n  type D,\n} from './c.ts'",
      "export * from './d.ts'",
      "export type { E } from './e.ts'",
      "import './f.css'",
      "const g = () => import('./g.ts')",
      "const text = 'no import of mine'",
    ].join('\n')
    expect(importsOf(text).map(({ from, typeOnly }) => from + (typeOnly ? ' (type)' : ''))).toEqual([
      './a.ts',
      './b.ts (type)',
      './c.ts',
      './d.ts',
      './e.ts (type)',
      './f.css',
      './g.ts',
    ])
  })
})

describe('the walls of the house', () => {
  it('should find imports in every folder, so that the checks below mean something', () => {
    for (const folder of ['geo', 'server', 'client']) expect(importsIn(folder).length, folder).toBeGreaterThan(10)
  })

  it('should keep geo to itself: nothing but its own files and geometry', () => {
    const strays = importsIn('geo').filter(({ relative, leadsTo }) =>
      relative ? !leadsTo.startsWith('geo/') : !PACKAGES_OF_GEO.test(leadsTo),
    )
    expect(lines(strays)).toEqual([])
  })

  it('should let the client know of the server types only', () => {
    expect(
      lines(importsIn('client').filter(({ leadsTo, typeOnly }) => leadsTo.startsWith('server/') && !typeOnly)),
    ).toEqual([])
  })

  it('should keep node’s modules and the database out of the client', () => {
    expect(
      lines(
        importsIn('client').filter(
          ({ leadsTo, typeOnly }) => !typeOnly && /^(node:|postgres$|hono$|@electric-sql\/)/.test(leadsTo),
        ),
      ),
    ).toEqual([])
  })

  it('should keep the screens and the tests out of the server', () => {
    expect(
      lines(
        importsIn('server').filter(
          ({ leadsTo }) => /^(client|tests)\//.test(leadsTo) || /^(vue|maplibre-gl)(\/|$)/.test(leadsTo),
        ),
      ),
    ).toEqual([])
  })

  it('should start the server with nothing but the packages that it is shipped with', () => {
    const { dependencies } = JSON.parse(textOf('package.json')) as { dependencies: Record<string, string> }
    const packageOf = (from: string) =>
      from
        .split('/')
        .slice(0, from.startsWith('@') ? 2 : 1)
        .join('/')
    const code = [...importsIn('server'), ...importsIn('geo')].filter(
      ({ relative, leadsTo, typeOnly }) => !relative && !typeOnly && !leadsTo.startsWith('node:'),
    )
    // Only development needs the client's tools.
    expect(
      lines(code.filter(({ leadsTo }) => !(packageOf(leadsTo) in dependencies) && packageOf(leadsTo) !== 'vite')),
    ).toEqual([])
  })
})
