/** A month's meeting on the server: agenda, notes, decisions and what became of them. */
import type { AgendaItem } from '../../geo/meeting/agenda.ts'
import type { DecisionKind, DecisionOutcome, Outcome } from '../../geo/meeting/decision.ts'
import type { OrderState } from '../../geo/order/order.ts'
import { request, send } from '../api.ts'

export interface Decision {
  id: number
  month: string
  kind: DecisionKind
  task: number | null
  town: string | null
  department: string | null
  words: string
  dueOn: string | null
  at: string
  by: string
  order: { id: number; no: number; state: OrderState; dueOn: string; answer: string | null } | null
  outcomes: DecisionOutcome[]
}

export interface MeetingNotes {
  version: number
  heldOn: string | null
  place: string
  chair: string
  words: string
}

export interface Meeting {
  month: string
  asOf: string
  freeze: { version: number; sha256: string } | null
  notes: MeetingNotes
  agenda: AgendaItem[]
  tasks: { no: number; name: string; leads: string[] }[]
  decisions: Decision[]
  comingBack: Decision[]
  demo: boolean
}

export type NewDecision = Pick<Decision, 'kind' | 'task' | 'town' | 'department' | 'words' | 'dueOn'>

const path = (year: number, month: string) => `/api/plans/${year}/meetings/${month}`

export const meetingApi = {
  meeting: (year: number, month: string) => request<Meeting>(path(year, month)),
  note: (year: number, month: string, notes: MeetingNotes) => send<Meeting>('PUT', path(year, month), notes),
  decide: (year: number, month: string, decision: NewDecision) => send<Meeting>('POST', `${path(year, month)}/decisions`, decision),
  find: (year: number, month: string, id: number, outcome: Outcome, words: string) => send<Meeting>('POST', `${path(year, month)}/decisions/${id}/outcome`, { outcome, words }),
}
