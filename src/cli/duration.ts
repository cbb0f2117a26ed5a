import { InvalidArgumentError } from 'commander'

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** A span of time, as a person writes it: `30m`, `12h`, `7d`. @returns milliseconds */
export function duration(text: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?) ?([a-z])$/i.exec(text.trim()) ?? []
  const factor = Object.hasOwn(UNITS, unit.toLowerCase()) ? UNITS[unit.toLowerCase()] : undefined
  if (number === undefined || factor === undefined || Number(number) === 0) throw new InvalidArgumentError('It has to be a time such as 30m, 12h or 7d.')
  return Math.round(Number(number) * factor)
}
