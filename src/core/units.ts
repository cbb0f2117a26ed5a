/** A time span for a person: `0.2 s`, `42 s`, `3m 05s`, `2h 10m`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  const minutes = Math.floor(whole / 60)
  if (minutes < 60) return `${minutes}m ${pad(whole % 60)}s`
  return `${Math.floor(minutes / 60)}h ${pad(minutes % 60)}m`
}

/** A time span in few columns: `0.2s`, `42s`, `3m05s`, `2h10m`, `3d04h`. */
export function formatSpan(seconds: number): string {
  if (seconds < 10 && !Number.isInteger(seconds)) return `${seconds.toFixed(1)}s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole}s`
  const minutes = Math.floor(whole / 60)
  if (minutes < 60) return `${minutes}m${pad(whole % 60)}s`
  const hours = Math.floor(minutes / 60)
  return hours < 24 ? `${hours}h${pad(minutes % 60)}m` : `${Math.floor(hours / 24)}d${pad(hours % 24)}h`
}

/** A point in time for a person, wherever they are: `2026-11-20 14:02:30 UTC`. @param at ISO 8601, UTC */
export function formatTime(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 19)} UTC`
}

/** A size for a person: `812 B`, `3.4 kB`, `12 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  const [value, unit] = bytes < 1_000_000 ? [bytes / 1000, 'kB'] : [bytes / 1_000_000, 'MB']
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`
}

/** Money for a person: `$12.50`, `$0.61`, `$0.0042`. What is not nothing is never shown as nothing. */
export function formatUsd(micro_usd: number): string {
  return usdText(micro_usd, digitsOf(micro_usd))
}

/** The same for amounts that stand below each other: with as many decimals as the one that needs most. */
export function formatUsdAlike(amounts: readonly number[]): string[] {
  const digits = Math.max(2, ...amounts.map(digitsOf))
  return amounts.map((micro_usd) => usdText(micro_usd, digits))
}

function usdText(micro_usd: number, digits: number): string {
  return `${micro_usd < 0 ? '-' : ''}$${(Math.abs(micro_usd) / 1_000_000).toFixed(digits)}`
}

/** Decimals: two digits that tell something, without zeros behind them, and at least cents. */
function digitsOf(micro_usd: number): number {
  const usd = Math.abs(micro_usd) / 1_000_000
  const most = usd === 0 ? 2 : Math.min(6, Math.max(2, 1 - Math.floor(Math.log10(usd))))
  const zeros = /0*$/.exec(usd.toFixed(most))?.[0].length ?? 0
  return Math.max(2, most - zeros)
}

/** A number of tokens for a person: `812`, `3.4k`, `12M`. */
export function formatTokens(tokens: number): string {
  if (tokens < 1000) return String(tokens)
  const [value, unit] = tokens < 1_000_000 ? [tokens / 1000, 'k'] : [tokens / 1_000_000, 'M']
  return `${value < 10 ? value.toFixed(1) : Math.round(value)}${unit}`
}

/** `1 task`, `2 tasks`, `2 processes`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : noun.endsWith('s') ? 'es' : 's'}`
}

function pad(number: number): string {
  return String(number).padStart(2, '0')
}
