import type { WaitingReview } from '../../geo/reminder/reminders.ts'
import type { Queryable } from '../database/connect.ts'

/** What waits on each desk (of a town's approver where the plan has that level, of the lead departments), by month: how much, and since which day the oldest of it. */
export async function waitingReviews(sql: Queryable, planId: number): Promise<WaitingReview[]> {
  const rows = await sql<WaitingReview[]>`
    with waiting as (
      select r.month, r.town, t.leads, (r.changed_at at time zone 'Asia/Shanghai')::date as since,
             r.state = 'submitted' and 'town' = any (p.review_levels) and length(r.town) > 6 as at_town
      from report r join measure m on m.plan_id = r.plan_id and m.id = r.measure_id join task t on t.plan_id = m.plan_id and t.no = m.task_no
      join plan p on p.id = r.plan_id
      where r.plan_id = ${planId} and r.state in ('submitted', 'endorsed')
    )
    select month, 'department' as desk, l.lead as scope, count(*)::int as count, min(since) as since
    from waiting cross join lateral unnest(leads) as l (lead) where not at_town group by month, l.lead
    union all
    select month, 'town', town, count(*)::int, min(since) from waiting where at_town group by month, town
    order by month, desk, scope`
  return [...rows]
}
