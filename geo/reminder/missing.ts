/** What is still to be handed in for a month: the cells of a plan that have a duty, are not done and have no report for it; and the submissions that fall due in it. */
import { courseOf, handedIn, valueOn } from '../light/course.ts'
import { dutyOf, isStanding, shareOf } from '../light/judge.ts'
import type { LitTask } from '../light/lights.ts'
import { scheduleOf } from '../light/schedule.ts'
import { dayNumber } from '../month/day.ts'
import type { Task } from '../plan/plan.ts'
import type { Progress } from '../report/report.ts'
import { dueIn, subjectOf, type SubmissionPoint } from '../submission/submission.ts'

export interface MissingCell {
  task: number
  /** A measure (`14.1`), or a submission of the task (`17/finding`). */
  subject: string
  town: string
}

/**
 * The reports of a month that are missing at the end of a day. As with the flag "late": a later month's report counts, who has done it all
 * need not report on, and a level (rate, keep, limit) is watched to the end.
 */
export function missingOf(tasks: readonly LitTask[], progress: Progress, month: string, today: string): MissingCell[] {
  const points = new Map(progress.series.map((series) => [`${series.measure}|${series.town}`, series.points]))
  const day = dayNumber(today)
  return tasks.flatMap((task) =>
    task.measures.flatMap((measure) => {
      const schedule = scheduleOf(measure, task.deadline, progress.plan)
      return measure.quotas.flatMap(({ town, target }) => {
        const duty = dutyOf(measure, target, schedule)
        if (duty.target === null) return []
        const reported = points.get(`${measure.id}|${town}`) ?? []
        const value = valueOn(courseOf(reported, null), day)
        const done = value !== null && duty.kind !== 'rate' && !isStanding(duty) && shareOf(duty.target, value) >= 1
        return done || handedIn(reported, month, today) ? [] : [{ task: task.no, subject: measure.id, town }]
      })
    }),
  )
}

/** The submissions of a month that are missing. No later one makes up for them: each is about its own period, until the month is closed. */
export function missingSubmissions(tasks: readonly Pick<Task, 'no' | 'deadline' | 'mechanisms' | 'measures'>[], submissions: readonly SubmissionPoint[], month: string): MissingCell[] {
  const handed = new Set(submissions.filter((one) => one.month === month && one.state !== 'draft' && one.state !== 'returned').map((one) => `${subjectOf(one)}|${one.town}`))
  return tasks.flatMap((task) =>
    dueIn(task, month)
      .map((due) => ({ task: task.no, subject: subjectOf(due), town: due.town }))
      .filter(({ subject, town }) => !handed.has(`${subject}|${town}`)),
  )
}
