import { calendarOf, type Calendar, type CalendarDay } from '../../geo/month/workday.ts'
import type { Queryable, Tx } from '../database/connect.ts'

/** Days that are not what the week makes of them; of one year, or all. */
export async function calendarDays(sql: Queryable, year: number | null = null): Promise<CalendarDay[]> {
  return [
    ...(await sql<CalendarDay[]>`
      select day, working, name from calendar_day where ${year}::int is null or extract(year from day) = ${year} order by day`),
  ]
}

export async function calendar(sql: Queryable): Promise<Calendar> {
  return calendarOf(await calendarDays(sql))
}

export async function calendarDayOf(tx: Tx, day: string): Promise<CalendarDay | null> {
  const [row] = await tx<CalendarDay[]>`select day, working, name from calendar_day where day = ${day}`
  return row ?? null
}

export async function upsertCalendarDays(tx: Tx, days: readonly CalendarDay[]): Promise<void> {
  await tx`insert into calendar_day ${tx([...days])} on conflict (day) do update set working = excluded.working, name = excluded.name`
}

export async function deleteCalendarDay(tx: Tx, day: string): Promise<void> {
  await tx`delete from calendar_day where day = ${day}`
}
