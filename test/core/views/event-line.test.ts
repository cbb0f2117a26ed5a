import { expect, it } from 'vitest'
import type { Event } from '../../../src/core/events.ts'
import { eventLine } from '../../../src/core/views/event-line.ts'

const AT = '2026-11-20T12:00:00.000Z'
const told = (event: object) => eventLine({ v: 1, seq: 1, at: AT, ...event } as Event, undefined).text

it('says kinds of failure in words', () => {
  const retry = (reason: string) => told({ type: 'retry.scheduled', task: 'a', until: AT, reason })
  expect(retry('provider_down: local (http://x) cannot be reached')).toBe('tries again: the provider is down: local (http://x) cannot be reached')
  const outcome = { result: 'failed', kind: 'command_failed', message: 'exit code 3', duration_ms: 2_000 }
  expect(told({ type: 'attempt.finished', task: 'a', attempt: 1, outcome })).toBe('the command failed after 2.0 s: exit code 3')
})

it('leaves a reason alone that begins with no kind of failure', () => {
  const retry = (reason: string) => told({ type: 'retry.scheduled', task: 'a', until: AT, reason })
  expect(retry('its checks are not met: contains "x"')).toBe('tries again: its checks are not met: contains "x"')
  expect(retry('constructor: odd')).toBe('tries again: constructor: odd')
})
