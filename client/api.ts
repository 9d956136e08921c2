/**
 * The server's answers, typed by the records of geo/. Failures come as problem+json (RFC 9457) and are thrown as ProblemError, whose words
 * a screen can show as they are.
 */
import { QueryClient } from '@tanstack/vue-query'
import type { Feature, FeatureCollection, MultiPolygon, Polygon } from 'geojson'
import type { Task } from '../geo/plan/plan.ts'
import type { Progress, Report } from '../geo/report/report.ts'
import type { BoundaryKind, District, TownKind } from '../geo/town/town.ts'
import type { Lang } from './view/view.ts'

/** A failure as the server tells it; `words` has the sentence in both languages. */
export interface ProblemDocument {
  type: string
  title: string
  status: number
  detail: string
  words: Record<Lang, string>
  params: Record<string, unknown>
  field: string | null
}

/** A request that failed: the server's problem, or that it could not be reached at all (`type: '/problems/unreachable'`). */
export class ProblemError extends Error {
  readonly problem: ProblemDocument

  constructor(problem: ProblemDocument) {
    super(problem.detail)
    this.problem = problem
  }

  words(lang: Lang): string {
    return this.problem.words[lang]
  }
}

const UNREACHABLE: ProblemDocument = {
  type: '/problems/unreachable',
  title: '连接不上服务',
  status: 0,
  detail: '连接不上服务，请确认服务正在运行',
  words: { 'zh-CN': '连接不上服务，请确认服务正在运行', en: 'The server cannot be reached; is it running?' },
  params: {},
  field: null,
}

/**
 * One request; the answer's JSON (undefined for 204).
 * @throws ProblemError
 */
export async function request<T>(path: string, init?: RequestInit): Promise<T> {
  let response: Response
  try {
    response = await fetch(path, init)
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new ProblemError(UNREACHABLE)
  }
  if (response.ok) return response.status === 204 ? (undefined as T) : ((await response.json()) as T)
  throw problemOf(response.status, (await response.json().catch(() => null)) as Partial<ProblemDocument> | null)
}

/** What a failed answer says: the server's own problem, or that it could not be reached or understood. */
export function problemOf(status: number, body: Partial<ProblemDocument> | null): ProblemError {
  return new ProblemError(body?.words && body.type ? (body as ProblemDocument) : { ...UNREACHABLE, status })
}

/** The same with a JSON body. */
export function send<T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<T> {
  if (body === undefined) return request<T>(path, { method })
  return request<T>(path, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
}

export interface PlanSummary {
  year: number
  district: string
  title: string
  tasks: number
  measures: number
  /** How many reports there are; a plan just stored has none. */
  reports: number
  source: { name: string; sha256: string; storedAt: string }
}

export interface TownProperties {
  code: string
  name: string
  kind: TownKind
  /** Null for the park. */
  areaKm2: number | null
  boundary: BoundaryKind
  /** Where a name stands best, [lon, lat]; null without a shape. */
  labelPoint: [number, number] | null
}
export type TownFeature = Feature<Polygon | MultiPolygon, TownProperties>
/** `boundary` and `inUse` say whose the shapes are, and of a past day since when they were in use (assumed: not yet, but none are known before). */
export type TownCollection = FeatureCollection<Polygon | MultiPolygon, TownProperties> & {
  set?: number | null
  boundary?: DistrictAnswer['boundary'] | null
  inUse?: { since: string; assumed: boolean } | null
}

export interface DistrictAnswer extends District {
  boundary: { kind: BoundaryKind; source: string; licence: string; credit: string }
}

export interface ReportFilter {
  task?: number
  measure?: string
  town?: string
  month?: string
}

const query = (params: object): string => {
  const text = new URLSearchParams(
    Object.entries(params)
      .filter(([, v]) => v != null)
      .map(([k, v]) => [k, String(v)]),
  ).toString()
  return text ? `?${text}` : ''
}

/** What the screens ask the server. */
export const api = {
  plans: () => request<PlanSummary[]>('/api/plans'),
  tasks: (year: number) => request<Task[]>(`/api/plans/${year}/tasks`),
  /** `knownAt`: as it was known at the end of a day. */
  progress: (year: number, knownAt: string | null = null) => request<Progress>(`/api/plans/${year}/progress${query({ knownAt })}`),
  reports: (year: number, filter: ReportFilter) => request<Report[]>(`/api/plans/${year}/reports${query(filter)}`),
  towns: () => request<TownCollection>('/api/towns'),
  /** With the boundaries that were in use at the end of a day. */
  townsThen: (at: string) => request<TownCollection>(`/api/towns${query({ at })}`),
  district: () => request<DistrictAnswer>('/api/district'),
}

/** Answers are kept for the visit; a plan changes a few times a month, and coming back to the window asks again. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 60_000,
      gcTime: Infinity,
      retry: (failures, error) =>
        failures < 2 && error instanceof ProblemError && [0, 502, 503].includes(error.problem.status),
      retryDelay: 800,
    },
  },
})
