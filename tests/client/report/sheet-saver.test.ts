import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createSheetSaver, type CellConflict, type CellToSave, type SaveOutcome, type SheetSaveState } from '../../../client/report/sheet-saver.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A server with versions, and a saver over it; entries are plain texts. */
function saverOver(server: Record<string, { version: number; entry: string }>, answer?: (cells: CellToSave<string>[]) => SaveOutcome<string> | null) {
  const seen = { states: [] as SheetSaveState[], conflicts: new Map() as ReadonlyMap<string, CellConflict<string>>, refused: new Map() as ReadonlyMap<string, unknown>, requests: [] as string[][] }
  const saver = createSheetSaver<string>({
    known: new Map(Object.entries(structuredClone(server))),
    async save(cells) {
      seen.requests.push(cells.map(({ subject, entry, version }) => `${subject}=${entry}@${version}`))
      const forced = answer?.(cells)
      if (forced) return forced
      for (const { subject, version } of cells) {
        const there = server[subject]!
        if (there.version !== version) return { kind: 'conflict', subject, conflict: { version: there.version, theirs: there.entry, by: 'other', at: null } }
      }
      const versions = new Map<string, number>()
      for (const { subject, entry } of cells) versions.set(subject, (server[subject] = { version: server[subject]!.version + 1, entry }).version)
      return { kind: 'saved', versions }
    },
    same: (_, a, b) => a === b,
    savable: (_, entry) => entry !== 'abc',
    groupOf: (subject) => (subject.includes('/') ? 'due' : 'number'),
    onState: (state) => void seen.states.push(state),
    onConflicts: (conflicts) => void (seen.conflicts = conflicts),
    onRefused: (refused) => void (seen.refused = refused),
  })
  return { saver, seen }
}

const NEW = { '1.1': { version: 0, entry: '' }, '1.2': { version: 3, entry: '5' }, '1/finding': { version: 0, entry: '' } }

describe('saving a sheet', () => {
  it('should send what changed a little later, together, numbers and submissions apart', async () => {
    const server = structuredClone(NEW)
    const { saver, seen } = saverOver(server)
    saver.change({ '1.1': '1', '1.2': '5', '1/finding': '' })
    saver.change({ '1.1': '12', '1.2': '6', '1/finding': 'yes' })
    expect(seen.requests).toEqual([])
    await vi.runAllTimersAsync()
    expect(seen.requests).toEqual([['1.1=12@0', '1.2=6@3'], ['1/finding=yes@0']])
    expect(server).toEqual({ '1.1': { version: 1, entry: '12' }, '1.2': { version: 4, entry: '6' }, '1/finding': { version: 1, entry: 'yes' } })
    expect(seen.states.at(-1)).toBe('saved')
  })

  it('should keep back what is no number, and save it once it is mended', async () => {
    const server = structuredClone(NEW)
    const { saver, seen } = saverOver(server)
    saver.change({ '1.1': 'abc', '1.2': '6' })
    await vi.runAllTimersAsync()
    expect(seen.requests).toEqual([['1.2=6@3']])
    saver.change({ '1.1': '7', '1.2': '6' })
    await vi.runAllTimersAsync()
    expect(server['1.1']).toEqual({ version: 1, entry: '7' })
  })

  it('should leave a cell that another changed to a choice, and save the others', async () => {
    const server = structuredClone(NEW)
    const { saver, seen } = saverOver(server)
    server['1.1'] = { version: 1, entry: '99' }
    saver.change({ '1.1': '12', '1.2': '6' })
    await vi.runAllTimersAsync()
    expect(server['1.2'].entry).toBe('6')
    expect(seen.conflicts.get('1.1')).toMatchObject({ version: 1, theirs: '99', by: 'other' })
    expect(server['1.1'].entry).toBe('99')
    expect(await saver.flush()).toBe(false)
    saver.settle('1.1', 'mine')
    await vi.runAllTimersAsync()
    expect(server['1.1']).toEqual({ version: 2, entry: '12' })
    expect(seen.conflicts.size).toBe(0)
  })

  it('should take theirs when that is chosen, and ask nothing where both entered the same', async () => {
    const server = structuredClone(NEW)
    const { saver, seen } = saverOver(server)
    server['1.1'] = { version: 1, entry: '12' }
    server['1.2'] = { version: 4, entry: '7' }
    saver.change({ '1.1': '12', '1.2': '6' })
    await vi.runAllTimersAsync()
    expect([...seen.conflicts.keys()]).toEqual(['1.2'])
    saver.settle('1.2', 'theirs')
    await vi.runAllTimersAsync()
    expect(server['1.2']).toEqual({ version: 4, entry: '7' })
    expect(saver.isDirty('1.2')).toBe(false)
    expect(await saver.flush()).toBe(true)
  })

  it('should try again after a failure, and lose nothing that was typed meanwhile', async () => {
    const server = structuredClone(NEW)
    let down = true
    const { saver, seen } = saverOver(server, () => (down ? { kind: 'failed' } : null))
    saver.change({ '1.1': '1' })
    await vi.advanceTimersByTimeAsync(700)
    expect(seen.states.at(-1)).toBe('failed')
    saver.change({ '1.1': '12' })
    down = false
    await vi.runAllTimersAsync()
    expect(server['1.1'].entry).toBe('12')
    expect(seen.states.at(-1)).toBe('saved')
  })

  it('should not send again what was refused, until it is changed, and save the others', async () => {
    const server = structuredClone(NEW)
    const { saver, seen } = saverOver(server, (cells) => {
      const bad = cells.find(({ entry }) => entry === 'bad')
      return bad ? { kind: 'refused', subject: bad.subject, why: 'closed' } : null
    })
    saver.change({ '1.1': 'bad', '1.2': '6' })
    await vi.runAllTimersAsync()
    expect(server['1.2'].entry).toBe('6')
    expect(seen.refused.get('1.1')).toBe('closed')
    const before = seen.requests.length
    saver.change({ '1.1': 'bad', '1.2': '6' })
    await vi.runAllTimersAsync()
    expect(seen.requests.length).toBe(before)
    saver.change({ '1.1': '7', '1.2': '6' })
    await vi.runAllTimersAsync()
    expect(server['1.1'].entry).toBe('7')
    expect(seen.refused.size).toBe(0)
  })

  it('should see on a fresh look what both changed', async () => {
    const { saver, seen } = saverOver(structuredClone(NEW))
    saver.change({ '1.1': '12', '1.2': '5' })
    saver.refresh(new Map([['1.1', { version: 2, entry: '9' }], ['1.2', { version: 4, entry: '8' }]]))
    expect([...seen.conflicts.keys()]).toEqual(['1.1'])
    saver.stop()
  })
})
