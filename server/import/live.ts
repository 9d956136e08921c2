import { streamSSE } from 'hono/streaming'
import type { Context } from 'hono'
import { WORKING } from '../../geo/import/import.ts'
import { endWithServer } from '../message/live.ts'
import { hearProgress } from './progress.ts'
import { importOf, type ImportRow } from './queries.ts'

/** Any process may do the work, and the embedded database cannot call: the stream looks for itself. */
const LOOK_MS = 700
/** A stream ends after so long and the browser opens the next: so it goes through the door again. */
const STREAM_MS = 5 * 60_000

/** Says what changes of one import, until it is over or the browser goes away. */
export function streamImport(c: Context, row: ImportRow, onWire: (row: ImportRow) => object) {
  const { sql } = c.var
  return streamSSE(c, async (stream) => {
    let over = false
    let wake = () => {}
    const end = () => {
      over = true
      wake()
    }
    const forget = endWithServer(end)
    const timer = setTimeout(end, STREAM_MS)
    stream.onAbort(end)
    let before = ''
    let last = row
    // What is told while the database is busy comes between the looks.
    const hush = hearProgress(row.id, (progress) => void stream.writeSSE({ event: 'import', data: JSON.stringify(onWire({ ...last, progress })) }))
    try {
      while (!over) {
        // A database that is away for a moment is no news.
        const now = await importOf(sql, row.id).catch(() => undefined)
        if (now === null) break
        const text = now ? JSON.stringify(onWire(now)) : before
        if (text !== before) await stream.writeSSE({ event: 'import', data: text })
        before = text
        last = now ?? last
        if (now && !WORKING.includes(now.state)) break
        await new Promise<void>((resolve) => {
          wake = resolve
          setTimeout(resolve, LOOK_MS)
        })
      }
    } finally {
      clearTimeout(timer)
      hush()
      forget()
    }
  })
}
