/**
 * Making what waits. The table is the queue: whichever process takes a row makes it, one at a time in each process, so that memory stays
 * bounded however many people export at once. The row is touched while the work goes on; one that nobody touches is taken up by another.
 */
import type { Logger } from 'pino'
import type { FrozenSnapshot } from '../../geo/snapshot/frozen.ts'
import { FORMATS_OF } from '../../geo/snapshot/request.ts'
import type { SheetTable } from '../../geo/workbook/sheet.ts'
import type { Sql } from '../database/connect.ts'
import { claimSnapshot, endSnapshot, insertFile, touchSnapshot } from './queries.ts'
import { RenderStopped, renderInThread, type RenderInput } from './render.ts'

const MOST_ATTEMPTS = 3
/** By database: of all servers in this process each makes one at a time. */
const atWork = new WeakMap<Sql, Promise<void>>()

/** Makes everything that waits, one after the other; whoever calls while it goes on waits for the same. */
export function makeWaiting(sql: Sql, log: Logger): Promise<void> {
  const going = atWork.get(sql)
  if (going) return going.then(() => makeWaiting(sql, log))
  const work = makeAll(sql, log).finally(() => atWork.delete(sql))
  atWork.set(sql, work)
  return work
}

async function makeAll(sql: Sql, log: Logger): Promise<void> {
  for (let row = await claimSnapshot(sql); row; row = await claimSnapshot(sql)) {
    const { id, kind, attempts } = row
    const { request, plan } = JSON.parse(row.content) as FrozenSnapshot
    const pages = JSON.parse(row.drawings) as RenderInput['pages']
    try {
      await renderInThread(
        {
          kind,
          pages,
          sheets: row.sheets === null ? [] : (JSON.parse(row.sheets) as SheetTable[]),
          paper: request.paper,
          dpi: request.dpi,
          formats: FORMATS_OF[kind],
          facts: { title: kind === 'pack' ? row.title : pages[0]!.name, author: plan.district, madeAt: new Date(row.madeAt), language: request.view.lang },
        },
        { file: (format, bytes) => insertFile(sql, id, format, bytes), progress: (share) => touchSnapshot(sql, id, share) },
      )
      await endSnapshot(sql, id, 'ready', null)
    } catch (error) {
      if (error instanceof RenderStopped) continue
      log.warn({ err: error, id, attempts }, 'snapshot')
      await endSnapshot(sql, id, attempts < MOST_ATTEMPTS ? 'queued' : 'failed', (error as Error).message)
    }
  }
}
