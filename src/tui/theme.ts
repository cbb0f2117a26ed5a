import type { Style } from '../core/views/line.ts'

/** How each style looks: parameters of an SGR sequence (ECMA-48, 8.3.117); an empty text is the terminal's own look. */
export type Theme = { name: string; styles: Readonly<Record<Style, string>>; selected: string; /** Whether a text keeps the colours that it came with. */ colors: boolean }

/** Only the sixteen colours that a terminal's own palette defines, so that it fits dark and light ones alike. */
const DEFAULT: Theme = {
  name: 'default',
  selected: '7',
  colors: true,
  styles: {
    waiting: '2',
    ready: '36',
    held: '1;35',
    // Dark blue is hard to read on black.
    running: '94',
    checking: '94',
    complete: '32',
    incomplete: '33',
    failed: '1;31',
    blocked: '33',
    skipped: '2',
    cancelled: '33',
    dim: '2',
    strong: '1',
    accent: '36',
    good: '32',
    warn: '33',
    bad: '1;31',
    frame: '2',
    focus: '36',
    edge: '2',
    critical: '1',
    found: '7;33',
  },
}

/** Nothing is dimmed, and what matters is bold and bright. */
const HIGH_CONTRAST: Theme = {
  name: 'high-contrast',
  selected: '1;7',
  colors: true,
  styles: {
    waiting: '',
    ready: '1;96',
    held: '1;95',
    running: '1;94',
    checking: '1;94',
    complete: '1;92',
    incomplete: '1;93',
    failed: '1;91',
    blocked: '1;93',
    skipped: '',
    cancelled: '1;93',
    dim: '',
    strong: '1',
    accent: '1;96',
    good: '1;92',
    warn: '1;93',
    bad: '1;91',
    frame: '',
    focus: '1;96',
    edge: '',
    critical: '1;97',
    found: '1;7;93',
  },
}

export type ThemeName = 'default' | 'high-contrast'

/** A theme by its name; without colours only what is bold, dim or reversed is left of it. */
export function themeOf(name: ThemeName, colors: boolean): Theme {
  const theme = name === 'high-contrast' ? HIGH_CONTRAST : DEFAULT
  if (colors) return theme
  const styles = Object.fromEntries(Object.entries(theme.styles).map(([style, sgr]) => [style, withoutColor(sgr)]))
  return { ...theme, styles: { ...theme.styles, ...styles }, colors: false }
}

const withoutColor = (sgr: string) => sgr.split(';').filter((part) => Number(part) < 30).join(';')
