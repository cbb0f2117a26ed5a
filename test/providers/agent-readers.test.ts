import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Outcome } from '../../src/core/outcome.ts'
import type { AgentReader, AgentTask } from '../../src/providers/agents/agent-cli.ts'
import { readClaude } from '../../src/providers/agents/claude-reader.ts'
import { readCodex } from '../../src/providers/agents/codex-reader.ts'
import { readGemini } from '../../src/providers/agents/gemini-reader.ts'
import { readGeneric } from '../../src/providers/agents/generic-reader.ts'
import { readOpencode } from '../../src/providers/agents/opencode-reader.ts'
import { readQwen } from '../../src/providers/agents/qwen-reader.ts'
import { SESSION } from '../agents/agent-world.ts'
import * as claude from '../agents/claude-lines.ts'
import { readLines } from '../agents/read-lines.ts'

const paths = { text: 'result', error: 'error', input_tokens: 'usage.input_tokens', output_tokens: 'usage.output_tokens', cost_usd: 'cost' }
const usage = { input_tokens: 120, cached_input_tokens: 40, cache_read_input_tokens: 40, output_tokens: 6 }

const session = { id: SESSION, resume: true, spent_micro_usd: 500 }
const terms = { cwd: '/', env: {}, tools: undefined, max_turns: undefined, max_cost_micro_usd: undefined, session }
const TASK: AgentTask = { prompt: '', system: undefined, model: undefined, terms, folder: '/', args: [] }

/** Lines that an answer consists of, with a failure that may be among them. */
const AGENTS: Record<string, { read: () => AgentReader; lines: object[]; failure: object; judge?: 'result' }> = {
  'claude code': {
    read: () => readClaude(TASK),
    lines: [claude.init, claude.retry, claude.windowUsedUp(1e9), claude.uses('Bash', { command: 'ls' }), claude.toolFailed('no'), claude.result({ result: 'hello' })],
    failure: claude.apiError(429, 'rate_limit_error'),
    // Its result tells, whatever its exit code.
    judge: 'result',
  },
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
  fc.constantFrom(-1, 0, 0.5, 9e15, 1e21, 1e300, Number.MAX_SAFE_INTEGER),
  fc.constantFrom(null, true, '', 'constructor', '__proto__', 'a\u001b[31m\nb'),
  fc.jsonValue({ maxDepth: 2 }),
)
const well = fc.constant({ exit: 0 })
const badly = fc.constantFrom({ exit: 1 }, { exit: 145 }, { end: { how: 'aborted' } as const }, { end: { how: 'signalled', signal: 'SIGKILL' } as const })

function keysOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => (Array.isArray(value) ? keysOf(inner) : [key, ...keysOf(inner)]))
}

describe.each(Object.entries(AGENTS))('what %s prints', (_name, { read, lines, failure, judge = 'exit code' }) => {
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
        if (judge === 'exit code' && (!('exit' in end) || end.exit !== 0)) expect(answer.result).toBe('failed')
        if (answer.result !== 'failed') return
        expect(answer.message).toMatch(/^\P{Cc}+$/u)
        expect(answer.retry_after_ms ?? 0).toBeLessThanOrEqual(8 * 86_400_000)
      }),
      { numRuns: 1000 },
    )
  })
})

const MILLIONS = 11_000_000

/** Agents whose answers come in pieces: what comes before the first, how one is told, and what comes after the last. */
const IN_PIECES: [string, () => AgentReader, object, (text: string) => object, object][] = [
  ['gemini', readGemini, { type: 'init' }, (content) => ({ type: 'message', role: 'assistant', content }), { type: 'result', status: 'success', stats: { total_tokens: 9, input_tokens: 5, output_tokens: 4 } }],
  ['opencode', readOpencode, { type: 'step_start' }, (text) => ({ type: 'text', part: { text } }), { type: 'step_finish', part: { reason: 'stop', tokens: { input: 5, output: 4 } } }],
]

describe.each(IN_PIECES)('an answer of %s', (_name, read, begin, says, end) => {
  it('may be long, and come in many pieces', () => {
    const piece = 'x'.repeat(50)
    const lines = [begin, ...Array.from({ length: 40_000 }, () => JSON.stringify(says(piece))), end]
    const begun = performance.now()
    const { shown, answer } = readLines(read(), lines)
    // Some 0.3 s; in time that grows with the square it was 30.
    expect(performance.now() - begun).toBeLessThan(3000)
    expect(answer.result === 'answered' ? answer.text.replaceAll('\n', '').length : 0).toBe(2_000_000)
    expect(shown.join('').length).toBe(2_000_000)
    expect(Math.max(...shown.map((text) => text.length))).toBeLessThan(70_000)
  })

  it('is none when it does not end, and is charged', () => {
    const lines = [begin, ...Array.from({ length: 11 }, () => says('x'.repeat(MILLIONS / 11))), end]
    expect(readLines(read(), lines).answer).toMatchObject({
      result: 'failed',
      kind: 'bad_output',
      message: 'its answer is longer than 10000000 characters',
      usage: { input: 5, output: 4 },
    })
  })
})

it('is not known what steps have used together, where that is more than can be', () => {
  const begin = { type: 'step_start' }
  const step = { type: 'step_finish', part: { reason: 'stop', tokens: { input: 9e9, output: 9e9, cache: { read: 1, write: 1 } }, cost: 9e5 } }
  const { answer } = readLines(readOpencode(), [{ type: 'text', part: { text: 'hello' } }, ...Array.from({ length: 9 }, () => [begin, step]).flat()])
  expect(answer).toMatchObject({ result: 'answered', usage: { input: undefined, cached: 9, cache_write: 9, output: undefined } })
  expect(Outcome.safeParse({ ...answer, duration_ms: 1 }).error).toBeUndefined()
})
