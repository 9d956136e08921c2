import { readFile } from 'node:fs/promises'
import { daysOfHolidays } from '../../geo/month/workday.ts'
import { audit, bySystem } from '../audit/queries.ts'
import type { Sql } from '../database/connect.ts'
import { takeTurn } from '../database/turns.ts'
import { calendarDays, upsertCalendarDays } from './queries.ts'

const FILE = new URL('../../seeds/calendar/china.json', import.meta.url)

/** Gives an installation without any the holidays that were announced; from then on they are the office's. */
export async function seedCalendar(sql: Sql): Promise<void> {
  if ((await calendarDays(sql)).length) return
  const { source, holidays } = JSON.parse(await readFile(FILE, 'utf8')) as { source: string; holidays: Parameters<typeof daysOfHolidays>[0] }
  await sql.begin(async (tx) => {
    await takeTurn(tx, 'calendar')
    // Another process may have been quicker.
    if ((await calendarDays(tx)).length) return
    const days = daysOfHolidays(holidays)
    await upsertCalendarDays(tx, days)
    await audit(tx, bySystem('first start'), { action: 'calendar.seed', subject: 'calendar', before: null, after: { source, days: days.length } })
  })
}
