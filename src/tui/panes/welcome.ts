import { oneLine } from '../../core/sanitize.ts'
import type { Line } from '../../core/views/line.ts'
import type { Glance } from '../glance.ts'
import type { Size } from '../layout.ts'
import { cutTo, widthOf } from '../lines/fit.ts'

const LONGEST = 200
const EMPTY = ['no task yet', 'Drop a task file into tasks/.']

/** What is waited for, in a few words: the header says it too. */
export function waitsWith({ waiting }: Pick<Glance, 'waiting'>): string {
  return oneLine(waiting.split('\n')[0] ?? '', LONGEST)
}

/** While there are no tasks: what is waited for, and what to do, in the middle of the page. */
export function welcomeLines({ run, waiting }: Pick<Glance, 'run' | 'waiting'>, { width, height }: Size): Line[] {
  const [first = '', ...others] = waiting !== '' || run === undefined ? waiting.split('\n') : EMPTY
  const said: Line[] = [[{ text: oneLine(first, LONGEST), style: 'strong' }], [], ...others.map((text): Line => [{ text: oneLine(text, LONGEST), style: 'dim' }])]
  const left = ' '.repeat(Math.max(2, Math.floor((width - Math.max(...said.map(widthOf))) / 2)))
  const above = Math.max(0, Math.floor((height - said.length) / 3))
  return [...Array.from({ length: above }, (): Line => []), ...said.map((line) => cutTo([{ text: left }, ...line], width))].slice(0, height)
}
