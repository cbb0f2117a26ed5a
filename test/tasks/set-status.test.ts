import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FileStatus } from '../../src/core/task.ts'
import { setStatus } from '../../src/tasks/set-status.ts'
import { FILES, mutated } from './hostile-texts.ts'
import { parse } from './parse.ts'

describe('a status in Markdown', () => {
  it.each([
    ['takes the place of the old one', '---\nid: a\nstatus: pending\n---\nHi\n', '---\nid: a\nstatus: complete\n---\nHi\n'],
    ['leaves the comment after it', '---\nstatus:   pending  # by hand\n---\n', '---\nstatus:   complete  # by hand\n---\n'],
    ['takes the place of a quoted one', '---\n"Status": "pending"\n---\n', '---\n"Status": complete\n---\n'],
    ['fills an empty one', '---\nstatus:\nid: a\n---\n', '---\nstatus: complete\nid: a\n---\n'],
    ['fills an empty one before a comment', '---\nstatus: # todo\n---\n', '---\nstatus: complete # todo\n---\n'],
    ['takes the place of a block', '---\nstatus: |\n  pending\nid: a\n---\n', '---\nstatus: complete\nid: a\n---\n'],
    ['is put on top where there is none', '---\nid: a\n---\nHi', '---\nstatus: complete\nid: a\n---\nHi'],
    ['leaves a comment with the key it stands above', '---\n# mine\nid: a\n---\nHi', '---\nstatus: complete\n# mine\nid: a\n---\nHi'],
    ['is put into an empty front matter', '---\n---\nHi', '---\nstatus: complete\n---\nHi'],
    ['is put into front matter in braces', '---\n{id: a}\n---\nHi', '---\n{status: complete, id: a}\n---\nHi'],
    ['is put into empty braces', '---\n{}\n---\nHi', '---\n{status: complete}\n---\nHi'],
    ['gets a front matter where there is none', 'Hi\n', '---\nstatus: complete\n---\n\nHi\n'],
    ['follows the line ends of the file', '---\r\nid: a\r\n---\r\nHi\r\n', '---\r\nstatus: complete\r\nid: a\r\n---\r\nHi\r\n'],
    ['follows them without front matter, too', 'Hi\r\n', '---\r\nstatus: complete\r\n---\r\n\r\nHi\r\n'],
    ['leaves the byte order mark first', '\uFEFFHi', '\uFEFF---\nstatus: complete\n---\n\nHi'],
    ['leaves it before front matter', '\uFEFF---\nstatus: x\n---\nHi', '\uFEFF---\nstatus: complete\n---\nHi'],
    ['ignores a line in the body', '---\nid: a\n---\nstatus: pending\n', '---\nstatus: complete\nid: a\n---\nstatus: pending\n'],
    ['leaves a broken file alone', '---\nid: [\n---\nHi', '---\nid: [\n---\nHi'],
    ['leaves a file alone whose front matter does not end', '---\nid: a\n', '---\nid: a\n'],
  ])('%s', (_, before, after) => {
    expect(setStatus('a.md', before, 'complete')).toBe(after)
  })
})

describe('a status in YAML', () => {
  it.each([
    ['takes the place of the old one', 'status: running\ntasks:\n  - status: x\n', 'status: failed\ntasks:\n  - status: x\n'],
    ['is put before the first key', '# plan\n\nproject: p\ntasks: []\n', '# plan\n\nstatus: failed\nproject: p\ntasks: []\n'],
    ['is indented like the first key', '---\n  project: p\n  id: a\n', '---\n  status: failed\n  project: p\n  id: a\n'],
    ['is put into braces', '{ # plan\n  project: p }\n', '{ # plan\n  status: failed, project: p }\n'],
    ['is not looked for in tasks', 'tasks:\n  - status: x\n    prompt: y\n', 'status: failed\ntasks:\n  - status: x\n    prompt: y\n'],
    ['leaves a list alone', '- a\n', '- a\n'],
  ])('%s', (_, before, after) => {
    expect(setStatus('a.yml', before, 'failed')).toBe(after)
  })
})

describe('a status in JSON', () => {
  it.each([
    ['takes the place of the old one', '{"status" : null , "tasks": [{"status": 1}]}', '{"status" : "failed" , "tasks": [{"status": 1}]}'],
    ['gets a line of its own', '{\n  "tasks": []\n}\n', '{\n  "status": "failed",\n  "tasks": []\n}\n'],
    ['is put on the only line', '{"tasks": []}', '{"status": "failed", "tasks": []}'],
    [
      'is not confused by text that looks like it',
      '{"a\\"status\\"": "\\"status\\": 1"}',
      '{"status": "failed", "a\\"status\\"": "\\"status\\": 1"}',
    ],
    ['leaves a broken file alone', '{"status": ', '{"status": '],
  ])('%s', (_, before, after) => {
    expect(setStatus('a.json', before, 'failed')).toBe(after)
  })
})

it('leaves a file alone that is no task file', () => {
  expect(setStatus('a.txt', 'status: x', 'failed')).toBe('status: x')
})

describe('whatever a readable file says, a new status', () => {
  const readable = fc
    .tuple(fc.constantFrom(...FILES), mutated, fc.constantFrom(...FileStatus.options))
    .map(([file, text, status]) => ({ file, text, status, before: parse(file, text) }))
    .filter(({ before }) => before.result === 'plan')

  it('is all that changes', () => {
    fc.assert(
      fc.property(readable, ({ file, text, status, before }) => {
        const written = setStatus(file, text, status)
        if (before.result === 'broken') throw new Error('only readable files come here')
        const after = parse(file, written)
        if (after.result === 'broken') throw new Error(after.problems.map(({ message }) => message).join())
        expect(after.status).toBe(status)
        expect(after.tasks.map((task) => ({ ...task, line: 0 }))).toEqual(before.tasks.map((task) => ({ ...task, line: 0 })))
      }),
      { numRuns: 300 },
    )
  })

  it('is put in beside all other bytes: without it, the file is what it was', () => {
    fc.assert(
      fc.property(readable, ({ file, text, status }) => {
        const written = setStatus(file, text, status)
        const start = samePrefix(text, written)
        expect(written.slice(0, start) + written.slice(start + written.length - text.length)).toBe(text)
      }),
      { numRuns: 300 },
    )
  })

  it('is the same when it is written again', () => {
    fc.assert(
      fc.property(readable, ({ file, text, status }) => {
        const written = setStatus(file, text, status)
        expect(setStatus(file, written, status)).toBe(written)
      }),
      { numRuns: 300 },
    )
  })
})

/** How many characters two texts begin with alike. */
function samePrefix(one: string, other: string): number {
  let at = 0
  while (at < one.length && one[at] === other[at]) at += 1
  return at
}
