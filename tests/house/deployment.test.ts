import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { ENVIRONMENT_NAMES, readEnvironment } from '../../server/environment.ts'
import { repositoryFiles, ROOT, textOf } from './files.ts'

interface Service {
  build?: string
  command?: string[]
  environment: Record<string, string>
  volumes?: string[]
  healthcheck?: { test: string[] }
  depends_on?: Record<string, { condition: string }>
}

const compose = parse(textOf('compose.yaml')) as { services: Record<string, Service>; volumes: Record<string, unknown> }
const asked = [...new Set([...textOf('compose.yaml').matchAll(/\$\{(\w+)/g)].map(([, name]) => name ?? ''))]

describe('.env.example', () => {
  const lines = textOf('.env.example').split('\n')
  const pairs = (pattern: RegExp) =>
    Object.fromEntries(
      lines.flatMap((line) => [...line.matchAll(pattern)].map(([, name, value]) => [name ?? '', value ?? ''])),
    )
  const defaults = pairs(/^([A-Z_]+)=(.*)$/g)
  const examples = pairs(/^#([A-Z_]+)=(.*)$/g)

  it('should name every variable that the server reads, and otherwise only what compose.yaml and the tools read', () => {
    // Read by pattern, so that a variable that somebody reads past server/environment.ts is found too.
    const code = repositoryFiles().filter((path) => /^(server|tests|seeds)\/.*\.(ts|mjs)$|^[\w.]+\.(ts|js)$/.test(path))
    const read = code.flatMap((path) =>
      [...textOf(path).matchAll(/(?:process\.env|\benv)\.([A-Z][A-Z_]+)\b/g)].map(([, name]) => name ?? ''),
    )
    const ofTheSystem = new Set(['PATH', 'CI', 'TMPDIR'])
    // What the tests tell one another; the one that a person may set is explained.
    const ofTheTests = (name: string) => name.startsWith('TEST_') && name !== 'TEST_DATABASE_URL'
    const known = new Set([
      ...ENVIRONMENT_NAMES,
      ...asked,
      ...read.filter((name) => !ofTheSystem.has(name) && !ofTheTests(name)),
    ])
    expect(Object.keys({ ...defaults, ...examples }).sort()).toEqual([...known].sort())
  })

  it('should state the defaults that hold', () => {
    expect(readEnvironment(defaults)).toEqual(readEnvironment({}))
    expect(Object.keys(defaults)).not.toContain('OPERATOR_KEY')
  })

  it('should give examples that the server understands, each explained', () => {
    expect(() => readEnvironment({ ...defaults, ...examples })).not.toThrow()
    for (const name of Object.keys({ ...defaults, ...examples })) {
      const at = lines.findIndex((line) => line.replace(/^#/, '').startsWith(`${name}=`))
      // A block of variables has one explanation above it.
      const above = lines.slice(0, at).findLast((line) => !/^#?[A-Z_]+=/.test(line))
      expect(above, name).toMatch(/^# \S.{20,}/)
    }
  })
})

describe('compose.yaml', () => {
  it('should pass the server only variables that it reads', () => {
    expect(
      Object.keys(compose.services.server?.environment ?? {}).filter((name) => !ENVIRONMENT_NAMES.includes(name)),
    ).toEqual([])
  })

  it('should wait for what it depends on, and mount what exists', () => {
    for (const [name, service] of Object.entries(compose.services)) {
      for (const other of Object.keys(service.depends_on ?? {}))
        expect(compose.services[other]?.healthcheck, `${name} waits for ${other}`).toBeDefined()
      for (const [source = ''] of (service.volumes ?? []).map((volume) => volume.split(':'))) {
        const fine = source.startsWith('./')
          ? source === './backups' || existsSync(join(ROOT, source))
          : source in compose.volumes
        expect(fine, `${name} mounts ${source}`).toBe(true)
      }
    }
  })

  it('should start without a password or key only when told so plainly', () => {
    for (const name of ['POSTGRES_PASSWORD', 'OPERATOR_KEY', 'SECRET_KEY'])
      expect(textOf('compose.yaml')).not.toMatch(new RegExp(`\\$\\{${name}(:?-|\\})`))
  })
})

describe('the Dockerfile', () => {
  const instructions = textOf('Dockerfile')
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => /^[A-Z]+ /.test(line))

  it('should copy only what exists and what .dockerignore lets through', () => {
    const copied = instructions
      .filter((line) => /^COPY (?!--from)/.test(line))
      .flatMap((line) => line.split(/\s+/).slice(1, -1))
    expect(copied.length).toBeGreaterThan(5)
    expect(copied.filter((path) => !existsSync(join(ROOT, path)))).toEqual([])
    const allowed = readFileSync(join(ROOT, '.dockerignore'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1))
    expect([...allowed].sort()).toEqual([...new Set(copied)].sort())
  })

  it('should run what exists, as nobody of importance, and be asked whether it is ready', () => {
    const command = instructions.find((line) => line.startsWith('CMD ')) ?? ''
    const [, file = ''] = JSON.parse(command.slice(4)) as string[]
    expect(existsSync(join(ROOT, file)), file).toBe(true)
    expect(instructions.indexOf('USER node')).toBeGreaterThan(-1)
    expect(instructions.indexOf('USER node')).toBeLessThan(instructions.indexOf(command))
    expect(instructions.some((line) => line.startsWith('HEALTHCHECK') && line.includes('/readyz'))).toBe(true)
    expect(compose.services.server?.command?.[1]).toBe(file)
  })
})
