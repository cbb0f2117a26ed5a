import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { narrate } from '../../src/cli/narrate.ts'
import { conductor } from '../core/conductor.ts'
import { plan, task } from '../core/specs.ts'

const wasTTY = process.stderr.isTTY
let now = 0
let written = ''
beforeEach(() => {
  written = ''
  // The bell is one for the process: each test begins when it has been silent for long.
  now += 100_000
  vi.spyOn(performance, 'now').mockImplementation(() => now)
  vi.spyOn(process.stdout, 'write').mockImplementation(() => true)
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => (written += String(text)) !== '')
})
afterEach(() => {
  vi.restoreAllMocks()
  process.stderr.isTTY = wasTTY
})

const rings = () => written.split('\u0007').length - 1

/** Lets tasks come to their gates, one by one, half a second between them. */
function hold(count: number, bell: boolean | undefined, isTTY: boolean): void {
  process.stderr.isTTY = isTTY
  const run = conductor({ when_held: 'stay' })
  const narrator = narrate(bell === undefined ? {} : { bell })
  for (let index = 0; index < count; index++) {
    const from = run.log.length
    run.add(plan(task(`t${index}`, { requires_approval: true, file: `${index}.yaml` })))
    run.next()
    for (const event of run.log.slice(from)) narrator.listen(event, run.state)
    now += 500
  }
  narrator.end()
}

it('rings when a task begins to wait for a person, where lines are told on a terminal', () => {
  hold(1, true, true)
  expect(rings()).toBe(1)
})

it('rings no more than once a second', () => {
  hold(10, true, true)
  expect(rings()).toBe(5)
})

it('is silent where that is wished, where nothing is conducted, and where there is no terminal', () => {
  hold(1, false, true)
  hold(1, undefined, true)
  hold(1, true, false)
  expect(rings()).toBe(0)
})
