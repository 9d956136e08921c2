import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { repositoryFiles, ROOT, textOf } from './files.ts'

/** Made by running, not in the repository. */
const MADE = /^(\.\/)?(dist|data|node_modules|coverage|test-results)(\/|$)|^\.env$/
const FILE_NAME = /^[\w.@-]+\.(ts|mjs|js|json|ya?ml|md|sql|vue|geojson|txt|csv|html)$/
const PATH = /^(\.\/)?[\w.@-]+(\/[\w.@-]+)*\/?$/

/** The paths that a text in Markdown names: targets of relative links and pictures, and code spans that are paths by their look. */
function pathsNamed(markdown: string): string[] {
  const prose = markdown.replace(/^```[\s\S]*?^```/gm, '')
  const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g), ...prose.matchAll(/<img[^>]+src="([^"]+)"/g)]
    .map(([, target]) => decodeURI((target ?? '').replace(/#.*$/, '')))
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target))
  const spans = [...prose.matchAll(/`([^`\n]+)`/g)]
    .map(([, span]) => span ?? '')
    .filter((span) => PATH.test(span) && (span.includes('/') || FILE_NAME.test(span)))
    // Packages, types of content and figures have slashes too.
    .filter((span) => !/^(@|application\/|text\/|image\/|[\d.]+\/)/.test(span))
  return [...new Set([...links, ...spans])].filter((path) => !MADE.test(path))
}

describe('reading paths', () => {
  it('should take links, pictures and code spans, and leave what only looks alike', () => {
    const markdown =
      'See [how](docs/how.md#part), ![map](docs/map.png), `geo/light/`, `compose.yaml`, `server/start.mjs`; not `GET /api/plans`, `npm test`, `@turf/turf`, ' +
      '`text/html`, `/lights`, `dist/client`, [site](https://example.org), `10000/15`.\n```\nlost/path.ts\n```'
    expect(pathsNamed(markdown)).toEqual([
      'docs/how.md',
      'docs/map.png',
      'geo/light/',
      'compose.yaml',
      'server/start.mjs',
    ])
  })
})

describe('the README', () => {
  it.each(['README.md', 'README.zh-CN.md'])('should name only paths that exist: %s', (readme) => {
    const named = pathsNamed(textOf(readme))
    expect(named.length).toBeGreaterThan(3)
    // A name alone may stand for the file of that name in every folder: `queries.ts`.
    const names = new Set(repositoryFiles().map((path) => basename(path)))
    expect(named.filter((path) => !existsSync(join(ROOT, path)) && !names.has(path))).toEqual([])
  })

  it.each(['README.md', 'README.zh-CN.md'])('should name only npm scripts that exist: %s', (readme) => {
    const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> }
    const named = [...textOf(readme).matchAll(/npm (?:run )?(start|test|(?<=run )[\w:-]+)/g)].map(
      ([, name]) => name ?? '',
    )
    expect(named).toContain('start')
    expect(named.filter((name) => !(name in scripts))).toEqual([])
  })
})
