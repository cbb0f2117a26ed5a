type Env = Readonly<Record<string, string | undefined>>

/** Terminals of one colour, by what terminfo calls them. */
const MONOCHROME = /^(dumb|vt\d+.*|.*-m|.*-mono)$/

/** Whether a terminal is to show colours: `NO_COLOR` is obeyed first, then `FORCE_COLOR`, then what `TERM` says. */
export function hasColors(env: Env): boolean {
  if (env['NO_COLOR']) return false
  const forced = env['FORCE_COLOR']
  return forced ? forced !== '0' && forced !== 'false' : !MONOCHROME.test(env['TERM'] ?? '')
}

/** Whether a terminal shows more than ASCII, as the locale tells; where there is none, it does. */
export function hasUnicode(env: Env): boolean {
  return env['TERM'] !== 'dumb' && /utf-?8/i.test(env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || 'utf-8')
}
