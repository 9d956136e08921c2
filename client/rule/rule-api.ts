/** The rules of a plan: thresholds of the lights, reminders, and the calendar of working days. */
import type { LightRule } from '../../geo/light/light.ts'
import type { BackTestMonth } from '../../geo/light/back-test.ts'
import type { CalendarDay } from '../../geo/month/workday.ts'
import type { ReminderRule } from '../../geo/reminder/rule.ts'
import { queryClient, request, send } from '../api.ts'

export interface Signed {
  reason: string
  by: string
  at: string
}
export interface BackTest {
  seen: string
  months: BackTestMonth[]
}
export type Thresholds = Pick<LightRule, 'green' | 'yellow'>

export const lightRulesQuery = (year: number) => ({ queryKey: ['rules', year, 'lights'], queryFn: () => request<(LightRule & Signed)[]>(`/api/plans/${year}/rules/lights`) })
export const reminderRulesQuery = (year: number) => ({ queryKey: ['rules', year, 'reminders'], queryFn: () => request<(ReminderRule & Signed)[]>(`/api/plans/${year}/rules/reminders`) })
export const calendarQuery = (year: number) => ({ queryKey: ['calendar', year], queryFn: () => request<CalendarDay[]>(`/api/calendar?year=${year}`) })

export const backTestOf = (year: number, thresholds: Thresholds) => send<BackTest>('POST', `/api/plans/${year}/rules/lights/back-test`, thresholds)

export async function saveLightRule(year: number, rule: Thresholds & { validFrom: string; reason: string; seen: string }): Promise<void> {
  await send('POST', `/api/plans/${year}/rules/lights`, rule)
  // Every light of the plan may have changed.
  await Promise.all([queryClient.invalidateQueries({ queryKey: ['rules', year] }), queryClient.invalidateQueries({ queryKey: ['progress', year] })])
}

export async function saveReminderRule(year: number, rule: ReminderRule & { reason: string }): Promise<void> {
  await send('POST', `/api/plans/${year}/rules/reminders`, rule)
  await queryClient.invalidateQueries({ queryKey: ['rules', year] })
}

export async function setCalendarDay({ day, working, name }: CalendarDay): Promise<void> {
  await send('PUT', `/api/calendar/${day}`, { working, name })
  await queryClient.invalidateQueries({ queryKey: ['calendar'] })
}

export async function clearCalendarDay(day: string): Promise<void> {
  await send('DELETE', `/api/calendar/${day}`)
  await queryClient.invalidateQueries({ queryKey: ['calendar'] })
}
