import { expect, it } from 'vitest'
import { queryOf } from '../../../client/audit/audit-api.ts'
import { changesOf } from '../../../client/audit/changes.ts'

it('should show only what differs, field by field', () => {
  expect(changesOf({ person: '张三', version: 1, grants: [{ role: 'reporter' }] }, { person: '张三', version: 2, grants: [] })).toEqual([
    { field: 'version', before: '1', after: '2' },
    { field: 'grants', before: '[{"role":"reporter"}]', after: '[]' },
  ])
  expect(changesOf(null, { value: 12, reason: null })).toEqual([{ field: 'value', before: null, after: '12' }])
  expect(changesOf({ state: 'draft' }, null)).toEqual([{ field: 'state', before: 'draft', after: null }])
  expect(changesOf(null, 'office')).toEqual([{ field: '', before: null, after: 'office' }])
  expect(changesOf(null, null)).toEqual([])
})

it('should ask for what is filled in, and nothing else', () => {
  const filter = { actor: '', action: 'report.return', subject: '', text: '白鹤 100%', from: '', until: '2023-06-30' }
  expect(queryOf(filter, { before: '7' })).toBe('?action=report.return&text=%E7%99%BD%E9%B9%A4+100%25&until=2023-06-30&before=7')
  expect(queryOf({ ...filter, action: '', text: '', until: '' })).toBe('')
})
