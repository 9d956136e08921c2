import type { ReportAct } from '../../geo/report/flow.ts'
import type { Attachment } from '../../geo/attachment/attachment.ts'
import { submissionOf } from '../../geo/submission/submission.ts'
import type { Sheet, SheetSummary } from '../../server/report/sheet.ts'
import { ProblemError, problemOf, request, send, type ProblemDocument } from '../api.ts'
import type { Entry, SheetCell } from './sheet-cells.ts'
import { cellsOf, entryOf, saidOf, valueOf } from './sheet-cells.ts'
import type { CellToSave, SaveOutcome } from './sheet-saver.ts'

export type { Sheet, SheetSummary }
export type { SheetDue, SheetRow } from '../../server/report/sheet.ts'

/** Which sheet: one unit's month in a plan. */
export interface SheetAddress {
  year: number
  month: string
  town: string
}

const plan = (year: number) => `/api/plans/${year}`

export function fetchSheet({ year, month, town }: SheetAddress): Promise<Sheet> {
  return request<Sheet>(`${plan(year)}/sheets/${month}/${town}`)
}

export function fetchSummaries(year: number, month: string): Promise<SheetSummary[]> {
  return request<SheetSummary[]>(`${plan(year)}/sheets/${month}`)
}

/** Saves drafts of cells of one kind, all numbers or all submissions. */
export async function saveCells(at: SheetAddress, cells: CellToSave<Entry>[], cellOf: (subject: string) => SheetCell): Promise<SaveOutcome<Entry>> {
  try {
    const rows = await putOrPost(at, 'PUT', '', cells.map((cell) => ({ ...cell, cell: cellOf(cell.subject) })))
    return { kind: 'saved', versions: new Map(rows.map((row, i) => [cells[i]!.subject, row.version])) }
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    return outcomeOf(error, at, cells, cellOf)
  }
}

export type SheetAct = Extract<ReportAct, 'submit' | 'withdraw' | 'endorse' | 'approve' | 'return'>

/** Does one act to cells, each with the version that is before one's eyes; throws what the server says. */
export async function actOnCells(at: SheetAddress, act: SheetAct, cells: { cell: SheetCell; version: number }[], reason?: string): Promise<void> {
  for (const kind of ['number', 'due'] as const) {
    const some = cells.filter(({ cell }) => cell.kind === kind)
    if (some.length) await putOrPost(at, 'POST', `/${act}`, some.map(({ cell, version }) => ({ cell, version, entry: null })), reason)
  }
}

/** Corrects a submission that counts already: another answer, other words, and why. */
export async function correctSubmission(at: SheetAddress, cell: SheetCell, entry: Entry, reason: string): Promise<void> {
  await putOrPost(at, 'POST', '/correct', [{ cell, version: cell.row.version, entry }], reason)
}

function putOrPost(at: SheetAddress, method: 'PUT' | 'POST', act: string, cells: { cell: SheetCell; version: number; entry: Entry | null }[], reason?: string): Promise<{ version: number }[]> {
  const { year, month, town } = at
  const common = { town, month, ...(reason === undefined ? {} : { reason }) }
  const body = cells.map(({ cell, version, entry }) => {
    if (cell.kind === 'due') {
      const { task, kind, item } = submissionOf(cell.subject)!
      return { task, kind, item, ...common, version, ...(entry ? { done: saidOf(entry), words: entry.words } : {}) }
    }
    const answers = entry?.answers.filter((answer) => answer.reason.trim() !== '')
    return { measure: cell.subject, ...common, version, ...(entry ? { value: valueOf(cell, entry), words: entry.words, answers } : {}) }
  })
  const noun = cells[0]!.cell.kind === 'due' ? 'submissions' : 'reports'
  return send<{ version: number }[]>(method, `${plan(year)}/${noun}${act}`, { [noun]: body })
}

/** Which cell a failed request failed for, and how. */
async function outcomeOf(error: ProblemError, at: SheetAddress, cells: CellToSave<Entry>[], cellOf: (subject: string) => SheetCell): Promise<SaveOutcome<Entry>> {
  const { type, field, status } = error.problem
  const i = /\/(\d+)$/.exec(field ?? '')?.[1]
  const subject = (i === undefined ? cells[0] : cells[Number(i)])?.subject
  if (!subject || status === 0 || status >= 500 || status === 429 || status === 401) return { kind: 'failed' }
  if (type !== '/problems/version-conflict') return { kind: 'refused', subject, why: error }
  const cell = cellOf(subject)
  const there = await cellThere(at, cell)
  return { kind: 'conflict', subject, conflict: { version: there.row.version, theirs: entryOf(there), by: there.row.enteredByName, at: there.row.changedAt } }
}

/** What the server has in a cell now, and who entered it. */
async function cellThere(at: SheetAddress, cell: SheetCell): Promise<SheetCell> {
  const sheet = await fetchSheet(at)
  return cellsOf(sheet, (no) => (no === cell.task.no ? cell.task : undefined)).find(({ subject }) => subject === cell.subject) ?? cell
}

/** Sends a file with progress; rejects with the server's problem. */
export function upload<T>(path: string, file: File, onProgress: (share: number) => void): { done: Promise<T>; stop: () => void } {
  const sending = new XMLHttpRequest()
  const done = new Promise<T>((resolve, reject) => {
    sending.upload.onprogress = ({ loaded, total }) => onProgress(total ? loaded / total : 0)
    sending.onload = () => {
      const body = JSON.parse(sending.responseText || 'null') as T & Partial<ProblemDocument>
      if (sending.status < 300) resolve(body)
      else reject(problemOf(sending.status, body))
    }
    sending.onerror = () => reject(problemOf(0, null))
    sending.onabort = () => reject(new DOMException('stopped', 'AbortError'))
  })
  const form = new FormData()
  form.set('file', file)
  sending.open('POST', path)
  sending.send(form)
  return { done, stop: () => sending.abort() }
}

export function attachmentPath({ year, month, town }: SheetAddress, subject: string): string {
  return `${plan(year)}/attachments/${month}/${town}?subject=${encodeURIComponent(subject)}`
}
export const attachmentFile = (id: number) => `/api/attachments/${id}/file`

export function removeAttachment({ id }: Pick<Attachment, 'id'>): Promise<void> {
  return send<void>('DELETE', `/api/attachments/${id}`)
}
