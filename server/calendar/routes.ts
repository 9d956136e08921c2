import { z } from '@hono/zod-openapi'
import { audit } from '../audit/queries.ts'
import { isoDate } from '../plan/schemas.ts'
import { begin, failures, json, route, router, wholeNumber } from '../route.ts'
import { isStorable } from '../storable.ts'
import { calendarDayOf, calendarDays, deleteCalendarDay, upsertCalendarDays } from './queries.ts'

const daySchema = z.object({ day: isoDate, working: z.boolean(), name: z.string() }).openapi('CalendarDay')

export const calendarRoutes = router()
  .openapi(
    route('reader', {
      method: 'get',
      path: '/api/calendar',
      summary: 'Days that are not what the week makes of them: holidays, and weekend days worked in exchange (调休)',
      request: { query: z.object({ year: wholeNumber(1900, 2999).optional() }) },
      responses: { 200: json(z.array(daySchema), 'days'), ...failures(400) },
    }),
    async (c) => c.json(await calendarDays(c.var.sql, c.req.valid('query').year ?? null), 200),
  )
  .openapi(
    route('calendar.edit', {
      method: 'put',
      path: '/api/calendar/{day}',
      summary: 'Says of a day whether it is worked, and its name',
      request: {
        params: z.object({ day: isoDate }),
        body: { required: true, content: { 'application/json': { schema: z.object({ working: z.boolean(), name: z.string().trim().min(1).max(50).refine((name) => isStorable(name), 'holds a NUL or half a character') }) } } },
      },
      responses: { 200: json(daySchema, 'the day'), ...failures(400, 401, 403) },
    }),
    async (c) => {
      const day = { day: c.req.valid('param').day, ...c.req.valid('json') }
      await begin(c, async (tx) => {
        const before = await calendarDayOf(tx, day.day)
        await upsertCalendarDays(tx, [day])
        await audit(tx, c.var.actor, { action: 'calendar.set', subject: `calendar/${day.day}`, before, after: day })
      })
      return c.json(day, 200)
    },
  )
  .openapi(
    route('calendar.edit', {
      method: 'delete',
      path: '/api/calendar/{day}',
      summary: 'A day is what the week makes of it again',
      request: { params: z.object({ day: isoDate }) },
      responses: { 204: { description: 'done' }, ...failures(400, 401, 403) },
    }),
    async (c) => {
      const { day } = c.req.valid('param')
      await begin(c, async (tx) => {
        const before = await calendarDayOf(tx, day)
        if (!before) return
        await deleteCalendarDay(tx, day)
        await audit(tx, c.var.actor, { action: 'calendar.clear', subject: `calendar/${day}`, before, after: null })
      })
      return c.body(null, 204)
    },
  )
