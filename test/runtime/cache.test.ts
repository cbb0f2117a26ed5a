import type { StartAttempt } from '../../src/core/commands.ts'
import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { CheckRow, Outcome } from '../../src/core/outcome.ts'
import type { TaskSpec } from '../../src/core/task.ts'
import { createCommand } from '../../src/providers/command.ts'
import type { Answer, Provider } from '../../src/providers/provider.ts'
import type { Adapters } from '../../src/runtime/adapters.ts'
import { task } from '../core/specs.ts'
import { tempDir } from '../temp-dir.ts'
import { agent, ANSWER, performer, provider, START, type Bench } from './performer.ts'

type Answered = Extract<Outcome, { result: 'answered' }>

/** A workspace in which plans are run one after the other, each in a run of its own. */
async function workspace(by: Provider, more: Partial<Adapters> = {}) {
  const dir = await tempDir()
  let runs = 0
  return {
    dir,
    write: async (path: string, text: string) => {
      await mkdir(join(dir, path, '..'), { recursive: true })
      await writeFile(join(dir, path), text)
    },
    next: (others: Partial<Adapters> = {}) => performer(by, { ...more, ...others }, dir, `20261120-120000-${String(++runs).padStart(4, '0')}`),
    kept: async () => (await readdir(join(dir, 'runs/cache')).catch(() => [])).length,
  }
}

/** A provider that numbers its answers: a further call is seen. */
function counting(answer: Partial<Extract<Answer, { result: 'answered' }>> = {}) {
  let calls = 0
  const by = provider((_, { write }) => {
    const text = `answer ${++calls}`
    write(text)
    return { result: 'answered', text, finish: 'stop', usage: { input: 3, output: 2 }, cost_micro_usd: 700, ...answer }
  })
  return { by, calls: () => calls }
}

const read: StartAttempt = { ...START, cache: 'read' }

async function attempt(bench: Bench, start: StartAttempt): Promise<Outcome> {
  const report = await bench.perform(start)
  if (report?.type !== 'attempt-ended') throw new Error('no attempt ended')
  return report.outcome
}

/** An attempt, and the checks of its answer. */
async function checked(bench: Bench, start: StartAttempt): Promise<{ outcome: Outcome; rows: CheckRow[] | 'interrupted' }> {
  const outcome = await attempt(bench, start)
  const { output, files = [], refused = [] } = outcome as Answered
  const report = await bench.perform({ type: 'check', spec: start.spec, attempt: start.attempt, output, files, refused, is_reviewed: false })
  if (report?.type !== 'checks-ended') throw new Error('no check ended')
  return { outcome, rows: report.rows }
}

async function textOf({ folder }: Bench, id = 'a'): Promise<string> {
  return readFile(join(folder.outputs, id, 'output.md'), 'utf8')
}

