import type { Clock } from '../core/views/why.ts'

/*
 * Points in time as the person who looks reads them: in their own zone. `at`: ms since 1970.
 */

/** `14:02` */
export function timeOfDay(at: number): string {
  const date = new Date(at)
  return `${two(date.getHours())}:${two(date.getMinutes())}`
}

/** `14:02:11` */
export function timeToSecond(at: number): string {
  return `${timeOfDay(at)}:${two(new Date(at).getSeconds())}`
}

/** `14:02:11` on the day of `now`, `2026-11-20 14:02:11` on any other. */
export function moment(at: number, now: number): string {
  return dayOf(at) === dayOf(now) ? timeToSecond(at) : `${dayOf(at)} ${timeToSecond(at)}`
}

/** `2026-11-20` */
export function dayOf(at: number): string {
  const date = new Date(at)
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

export function clockAt(now: number): Clock {
  return { now, timeOfDay }
}

const two = (number: number) => String(number).padStart(2, '0')
