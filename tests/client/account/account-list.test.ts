import { describe, expect, it } from 'vitest'
import type { Account } from '../../../client/account/account-api.ts'
import { matching, stateOf } from '../../../client/account/account-list.ts'
import { deviceOf } from '../../../client/account/device.ts'

const NOW = '2023-06-01T02:00:00.000Z'
const account = (name: string, more: Partial<Account> = {}): Account => ({
  name,
  person: name,
  email: null,
  hasPassword: true,
  mustChange: false,
  lockedUntil: null,
  disabledAt: null,
  sso: null,
  demo: false,
  version: 1,
  createdAt: NOW,
  grants: [],
  seenAt: null,
  ...more,
})

describe('the list of accounts', () => {
  it('should say in what state each is, the gravest first', () => {
    expect(stateOf(account('a'), NOW)).toBe('active')
    expect(stateOf(account('a', { mustChange: true }), NOW)).toBe('new')
    expect(stateOf(account('a', { mustChange: true, lockedUntil: '2023-06-01T02:10:00.000Z' }), NOW)).toBe('locked')
    expect(stateOf(account('a', { lockedUntil: '2023-06-01T01:50:00.000Z' }), NOW)).toBe('active')
    expect(stateOf(account('a', { disabledAt: NOW, lockedUntil: '2023-06-01T02:10:00.000Z' }), NOW)).toBe('disabled')
  })

  it('should be narrowed by words, role and state, and find people by their town', () => {
    const all = [
      account('zhang.san', { person: '张三', grants: [{ role: 'reporter', scope: '310118110' }] }),
      account('li.si', { person: '李四', grants: [{ role: 'department', scope: '区水务局' }], disabledAt: NOW }),
    ]
    const names = (filter: object) => matching(all, { words: '', role: '', state: '', ...filter }, (scope) => (scope === '310118110' ? '白鹤镇' : scope), NOW).map(({ name }) => name)
    expect(names({})).toEqual(['zhang.san', 'li.si'])
    expect(names({ words: ' 白鹤 ' })).toEqual(['zhang.san'])
    expect(names({ words: 'LI.' })).toEqual(['li.si'])
    expect(names({ role: 'department' })).toEqual(['li.si'])
    expect(names({ state: 'disabled', words: '水务' })).toEqual(['li.si'])
    expect(names({ state: 'active', words: '水务' })).toEqual([])
  })
})

it.each([
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36', 'Chrome · Windows'],
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0', 'Edge · Windows'],
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1', 'Safari · iOS'],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0', 'Firefox · Linux'],
  ['curl/8.5.0', null],
])('should call %s by what people know', (agent, name) => {
  expect(deviceOf(agent)).toBe(name)
})