describe('the answer to a prompt', () => {
  it('of an earlier run is used again: free, marked, logged, written', async () => {
    const { by, calls } = counting()
    const { next } = await workspace(by)
    expect(await attempt(await next(), read)).toMatchObject({ cost_micro_usd: 700, usage: { input: 3, output: 2 } })
    const second = await next()
    const outcome = await attempt(second, read)
    expect(outcome).toMatchObject({ result: 'answered', cached: true, cost_micro_usd: 0, finish: 'stop', output: { path: 'outputs/a/output.md' } })
    expect(outcome).not.toHaveProperty('usage')
    expect(await textOf(second)).toBe('answer 1')
    expect(await readFile(join(second.folder.logs, 'a.1.log'), 'utf8')).toBe('[from the cache]\nanswer 1')
    expect(calls()).toBe(1)
  })

  it('is asked for again, and kept instead, on refresh', async () => {
    const { by, calls } = counting()
    const { next } = await workspace(by)
    await attempt(await next(), read)
    expect(await attempt(await next(), { ...read, cache: 'refresh' })).not.toHaveProperty('cached')
    const third = await next()
    expect(await attempt(third, read)).toMatchObject({ cached: true })
    expect(await textOf(third)).toBe('answer 2')
    expect(calls()).toBe(2)
  })

  it('is neither used nor kept when the cache is off', async () => {
    const { by, calls } = counting()
    const { next, kept } = await workspace(by)
    await attempt(await next(), START)
    expect(await kept()).toBe(0)
    await attempt(await next(), read)
    await attempt(await next(), START)
    expect(calls()).toBe(3)
  })

  it.each<[string, (start: StartAttempt) => StartAttempt]>([
    ['the prompt', (start) => ({ ...start, spec: task('a', { work: { kind: 'prompt', prompt: 'do it well' } }) })],
    ['the system prompt', (start) => ({ ...start, spec: task('a', { work: { kind: 'prompt', prompt: 'do a', system: 'Be brief.' } }) })],
    ['the provider', (start) => ({ ...start, route: { ...start.route, provider: 'q' } })],
    ['the model', (start) => ({ ...start, route: { ...start.route, model: 'm' } })],
    ['the temperature', (start) => ({ ...start, spec: task('a', { temperature: 1 }) })],
    ['the most tokens', (start) => ({ ...start, limits: { ...start.limits, max_tokens: 5 } })],
    ['the workspace on the server', (start) => ({ ...start, spec: task('a', { workspace: 'w' }) })],
    ['what was missing', (start) => ({ ...start, feedback: [{ rule: 'r', expected: 'e', found: 'f', passed: false }] })],
  ])('is not used when %s is another', async (_, other) => {
    const { by, calls } = counting()
    const { next } = await workspace(by)
    await attempt(await next(), read)
    expect(await attempt(await next(), other(read))).not.toHaveProperty('cached')
    expect(calls()).toBe(2)
  })

  it('is not used when the configuration of the provider is another', async () => {
    const { by, calls } = counting()
    const { next } = await workspace(by)
    await attempt(await next({ identity: () => '{"temperature":0}' }), read)
    await attempt(await next({ identity: () => '{"temperature":1}' }), read)
    expect(calls()).toBe(2)
  })

  it('is the same for tasks of different names that ask the same', async () => {
    const { by, calls } = counting()
    const { next } = await workspace(by)
    const asks = (id: string) => ({ ...read, spec: task(id, { work: { kind: 'prompt', prompt: 'the same' } }) })
    await attempt(await next(), asks('a'))
    await attempt(await next(), asks('b'))
    expect(calls()).toBe(1)
  })

  it('is not used when a result that is forwarded into the prompt is another', async () => {
    const { by, calls } = counting()
    const { next } = await workspace(by)
    const runWith = async (result: string) => {
      const bench = await next()
      await mkdir(join(bench.folder.outputs, 'before'))
      await writeFile(join(bench.folder.outputs, 'before/output.md'), result)
      const output = { path: 'outputs/before/output.md', sha256: 'x', size: result.length, media_type: 'text/markdown', written: 'new' } as const
      return attempt(bench, { ...read, dependencies: [{ id: 'before', title: 'Before', output }] })
    }
    await runWith('one')
    expect(await runWith('one')).toMatchObject({ cached: true })
    expect(await runWith('two')).not.toHaveProperty('cached')
    expect(calls()).toBe(2)
  })

  it('is not used when one of its target files was touched, or has come', async () => {
    const { by, calls } = counting()
    const { next, write } = await workspace(by)
    const start = { ...read, spec: task('a', { target_files: ['src', 'later.ts'] }) }
    await write('src/x.ts', 'one')
    await attempt(await next(), start)
    expect(await attempt(await next(), start)).toMatchObject({ cached: true })
    await write('src/x.ts', 'two')
    expect(await attempt(await next(), start)).not.toHaveProperty('cached')
    await write('later.ts', '')
    expect(await attempt(await next(), start)).not.toHaveProperty('cached')
    expect(calls()).toBe(3)
  })

  it('is asked for again where the entry is damaged', async () => {
    const { by, calls } = counting()
    const { next, dir } = await workspace(by)
    await attempt(await next(), read)
    const [name = ''] = await readdir(join(dir, 'runs/cache'))
    await writeFile(join(dir, 'runs/cache', name), '{"v":1,"text":"half an ans')
    expect(await attempt(await next(), read)).not.toHaveProperty('cached')
    expect(await attempt(await next(), read)).toMatchObject({ cached: true })
    expect(calls()).toBe(2)
  })

  it.each<[string, Answer, object]>([
    ['was cut off', { result: 'answered', text: 'x', finish: 'length' }, { finish: 'length' }],
    ['ended nobody knows why', { result: 'answered', text: 'x', finish: 'unknown' }, { finish: 'unknown' }],
    ['names a file that may not be written', { result: 'answered', text: '```../evil.md\nx\n```\n', finish: 'stop' }, { refused: [{ path: '../evil.md' }] }],
    ['failed', { result: 'failed', kind: 'provider_down', message: 'gone' }, { result: 'failed' }],
  ])('is not kept when it %s', async (_, answer, expected) => {
    const { next, kept } = await workspace(provider(() => answer))
    expect(await attempt(await next(), read)).toMatchObject(expected)
    expect(await kept()).toBe(0)
  })

  it('does not fail because the disk does not take it into the cache', async () => {
    const { by } = counting()
    const { next, write } = await workspace(by)
    await write('runs/cache', 'a file where the folder should be')
    expect(await attempt(await next(), read)).toMatchObject({ result: 'answered', cost_micro_usd: 700 })
  })
})

