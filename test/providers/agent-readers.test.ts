import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Outcome } from '../../src/core/outcome.ts'
import type { AgentReader } from '../../src/providers/agents/agent-cli.ts'
import { readCodex } from '../../src/providers/agents/codex-reader.ts'
import { readGemini } from '../../src/providers/agents/gemini-reader.ts'
import { readGeneric } from '../../src/providers/agents/generic-reader.ts'
import { readOpencode } from '../../src/providers/agents/opencode-reader.ts'
import { readQwen } from '../../src/providers/agents/qwen-reader.ts'
import { readLines } from '../agents/read-lines.ts'

const paths = { text: 'result', error: 'error', input_tokens: 'usage.input_tokens', output_tokens: 'usage.output_tokens', cost_usd: 'cost' }
const usage = { input_tokens: 120, cached_input_tokens: 40, cache_read_input_tokens: 40, output_tokens: 6 }

/** Lines that an answer consists of, with a failure that may be among them. */
const AGENTS: Record<string, { read: () => AgentReader; lines: object[]; failure: object }> = {
  codex: {
    read: readCodex,
    lines: [
      { type: 'item.started', item: { type: 'command_execution', command: 'ls' } },
      { type: 'item.completed', item: { type: 'file_change', changes: [{ path: 'a.ts' }], status: 'completed' } },
      { type: 'item.completed', item: { type: 'agent_message', text: 'hello' } },
      { type: 'turn.completed', usage },
    ],
    failure: { type: 'turn.failed', error: { message: 'mock\nerror' } },
  },
  gemini: {
    read: readGemini,
    lines: [
      { type: 'tool_use', tool_id: '1', tool_name: 'ls', parameters: { path: '.' } },
      { type: 'tool_result', tool_id: '1', status: 'error', error: { type: 'unknown', message: 'no' } },
      { type: 'message', role: 'assistant', content: 'hello' },
      { type: 'result', status: 'success', stats: { total_tokens: 130, input_tokens: 120, output_tokens: 7, cached: 40 } },
    ],
    failure: { type: 'result', status: 'error', error: { message: 'mock\nerror' }, stats: { total_tokens: 0 } },
  },
  opencode: {
    read: readOpencode,
    lines: [
      { type: 'step_start' },
      { type: 'tool_use', part: { tool: 'bash', state: { title: 'ls', error: 'no' } } },
      { type: 'text', part: { text: 'hello' } },
      { type: 'step_finish', part: { reason: 'stop', tokens: { input: 80, output: 4, reasoning: 0, cache: { write: 0, read: 40 } }, cost: 0.01 } },
    ],
    failure: { type: 'error', error: { name: 'APIError', data: { message: 'mock\nerror', statusCode: 429, responseHeaders: { 'retry-after': '1' } } } },
  },
  qwen: {
    read: readQwen,
    lines: [
      { type: 'assistant', message: { content: [{ type: 'tool_use', name: 'ls', input: { path: '.' } }] } },
      { type: 'result', subtype: 'success', is_error: false, result: 'hello', usage, permission_denials: [] },
    ],
    failure: { type: 'result', subtype: 'error_during_execution', is_error: true, error: { message: 'mock\nerror' } },
  },
  agent: { read: () => readGeneric({ output: 'jsonl', paths }), lines: [{ result: 'hello', usage, cost: 0.01 }], failure: { error: 'mock\nerror' } },
}

const odd = fc.oneof(
  fc.constantFrom(-1, 0, 0.5, 1e15, 1e21, Number.MAX_SAFE_INTEGER),
  fc.constantFrom(null, true, '', 'constructor', '__proto__', 'a\u001b[31m\nb'),
  fc.jsonValue({ maxDepth: 2 }),
)
const well = fc.constant({ exit: 0 })
const badly = fc.constantFrom({ exit: 1 }, { exit: 145 }, { end: { how: 'aborted' } as const }, { end: { how: 'signalled', signal: 'SIGKILL' } as const })

function keysOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => (Array.isArray(value) ? keysOf(inner) : [key, ...keysOf(inner)]))
}

describe.each(Object.entries(AGENTS))('what %s prints', (_name, { read, lines, failure }) => {
  it('is an answer', () => {
    expect(readLines(read(), lines).answer).toMatchObject({ result: 'answered', text: 'hello' })
  })

  it('comes to an outcome that can be recorded, whatever stands in its fields and between its lines', () => {
    const replaced = fc.dictionary(fc.constantFrom(...keysOf([...lines, failure])), odd, { maxKeys: 3 })
    const line = fc.constantFrom(...lines, failure)
    const printed = fc.oneof({ weight: 3, arbitrary: fc.constant(lines) }, { weight: 2, arbitrary: fc.array(line) })
    fc.assert(
      fc.property(printed, replaced, fc.string(), fc.oneof(well, badly), (some, fields, noise, end) => {
        const changed = some.map((each) => JSON.stringify(each, (key, value: unknown) => (Object.hasOwn(fields, key) ? fields[key] : value)))
        const { answer } = readLines(read(), [noise, ...changed], end)
        expect(Outcome.safeParse({ ...answer, duration_ms: 1 }).error).toBeUndefined()
        if (!('exit' in end) || end.exit !== 0) expect(answer.result).toBe('failed')
        if (answer.result === 'failed') expect(answer.message).toMatch(/^\P{Cc}+$/u)
      }),
      { numRuns: 1000 },
    )
  })
})
