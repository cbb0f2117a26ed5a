import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { narratePlainly } from '../../src/cli/narrate-plainly.ts'
import { conductor } from '../core/conductor.ts'
import { plan, task } from '../core/specs.ts'

let lines: string[] = []
beforeEach(() => {
  lines = []
  vi.useFakeTimers()
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => lines.push(String(text)) > 0)
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

/** A run that is told, from its first event on. */
function told(providers: Record<string, { type: string; model?: string }> = { rehearsal: { type: 'rehearsal' } }) {
  const run = conductor({ providers, default_provider: Object.keys(providers)[0] ?? '' })
  const narrator = narratePlainly()
  let heard = 0
  const tell = () => {
    for (const event of run.log.slice(heard)) narrator.listen(event, run.state)
    heard = run.log.length
  }
  return { run, narrator, tell, minute: () => vi.advanceTimersByTime(60_000), last: () => lines.at(-1)?.replace(/^\d\d:\d\d:\d\d /, '') }
}

it('says each minute how the run stands, if anything has happened since', () => {
  const { run, tell, minute, last } = told()
  run.add(plan(task('a'), task('b', { requires_approval: true })))
  run.next()
  tell()
  minute()
  expect(last()).toBe('So far: 1 running, 1 held.\n')
  const said = lines.length
  minute()
  expect(lines).toHaveLength(said)
  run.end('a')
  tell()
  minute()
  expect(last()).toBe('So far: 1 complete, 1 held.\n')
})

it('says nothing more once it has ended', () => {
  const { run, narrator, tell, minute } = told()
  run.add(plan(task('a')))
  tell()
  narrator.end()
  const said = lines.length
  minute()
  expect(lines).toHaveLength(said)
})

it('says what is still needed of a person when a run is taken up', () => {
  const { run, tell } = told()
  run.add(plan(task('a', { requires_approval: true })))
  run.next()
  tell()
  run.resume()
  run.next()
  lines.length = 0
  tell()
  expect(lines.map((line) => line.slice(9))).toContain('Needed: your approval of a.\n')
})

it('says what is needed of a person', () => {
  const { run, tell } = told()
  run.add(plan(task('a', { requires_approval: true })))
  run.next()
  tell()
  expect(lines.map((line) => line.slice(9))).toEqual(['run r of p began.\n', 'a, held: waits for approval.\n', 'Needed: your approval of a.\n', 'left before the end: a task waits for approval.\n'])
})

it('writes signs as words', () => {
  const { run, tell, last } = told({ cloud: { type: 'openai', model: 'big' } })
  run.add(plan(task('a')))
  run.next()
  tell()
  expect(last()).toBe('a, running: cloud, big.\n')
})
