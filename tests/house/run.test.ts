import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { ROOT } from './files.ts'

/** Runs `npm test` with arguments, as a person would, without letting it install anything. */
function npmTest(args: string[], env: Record<string, string> = {}) {
  const { VITEST: _, ...outside } = process.env
  const { status, stdout } = spawnSync(process.execPath, ['tests/run.mjs', '--no-install', ...args], {
    cwd: ROOT,
    env: { ...outside, CI: '', ...env },
    encoding: 'utf8',
  })
  return { status, last: stdout.trimEnd().split('\n').at(-1), stdout }
}

it('should end with one plain line that counts the tests', () => {
  const { status, last, stdout } = npmTest(['--only', 'house', 'tests/house/package'])
  expect(last).toMatch(/^[1-9]\d* passed, 0 failed$/)
  expect(status).toBe(0)
  expect(stdout).toContain('Testing the house')
})

it('should count a test group that cannot be run as failed where CI asks', () => {
  const missing = { CHROMIUM_PATH: '/nowhere/chromium' }
  const alone = npmTest(['--only', 'e2e', 'no-such-file'], missing)
  expect(alone.stdout).toContain('Not run:\n  e2e: Chromium: no Chromium was found')
  expect(npmTest(['--only', 'e2e', 'no-such-file'], { ...missing, CI: 'true' })).toMatchObject({
    status: 1,
    last: '0 passed, 1 failed',
  })
})

it('should refuse a step that it does not have', () => {
  const { status, last } = npmTest(['--only', 'geo,nonsense'])
  expect(status).toBe(1)
  expect(last).toBe('0 passed, 1 failed')
})
