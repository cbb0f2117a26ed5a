import { createHmac } from 'node:crypto'

/**
 * What a request is signed with: the HMAC SHA-256 of `<timestamp>.<body>`, in hex. The time is signed with the body, so
 * that a request that somebody has caught is of no use to them later: the scheme of Stripe
 * (https://docs.stripe.com/webhooks#verify-manually), written as GitHub writes its own
 * (https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries).
 * @param timestamp seconds since 1970
 */
export function signatureHeaders(secret: string, timestamp: number, body: string): Record<string, string> {
  const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')
  return { 'x-tutti-timestamp': String(timestamp), 'x-tutti-signature': `sha256=${signature}` }
}
