/** The server's clock, one place for all: rules take the date as an argument, and tests and trainings may set it. */
export interface Clock {
  now(): Date
}

/** Today's date by a clock, in China, where the lists and their deadlines live. */
export function todayOf(clock: Clock): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(clock.now())
}

/** The day that it is in China at an instant. */
export function dayInChina(instant: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(new Date(instant))
}

/** The time of day by a clock, in China: `08:30`. */
export function timeOf(clock: Clock): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', hour: '2-digit', minute: '2-digit' }).format(clock.now())
}

/** The instant so many minutes from now (before now, when negative). */
export function later(clock: Clock, minutes: number): string {
  return new Date(clock.now().getTime() + minutes * 60_000).toISOString()
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
