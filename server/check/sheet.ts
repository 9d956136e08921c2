/** The sheet of a check as a PDF: drawn from what a run froze, made in a thread, one after the other. */
import { checkNumber } from '../../geo/check/record.ts'
import { sheetOf, type SheetRecord } from '../../geo/check/sheet.ts'
import type { Acknowledgement } from '../../geo/check/record.ts'
import type { CheckContent } from '../../geo/check/content.ts'
import type { Lang } from '../../geo/number/in-words.ts'
import { QINGPU } from '../../geo/town/qingpu.ts'
import { timeOf, todayOf } from '../clock.ts'
import { Problem } from '../problems.ts'
import { renderInThread } from '../snapshot/render.ts'

/** Sheets that may wait for their turn; each holds its drawing meanwhile. */
const MOST_WAITING = 12
let waiting = 0
let last: Promise<unknown> = Promise.resolve()

/** The record with its moments as instants. */
export type SheetGiven = Omit<SheetRecord, 'checkedAt' | 'acknowledgements'> & { acknowledgements: readonly (Acknowledgement & { byName: string })[] }

/** @throws Problem too-busy */
export function sheetPdf(record: SheetGiven, content: CheckContent, lang: Lang): Promise<Uint8Array<ArrayBuffer>> {
  if (waiting >= MOST_WAITING) throw new Problem('too-busy')
  waiting++
  const made = last.then(() => make(record, content, lang)).finally(() => waiting--)
  last = made.catch(() => {})
  return made
}

/** As the sheet says it: China's day and time. */
function saidAt(instant: string): { day: string; time: string } {
  const clock = { now: () => new Date(instant) }
  return { day: todayOf(clock), time: timeOf(clock) }
}

async function make(record: SheetGiven, content: CheckContent, lang: Lang): Promise<Uint8Array<ArrayBuffer>> {
  const acknowledgements = record.acknowledgements.map((one) => ({ ...one, at: saidAt(one.at) }))
  const pages = sheetOf({ ...record, acknowledgements, checkedAt: saidAt(content.checkedAt) }, content, lang)
  const facts = { title: `${checkNumber(record)} ${record.applicant}`, author: QINGPU.name, madeAt: new Date(content.checkedAt), language: lang }
  let bytes: Uint8Array = new Uint8Array()
  await renderInThread(
    { kind: 'snapshot', sheets: [], pages: pages.map((drawing, i) => ({ name: String(i + 1), drawing })), paper: 'A4-portrait', dpi: 150, formats: ['pdf'], facts },
    { file: async (_, made) => void (bytes = made), progress: async () => true }, // prettier-ignore
  )
  return new Uint8Array(bytes)
}
