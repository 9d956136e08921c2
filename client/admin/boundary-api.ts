/** Boundaries on the server: the sets that were ever in use, checking a file, putting it into use, going back. */
import type { BoundaryReport } from '../../geo/town/check.ts'
import type { BoundaryKind } from '../../geo/town/town.ts'
import { request, send } from '../api.ts'

export const IMPORTED_KINDS = ['official', '示意'] as const satisfies readonly BoundaryKind[]
export type ImportedKind = (typeof IMPORTED_KINDS)[number]

export interface BoundarySet {
  id: number
  kind: ImportedKind
  source: string
  licence: string
  credit: string
  fileName: string
  storedBy: string
  storedAt: string
  current: boolean
  towns: number
  areaKm2: number
}

/** What is known of a file besides the file. */
export interface BoundaryFields {
  kind: ImportedKind
  source: string
  licence: string
  credit: string
  acceptWarnings: boolean
}

const PATH = '/api/towns/boundaries'

function formOf(file: File, fields: Record<string, string> = {}): FormData {
  const form = new FormData()
  form.set('file', file)
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  return form
}

export const loadSets = () => request<BoundarySet[]>(PATH)
/** Checks, storing nothing. */
export const checkBoundaries = (file: File, signal?: AbortSignal) =>
  request<BoundaryReport>(`${PATH}/check`, { method: 'POST', body: formOf(file), ...(signal ? { signal } : {}) })
/** Puts a file into use, all or nothing; `replaces` is the set that was seen in use: another one there is a conflict (409). */
export const storeBoundaries = (file: File, { acceptWarnings, ...fields }: BoundaryFields, replaces: number | null) =>
  request<{ id: number; report: BoundaryReport }>(PATH, {
    method: 'POST',
    body: formOf(file, {
      ...fields,
      acceptWarnings: String(acceptWarnings),
      ...(replaces === null ? {} : { replaces: String(replaces) }),
    }),
  })
export const restoreSet = (id: number) => send<BoundarySet[]>('POST', `${PATH}/${id}/restore`)
