/** Snapshots and atlases on the server. */
import type { Drawing } from '../../geo/snapshot/drawing.ts'
import type { FrozenSnapshot } from '../../geo/snapshot/frozen.ts'
import type { FrozenDifference } from '../../geo/month/frozen.ts'
import type { PageLayer } from '../../geo/snapshot/layers.ts'
import type { AtlasPer, FileFormat, SnapshotKind, SnapshotRequest, SnapshotStatus } from '../../geo/snapshot/request.ts'
import { request, send } from '../api.ts'

interface Summary {
  id: number
  kind: SnapshotKind
  status: SnapshotStatus
  progress: number
  title: string
  pages: number
  hash: string
  madeBy: string
  maker: string
  madeAt: string
  formats: FileFormat[]
}
export interface SnapshotListed extends Summary {
  month: string
  paper: string
  template: string
  demo: boolean
}
export interface SnapshotDetail extends Summary {
  failure: string | null
  holds: boolean
  mine: boolean
  content: FrozenSnapshot
  since: FrozenDifference[]
}

/** Where records of a kind are, on the server and among the screens. */
const PLACES: Record<SnapshotKind, string> = { snapshot: '/snapshots', atlas: '/atlases', pack: '/packs' }
const path = (kind: SnapshotKind) => `/api${PLACES[kind]}`

export const snapshotApi = {
  list: (filter: { mine?: boolean; hash?: string }) =>
    request<SnapshotListed[]>(`/api/snapshots?${new URLSearchParams({ ...(filter.mine ? { mine: 'true' } : {}), ...(filter.hash ? { hash: filter.hash } : {}) }).toString()}`),
  one: (kind: SnapshotKind, id: number) => request<SnapshotDetail>(`${path(kind)}/${id}`),
  page: (kind: SnapshotKind, id: number, no: number) => request<{ name: string; drawing: Drawing }>(`${path(kind)}/${id}/pages/${no}`),
  layers: (plan: number, layers: readonly string[], town: string | null) =>
    request<PageLayer[]>(`/api/page-layers?${new URLSearchParams({ plan: String(plan), layers: layers.join(','), ...(town ? { town } : {}) }).toString()}`),
  make: (asked: SnapshotRequest) => send<{ id: number }>('POST', '/api/snapshots', asked),
  makeAtlas: (asked: SnapshotRequest & { per: AtlasPer; tasks: number[] | null }) => send<{ id: number }>('POST', '/api/atlases', asked),
  cancel: (kind: SnapshotKind, id: number) => send<SnapshotDetail>('POST', `${path(kind)}/${id}/cancel`, {}),
}

export const fileOf = (kind: SnapshotKind, id: number, format: FileFormat | 'svg') => `${path(kind)}/${id}/file.${format}`
export const screenOf = (kind: SnapshotKind, id: number) => `${PLACES[kind]}/${id}`
export const goesOn = (status: SnapshotStatus) => status === 'queued' || status === 'running'