describe('an answer that is checked', () => {
  const spec = task('a', { checks: [{ rule: 'contains', value: '2' }] })
  const rowsFor = (text: string): CheckRow[] => [{ rule: 'contains', expected: 'contains "2"', found: 'that', passed: text.includes('2') }]
  const checks: Partial<Adapters> = { runChecks: (_, { text }) => Promise.resolve(rowsFor(text)) }

  it('is kept only once it has passed', async () => {
    const { by } = counting()
    const { next, kept } = await workspace(by, checks)
    const first = await next()
    const { rows } = await checked(first, { ...read, spec })
    expect(rows).toMatchObject([{ passed: false }])
    expect(await kept()).toBe(0)
    await attempt(first, { ...read, spec, attempt: 2, feedback: rowsFor('') })
    expect(await kept()).toBe(0)
  })

  it('is kept with those before it that led to it: the second time no call is made', async () => {
    const { by, calls } = counting()
    const { next } = await workspace(by, checks)
    const both = async () => {
      const bench = await next()
      const first = await checked(bench, { ...read, spec })
      const second = await checked(bench, { ...read, spec, attempt: 2, feedback: rowsFor('') })
      return [first, second]
    }
    await both()
    expect(calls()).toBe(2)
    expect(await both()).toMatchObject([
      { outcome: { cached: true }, rows: [{ passed: false }] },
      { outcome: { cached: true }, rows: [{ passed: true }] },
    ])
    expect(calls()).toBe(2)
  })

  it('is checked again when it comes from the cache', async () => {
    const { by } = counting()
    const { next } = await workspace(by)
    const passes: CheckRow[] = [{ rule: 'r', expected: 'e', found: 'f', passed: true }]
    await checked(await next({ runChecks: () => Promise.resolve(passes) }), { ...read, spec })
    const { outcome, rows } = await checked(await next(checks), { ...read, spec })
    expect(outcome).toMatchObject({ cached: true })
    expect(rows).toMatchObject([{ passed: false }])
  })

  it('has its files written when it comes from the cache', async () => {
    const { by } = counting({ text: '```report.md\n# All\n```\n' })
    const { next } = await workspace(by)
    const start = { ...read, spec: task('a', { outputs: ['report.md'] }) }
    await checked(await next(), start)
    const second = await next()
    expect(await checked(second, start)).toMatchObject({ outcome: { cached: true, files: [{ path: 'outputs/a/report.md' }] }, rows: [{ passed: true }] })
    expect(await readFile(join(second.folder.outputs, 'a/report.md'), 'utf8')).toBe('# All\n')
  })
})

describe('the work of an agent', () => {
  const asks = (more: Partial<TaskSpec>): StartAttempt => ({ ...read, spec: task('a', more) })

  it('need not be done again while its target files are as it left them', async () => {
    const by = agent(async ({ work }) => {
      const cwd = work.kind === 'prompt' ? (work.agent?.cwd ?? '') : ''
      await writeFile(join(cwd, 'x.ts'), 'fixed')
      return ANSWER
    })
    const { next, write } = await workspace(by)
    const start = asks({ cache: 'read', target_files: ['x.ts'] })
    await write('x.ts', 'broken')
    await attempt(await next(), start)
    expect(await attempt(await next(), start)).toMatchObject({ cached: true })
    await write('x.ts', 'broken')
    expect(await attempt(await next(), start)).not.toHaveProperty('cached')
    expect(by.given).toHaveLength(2)
  })

  it('is not taken for another because its conversation goes on', async () => {
    const by = agent()
    const { next } = await workspace(by)
    const resumed = (prompt: string): StartAttempt => ({ ...asks({ cache: 'read', work: { kind: 'prompt', prompt } }), attempt: 2 })
    await attempt(await next(), resumed('one'))
    await attempt(await next(), resumed('two'))
    expect(by.given).toHaveLength(2)
  })

  it('is done again with other tools, turns, params or in another folder', async () => {
    const by = agent()
    const { next } = await workspace(by)
    const changes = [{}, { tools: ['Edit'] }, { max_turns: 3 }, { params: { who: 'me' } }, { cwd: 'app' }]
    for (const more of changes) await attempt(await next(), asks({ cache: 'read', ...more }))
    expect(by.given).toHaveLength(changes.length)
  })
})

