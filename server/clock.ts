/** The server's clock, one place for all: rules take the date as an argument, and tests and trainings may set it. */
export interface Clock {
  now(): Date
}

/** Today's date by a clock, in China, where the lists and their deadlines live. */
export function todayOf(clock: Clock): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(clock.now())
}

/** An instant as ISO text, as it is stored and sent. */
export function instantOf(clock: Clock): string {
  return clock.now().toISOString()
}

/** A clock that shows `start` now and runs on from there; null: the machine's own. */
export function clockFrom(start: Date | null): Clock {
  if (!start) return { now: () => new Date() }
  const ahead = start.getTime() - Date.now()
  return { now: () => new Date(Date.now() + ahead) }
}
