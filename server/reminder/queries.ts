import type { WaitingReview } from '../../geo/reminder/reminders.ts'
import type { Queryable } from '../database/connect.ts'

/**
 * What waits on each desk (of a town's approver where the plan has that level, of the lead departments), numbers and submissions, by month: how
 * much, and since which day the oldest of it.
 */
export async function waitingReviews(sql: Queryable, planId: number): Promise<WaitingReview[]> {
  const rows = await sql<WaitingReview[]>`
    with cell as (
      select r.plan_id, m.task_no, r.month, r.town, r.state, r.changed_at from report r join measure m on m.plan_id = r.plan_id and m.id = r.measure_id
      where r.plan_id = ${planId} and r.state in ('submitted', 'endorsed')
      union all
      select plan_id, task_no, month, town, state, changed_at from submission where plan_id = ${planId} and state in ('submitted', 'endorsed')
    ), waiting as (
      select c.month, c.town, t.leads, (c.changed_at at time zone 'Asia/Shanghai')::date as since,
             c.state = 'submitted' and 'town' = any (p.review_levels) and length(c.town) > 6 as at_town
      from cell c join task t on t.plan_id = c.plan_id and t.no = c.task_no join plan p on p.id = c.plan_id
    )
    select month, 'department' as desk, l.lead as scope, count(*)::int as count, min(since) as since
    from waiting cross join lateral unnest(leads) as l (lead) where not at_town group by month, l.lead
    union all
    select month, 'town', town, count(*)::int, min(since) from waiting where at_town group by month, town
    order by month, desk, scope`
  return [...rows]
}