describe('a command', () => {
  const COMMAND = 'mkdir -p "$TUTTI_OUTPUT_DIR/bin"; printf "\\377\\000" > "$TUTTI_OUTPUT_DIR/data.bin"; cp in.txt "$TUTTI_OUTPUT_DIR/bin/tool"; chmod 700 "$TUTTI_OUTPUT_DIR/bin/tool"; echo run >> calls; echo made'
  const make = (more: Partial<TaskSpec> = {}): StartAttempt => ({
    ...read,
    spec: task('a', { work: { kind: 'command', command: COMMAND }, inputs: ['in.txt'], outputs: ['data.bin'], ...more }),
  })
  const passes: Partial<Adapters> = { runChecks: () => Promise.resolve([]) }
  const withInput = async () => {
    const made = await workspace(createCommand({ name: 'command', secrets: [] }), passes)
    await made.write('in.txt', 'one')
    return { ...made, calls: async () => (await readFile(join(made.dir, 'calls'), 'utf8')).split('\n').length - 1 }
  }

  it('is not run again while its inputs are the same: its output and its files are restored byte by byte', async () => {
    const { next, calls } = await withInput()
    const { outcome: first } = await checked(await next(), make())
    const second = await next()
    const { outcome } = await checked(second, make())
    expect(outcome).toMatchObject({ cached: true, cost_micro_usd: 0, files: (first as Answered).files, output: (first as Answered).output })
    expect(await readFile(join(second.folder.outputs, 'a/data.bin'))).toEqual(Buffer.from([0xff, 0]))
    expect((await stat(join(second.folder.outputs, 'a/bin/tool'))).mode & 0o100).toBe(0o100)
    expect(await textOf(second)).toBe('made\n')
    expect(await calls()).toBe(1)
  })

  it('is run again when an input was touched', async () => {
    const { next, calls, write } = await withInput()
    await checked(await next(), make())
    await write('in.txt', 'two')
    const third = await next()
    expect((await checked(third, make())).outcome).not.toHaveProperty('cached')
    expect(await readFile(join(third.folder.outputs, 'a/bin/tool'), 'utf8')).toBe('two')
    expect(await calls()).toBe(2)
  })

  it('is run again with another command, other params or in another folder', async () => {
    const { next, calls, dir } = await withInput()
    await mkdir(join(dir, 'sub'))
    await writeFile(join(dir, 'sub/in.txt'), 'one')
    await checked(await next(), make())
    await checked(await next(), make({ work: { kind: 'command', command: `${COMMAND} ` } }))
    await checked(await next(), make({ params: { who: 'me' } }))
    expect(await calls()).toBe(3)
    expect((await checked(await next(), make({ cwd: 'sub' }))).outcome).not.toHaveProperty('cached')
  })

  it('is run again when a task before it left another file, even with the same answer', async () => {
    const { next, calls } = await withInput()
    const runAfter = async (left: string) => {
      const bench = await next()
      await mkdir(join(bench.folder.outputs, 'before'))
      await writeFile(join(bench.folder.outputs, 'before/left.csv'), left)
      return checked(bench, { ...make(), dependencies: [{ id: 'before', title: 'Before', output: undefined }] })
    }
    await runAfter('one')
    expect((await runAfter('one')).outcome).toMatchObject({ cached: true })
    expect((await runAfter('two')).outcome).not.toHaveProperty('cached')
    expect(await calls()).toBe(2)
  })

  it.each([
    ['its input changed while it ran', `${COMMAND}; echo more >> in.txt`],
    ['it left a link, which could not be restored', `${COMMAND}; ln -s /etc/passwd "$TUTTI_OUTPUT_DIR/link"`],
    ['it failed', `${COMMAND}; exit 1`],
  ])('is not kept when %s', async (_, command) => {
    const { next, kept } = await withInput()
    await checked(await next(), make({ work: { kind: 'command', command } }))
    expect(await kept()).toBe(0)
  })

  it('is not kept when a check has changed what it left', async () => {
    const { next, kept } = await withInput()
    const bench = await next()
    const perform: Bench['perform'] = async (command) => {
      if (command.type === 'check') await writeFile(join(bench.folder.outputs, 'a/data.bin'), 'other')
      return bench.perform(command)
    }
    await checked({ ...bench, perform }, make())
    expect(await kept()).toBe(0)
  })

  it('restores nothing outside its folder, whatever an entry says: it is run', async () => {
    const { next, calls, dir } = await withInput()
    await checked(await next(), make())
    const [name = ''] = await readdir(join(dir, 'runs/cache'))
    const entry = JSON.parse(await readFile(join(dir, 'runs/cache', name), 'utf8')) as { files: { path: string }[] }
    for (const path of ['../evil', '/tmp/evil', 'bin/../../evil']) {
      await writeFile(join(dir, 'runs/cache', name), JSON.stringify({ ...entry, files: [{ path, content: '' }] }))
      const bench = await next()
      expect((await checked(bench, make())).outcome).not.toHaveProperty('cached')
      expect(await readdir(bench.folder.outputs)).toEqual(['a'])
    }
    expect(await calls()).toBe(4)
  })

  it('is run when what it reads cannot be told', async () => {
    const { next, calls, dir } = await withInput()
    await symlink('loop', join(dir, 'loop'))
    for (let i = 0; i < 2; i++) await checked(await next(), make({ inputs: ['loop'] }))
    expect(await calls()).toBe(2)
  })
})
