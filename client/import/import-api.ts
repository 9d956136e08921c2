/** What the import screens ask the server. */
import type { Geometry } from 'geojson'
import type { CrsGuess } from '../../geo/crs/candidate.ts'
import type { MapFormat } from '../../geo/import/formats.ts'
import type { ImportChoices, ImportFinding, ImportReport, ImportState, Severity } from '../../geo/import/import.ts'
import type { Words } from '../../geo/import/words.ts'
import { problemOf, request, send, type ProblemError } from '../api.ts'

export interface ImportColumn {
  name: string
  type: string
  samples: string[]
}
export interface ImportSummary {
  id: number
  layer: string
  state: ImportState
  version: number
  fileName: string
  fileSize: number
  progress: { phase: string; done: number; of: number } | null
  report: ImportReport | null
  failure: { key: string; words: Words } | null
  cancelled: boolean
  by: string
  demo: boolean
  at: string
  changedAt: string
}
export type ImportListed = ImportSummary & { format: MapFormat; features: number }
export type ImportAnswer = ImportSummary & {
  preview: {
    format: MapFormat
    features: number
    withoutShape: number
    geometries: Record<string, number>
    faults: Record<string, number>
    columns: ImportColumn[]
    encoding: string | null
    crsName: string | null
    oldDatum: 'beijing54' | 'xian80' | null
    parts: string[]
    part: string | null
    places: { x: string | null; y: string | null; wkt: string | null } | null
    guesses: CrsGuess[]
  }
  suggested: Pick<ImportChoices, 'fields' | 'key'>
  choices: ImportChoices | null
}
export interface ImportFeature {
  i: number
  key: string | null
  title: string | null
  findings: { finding: ImportFinding; severity: Severity; words: Words }[]
  faulty: boolean
  town: string | null
  geometry: Geometry | null
}

const path = (id: number) => `/api/imports/${id}`

export const importApi = {
  list: () => request<ImportListed[]>('/api/imports'),
  one: (id: number) => request<ImportAnswer>(path(id)),
  read: (id: number, change: { version: number; layer?: string; encoding?: string; part?: string; x?: string; y?: string }) => send<ImportAnswer>('PUT', `${path(id)}/reading`, change),
  check: (id: number, version: number, choices: ImportChoices) => send<ImportAnswer>('POST', `${path(id)}/check`, { version, choices }),
  store: (id: number, version: number) => send<ImportAnswer>('POST', `${path(id)}/store`, { version }),
  undo: (id: number, version: number) => send<ImportAnswer>('POST', `${path(id)}/undo`, { version }),
  cancel: (id: number) => send<ImportAnswer>('POST', `${path(id)}/cancel`),
  discard: (id: number) => send<undefined>('DELETE', path(id)),
  features: (id: number, finding: ImportFinding | null, after: number) => request<ImportFeature[]>(`${path(id)}/features?after=${after}${finding ? `&finding=${finding}` : ''}`),
}

/** Sends a file; `share` is told how much of it is there. Stops when the signal says so. @throws ProblemError */
export function uploadMap(file: File, layer: string, share: (share: number) => void, signal: AbortSignal): Promise<ImportAnswer> {
  return new Promise((resolve, reject) => {
    const form = new FormData()
    form.set('layer', layer)
    form.set('file', file)
    // fetch cannot tell how much has been sent.
    const sending = new XMLHttpRequest()
    sending.responseType = 'json'
    sending.upload.onprogress = ({ loaded, total }) => share(total ? loaded / total : 0)
    sending.onload = () => (sending.status < 300 ? resolve(sending.response as ImportAnswer) : reject(problemOf(sending.status, sending.response as ProblemError['problem'] | null)))
    sending.onerror = () => reject(problemOf(0, null))
    sending.onabort = () => reject(new DOMException('stopped', 'AbortError'))
    signal.addEventListener('abort', () => sending.abort())
    sending.open('POST', '/api/imports')
    sending.send(form)
  })
}
