import { InvalidArgumentError } from 'commander'

const UNITS: Readonly<Record<string, number>> = { '': 1, b: 1, kb: 1e3, mb: 1e6, gb: 1e9, tb: 1e12 }

/** A number of bytes, as a person writes it: `500MB`, `1.5 GB`, `80000`. */
export function byteSize(text: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?) ?([a-z]*)$/i.exec(text.trim()) ?? []
  const factor = Object.hasOwn(UNITS, unit.toLowerCase()) ? UNITS[unit.toLowerCase()] : undefined
  if (number === undefined || factor === undefined) throw new InvalidArgumentError('It has to be a size such as 500MB, 2GB or a number of bytes.')
  return Math.floor(Number(number) * factor)
}
