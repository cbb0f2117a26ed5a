import { describe, expect, it, vi } from 'vitest'
import { NO_PTY } from '../../pty/terminal.ts'
import { has, row, screenWorld } from './world.ts'

/** `draft` is reviewed before `print` may run; `risky` waits for approval. */
const PLAN = `tasks:
  - { id: draft, command: "echo a first draft; echo once >> drafts.txt", review: true }
  - { id: print, command: "echo printed", depends_on: [draft] }
  - { id: risky, command: "echo done > risky.txt", requires_approval: true }
`

describe.skipIf(NO_PTY !== undefined)(`gates are answered on the screen (${NO_PTY ?? 'in a real terminal'})`, () => {
  it('what a task made is read and sent back, then accepted; what is not to run is rejected with a reason', async () => {
    const world = await screenWorld()
    await world.write('gates.yaml', PLAN)
    const terminal = world.open(['run', 'gates.yaml'])
    await terminal.until((screen) => row('⏸', 'draft')(screen) && row('⏸', 'risky')(screen))
    terminal.keys(':go draft\r')
    await terminal.until(has('review — press a, b or d'))
    terminal.keys('i')
    await terminal.until(has(/draft +since[^]*it made output\.md[^]*a first draft[^]*b {2}send back: it is tried again/))
    terminal.keys(':send-back draft\r')
    await terminal.until(has('"draft": what is not good yet?'))
    terminal.keys('\r')
    await terminal.until(has('it has to be said'))
    terminal.keys('shorter, please\r')
    await terminal.until(has('sent back before by a person: shorter, please'))
    expect((await world.read('drafts.txt')).split('\n')).toEqual(['once', 'once', ''])
    terminal.keys(':approve draft\r')
    await terminal.until(has('inbox · 1 waits for you'))
    terminal.keys('\u001b')
    await terminal.until(row('✔', 'print'))
    terminal.keys(':go risky\rd')
    await terminal.until(has('reject "risky"? it is cancelled'))
    terminal.keys('w')
    await terminal.until(has('why not?'))
    terminal.keys('not on a Friday\r')
    await terminal.until(row('■', 'risky'))
    terminal.keys('q')
    await terminal.exit()
    await expect(world.read('risky.txt')).rejects.toThrow()
    const { events } = await world.run()
    const answers = events.filter(({ type }) => type === 'gate.answered')
    expect(answers).toMatchObject([
      { task: 'draft', answer: 'sent_back', comment: 'shorter, please', door: 'screen' },
      { task: 'draft', answer: 'approved', door: 'screen' },
      { task: 'risky', answer: 'rejected', comment: 'not on a Friday', door: 'screen' },
    ])
    await vi.waitFor(async () => expect((await world.run()).manifest.tasks.find(({ id }) => id === 'risky')).toMatchObject({ status: 'cancelled', reason: 'rejected by a person: not on a Friday' }))
  })
})
