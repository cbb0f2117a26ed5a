import { oneLine } from '../../core/sanitize.ts'
import type { Line } from '../../core/views/line.ts'
import type { Glance } from '../glance.ts'
import type { Size } from '../layout.ts'
import { cutTo, fit } from '../lines/fit.ts'
import type { Notice } from '../ui.ts'
import { keysLine } from './keys.ts'
import { promptLine } from './prompt.ts'

/** The bottom line: a question, else what a person has to be told, else the keys that mean something now. */
export function footerLines(glance: Glance, { width }: Size): Line[] {
  const { prompt, notice } = glance.ui
  if (prompt !== undefined) return [promptLine(glance, prompt, width)]
  return [notice === undefined ? keysLine(glance, width) : noticeLine(notice, width)]
}

const SIGNS = { note: ['· ', 'accent'], warning: ['⚠ ', 'warn'], error: ['✖ ', 'bad'] } as const

function noticeLine({ text, kind }: Notice, width: number): Line {
  const [sign, style] = SIGNS[kind]
  return fit(cutTo([{ text: ` ${sign}${oneLine(text, width + 1)}`, style }], width), width)
}
