/**
 * How long a receiver asks to be left alone, in ms: `Retry-After` in seconds or as an HTTP date (RFC 9110 §10.2.3).
 * @param now ms since 1970
 */
export function retryAfter(header: string | string[] | undefined, now: number): number | undefined {
  const text = (Array.isArray(header) ? header[0] : header)?.trim() ?? ''
  if (/^\d+$/.test(text)) return Number(text) * 1000
  const until = Date.parse(text)
  return Number.isNaN(until) ? undefined : Math.max(0, until - now)
}
