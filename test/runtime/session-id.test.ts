import { describe, expect, it } from 'vitest'
import { sessionId } from '../../src/runtime/session-id.ts'

describe('the id of a conversation', () => {
  it('is a UUID, and the same every time', () => {
    const id = sessionId('20261120-120000-0000', 'a', 1)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(sessionId('20261120-120000-0000', 'a', 1)).toBe(id)
  })

  it('differs with the run, the task and the attempt that began it', () => {
    const ids = [sessionId('r', 'a', 1), sessionId('s', 'a', 1), sessionId('r', 'b', 1), sessionId('r', 'a', 2), sessionId('ra', '', 1)]
    expect(new Set(ids).size).toBe(ids.length)
  })
})
