import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/** Seconds that a clock elsewhere may differ from ours, and for which what has come is remembered. */
const WINDOW_S = 300
const SIGNATURE = /^sha256=([0-9a-f]{64})$/

/** What proves that a caller knows the secret. */
export type Proof = { secret?: string | undefined; timestamp?: number | undefined; nonce?: string | undefined }

export type Verdict = 'right' | 'wrong' | 'unsigned' | 'stale' | 'replayed'

/**
 * Tells who knows the secret. It comes in the body, as the bots of this world send it; then whoever reads one request can
 * make others, and a `timestamp` with a `nonce` only keeps the same one from being carried out twice. Or it signs the
 * body (`x-tutti-signature: sha256=…`, an HMAC) and is never sent: both are asked for then, and nothing can be repeated or changed.
 * @param signedOnly whether a secret that is sent is not enough
 * @param now seconds since 1970
 */
export function webhookGuard(secret: string, signedOnly: boolean, now: () => number): (body: string, proof: Proof, signature: string | undefined) => Verdict {
  /** Nonces, by when they are forgotten. What is older than the window is refused for its age. */
  const seen = new Map<string, number>()

  return (body, { secret: given, timestamp, nonce }, signature) => {
    const signed = SIGNATURE.exec(signature ?? '')?.[1]
    const isRight = signature === undefined ? isSame(given ?? '', secret) : signed !== undefined && isSame(signed, createHmac('sha256', secret).update(body).digest('hex'))
    if (!isRight) return 'wrong'
    if (signedOnly && signature === undefined) return 'unsigned'
    if (timestamp === undefined || nonce === undefined) return signature === undefined && timestamp === undefined && nonce === undefined ? 'right' : 'stale'
    if (Math.abs(now() - timestamp) > WINDOW_S) return 'stale'
    for (const [old, until] of seen) {
      if (until >= now()) break
      seen.delete(old)
    }
    if (seen.has(nonce)) return 'replayed'
    // It may come again as long as its time stamp is taken.
    seen.set(nonce, now() + 2 * WINDOW_S)
    return 'right'
  }
}

/** Takes the same time wherever the two begin to differ, and however long they are. */
function isSame(a: string, b: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(a), hash(b))
}
