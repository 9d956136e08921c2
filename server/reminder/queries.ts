import type { WaitingReview } from '../../geo/reminder/reminders.ts'
import type { Queryable } from '../database/connect.ts'

/** What waits for each department, by month: how much, and since which day the oldest of it. */
export async function waitingReviews(sql: Queryable, planId: number): Promise<WaitingReview[]> {
  const rows = await sql<WaitingReview[]>`
    select r.month, l.lead as department, count(*)::int as count, min((r.changed_at at time zone 'Asia/Shanghai')::date) as since
    from report r join measure m on m.plan_id = r.plan_id and m.id = r.measure_id join task t on t.plan_id = m.plan_id and t.no = m.task_no
    join plan p on p.id = r.plan_id cross join lateral unnest(t.leads) as l (lead)
    where r.plan_id = ${planId} and (r.state = 'endorsed' or (r.state = 'submitted' and not ('town' = any (p.review_levels) and length(r.town) > 6)))
    group by r.month, l.lead order by r.month, l.lead`
  return [...rows]
}
