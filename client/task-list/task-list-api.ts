/** The lists on the server: drafts, stored and discarded ones. */
import type { Problem, TaskList } from '../../geo/plan/plan.ts'
import type { PlanChange } from '../../geo/task-list/changes.ts'
import type { Correction } from '../../geo/task-list/corrections.ts'
import type { Settled, TaskListState } from '../../geo/task-list/draft.ts'
import type { SourceDocument, SourceFormat } from '../../geo/task-list/source.ts'
import { ProblemError, problemOf, request, send } from '../api.ts'
import type { ProblemDocument } from '../api.ts'
import type { DraftServer } from './useDraft.ts'

export interface TaskListSummary {
  id: number
  version: number
  status: TaskListState
  name: string
  format: SourceFormat
  title: string | null
  tasks: number
  createdAt: string
  changedAt: string
}

export interface TaskListDraft extends Omit<TaskListSummary, 'title' | 'tasks'> {
  list: TaskList
  document: SourceDocument
  corrections: Correction[]
  confirmed: string[]
  problems: (Problem & { key: string; settled: Settled | null })[]
  open: number
  changes: PlanChange[] | null
  comparedWith: number | null
}

const path = (id: number) => `/api/task-lists/${id}`

export const loadLists = () => request<TaskListSummary[]>('/api/task-lists')
export const loadList = (id: number) => request<TaskListDraft>(path(id))
export const storeList = (id: number, version: number) =>
  send<{ year: number; tasks: number }>('POST', `${path(id)}/store`, { version })
export const discardList = (id: number) => send<null>('DELETE', path(id))

/** Saving and loading for `useDraft`: a refused version is a conflict, anything else that fails is tried again; `onSaved` gets what the server made of it. */
export function draftServer(id: number, onSaved: (draft: TaskListDraft) => void = () => {}): DraftServer {
  return {
    async save(version, { corrections, confirmed }) {
      try {
        const saved = await send<TaskListDraft>('PUT', `${path(id)}/corrections`, { version, corrections, confirmed })
        onSaved(saved)
        return { ok: true, version: saved.version }
      } catch (error) {
        return {
          ok: false,
          reason: error instanceof ProblemError && error.problem.status === 409 ? 'conflict' : 'failed',
        }
      }
    },
    load: () => loadList(id),
  }
}

/** How far a file is on its way: its bytes first, then the reading on the server, whose length nobody knows. */
export type UploadProgress = { step: 'sending'; share: number } | { step: 'reading' }

/**
 * Sends a file to be read and kept as a draft. XMLHttpRequest, as fetch does not tell how much has been sent; aborting stops it.
 * @throws ProblemError with the server's words (422: not a list that can be read)
 */
export function uploadList(
  file: File,
  onProgress: (progress: UploadProgress) => void,
  signal: AbortSignal,
): Promise<TaskListDraft> {
  return new Promise((resolve, reject) => {
    const form = new FormData()
    form.set('file', file)
    const call = new XMLHttpRequest()
    call.open('POST', '/api/task-lists')
    call.responseType = 'json'
    call.upload.onprogress = ({ loaded, total }) => onProgress({ step: 'sending', share: total ? loaded / total : 0 })
    call.upload.onload = () => onProgress({ step: 'reading' })
    call.onload = () => {
      if (call.status === 201) resolve(call.response as TaskListDraft)
      else reject(problemOf(call.status, call.response as Partial<ProblemDocument> | null))
    }
    call.onerror = () => reject(problemOf(0, null))
    call.onabort = () => reject(new DOMException('cancelled', 'AbortError'))
    signal.addEventListener('abort', () => call.abort())
    call.send(form)
  })
}
