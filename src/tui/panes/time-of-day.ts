import type { Clock } from '../../core/views/why.ts'

/** `14:02`, where the person is who looks. @param at ms since 1970 */
export function timeOfDay(at: number): string {
  const date = new Date(at)
  return `${String(date.getHours()).padStart(2, '0')}:${String(date.getMinutes()).padStart(2, '0')}`
}

export function clockAt(now: number): Clock {
  return { now, timeOfDay }
}
