/**
 * How text is written: its colours and intensity, as the parameters of the one SGR sequence that sets them all,
 * always in the same order, so that two pens that write alike are the same string. `''` is the terminal's own.
 */
export type Pen = string

type Slot = 'bold' | 'dim' | 'italic' | 'underline' | 'inverse' | 'strike' | 'fg' | 'bg'
const ORDER: readonly Slot[] = ['bold', 'dim', 'italic', 'underline', 'inverse', 'strike', 'fg', 'bg']
const ON: Readonly<Record<number, Slot>> = { 1: 'bold', 2: 'dim', 3: 'italic', 4: 'underline', 7: 'inverse', 9: 'strike' }
const OFF: Readonly<Record<number, readonly Slot[]>> = { 0: ORDER, 22: ['bold', 'dim'], 23: ['italic'], 24: ['underline'], 27: ['inverse'], 29: ['strike'], 39: ['fg'], 49: ['bg'] }

/** A screen uses few pens; a log in true colour may use many. */
const MOST_REMEMBERED = 2000
const remembered = new Map<string, Pen>()

/** The pen that an escape sequence makes of another. What is no SGR sequence changes nothing. */
export function penAfter(pen: Pen, sequence: string): Pen {
  const key = `${pen}${sequence}`
  const known = remembered.get(key)
  if (known !== undefined) return known
  const params = sequence.slice(2, -1)
  const isSgr = sequence === `\u001b[${params}m` && /^[\d;]*$/.test(params)
  const next = isSgr ? withParams(pen, params) : pen
  if (remembered.size >= MOST_REMEMBERED) remembered.clear()
  remembered.set(key, next)
  return next
}

/** The sequence that takes up a pen, whichever was in use before. */
export const takeUp = (pen: Pen): string => (pen === '' ? '\u001b[m' : `\u001b[0;${pen}m`)

function withParams(pen: Pen, params: string): Pen {
  const slots = new Map<Slot, string>()
  const values = `${pen}${pen === '' ? '' : ';'}${params || '0'}`.split(';')
  for (let at = 0; at < values.length; ) {
    const value = Number(values[at])
    const length = colorLength(value, Number(values[at + 1]))
    for (const slot of OFF[value] ?? []) slots.delete(slot)
    const slot = ON[value] ?? colorSlot(value)
    if (slot !== undefined) slots.set(slot, values.slice(at, at + length).join(';'))
    at += length
  }
  return ORDER.flatMap((slot) => slots.get(slot) ?? []).join(';')
}

function colorLength(value: number, mode: number): number {
  if (value !== 38 && value !== 48) return 1
  return mode === 2 ? 5 : mode === 5 ? 3 : 1
}

function colorSlot(value: number): Slot | undefined {
  if ((value >= 30 && value <= 38) || (value >= 90 && value <= 97)) return 'fg'
  return (value >= 40 && value <= 48) || (value >= 100 && value <= 107) ? 'bg' : undefined
}
