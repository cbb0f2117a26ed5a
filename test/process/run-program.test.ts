import { existsSync } from 'node:fs'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { describeEnd, type ProgramEnd } from '../../src/process/program-end.ts'
import type { ProgramInput } from '../../src/process/program-input.ts'
import { runProgram, type ProgramRequest } from '../../src/process/run-program.ts'
import { isRunning } from './is-running.ts'

let cwd: string
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'run-program-'))
})
afterEach(() => rm(cwd, { recursive: true, force: true }))

function run(command: ProgramRequest['command'], more: Partial<ProgramRequest> = {}): Promise<ProgramEnd> {
  return runProgram({
    command,
    cwd,
    env: { PATH: process.env['PATH'] ?? '' },
    signal: new AbortController().signal,
    write: () => undefined,
    max_output_bytes: 1_000_000,
    ...more,
  })
}

/** The pid that the program wrote to a file in its folder. */
async function pidIn(name: string): Promise<number> {
  const file = join(cwd, name)
  await vi.waitFor(async () => expect(await readFile(file, 'utf8')).toMatch(/^\d+\n$/), { timeout: 10_000 })
  return Number(await readFile(file, 'utf8'))
}

const gone = (pid: number) => vi.waitFor(() => expect(isRunning(pid)).toBe(false), { timeout: 5000 })

describe('a program that runs to its end', () => {
  it('is run by the shell when the command is a string', async () => {
    expect(await run('echo "one" && echo two | tr a-z A-Z')).toEqual({
      end: { how: 'exited', code: 0 },
      stdout: 'one\nTWO\n',
      stderr_tail: '',
      output_tail: 'one\nTWO\n',
    })
  })

  it('is run as it is when the command is a list', async () => {
    const { stdout } = await run(['printf', '%s|', '$HOME', 'a b', '*'])
    expect(stdout).toBe('$HOME|a b|*|')
  })

  it('tells its exit code', async () => {
    const { end } = await run('exit 7')
    expect(end).toEqual({ how: 'exited', code: 7 })
    expect(describeEnd(end)).toBe('exit code 7')
  })

  it('tells the signal that ended it', async () => {
    const { end } = await run('kill -USR1 $$')
    expect(end).toEqual({ how: 'signalled', signal: 'SIGUSR1' })
    expect(describeEnd(end)).toBe('ended by SIGUSR1')
  })

  it('runs in the folder and with exactly the environment that were asked for', async () => {
    const { stdout } = await run(['/bin/sh', '-c', 'pwd -P; env'], { env: { GREETING: 'hello' } })
    expect(stdout).toContain(cwd)
    expect(stdout).toContain('GREETING=hello')
    expect(stdout).not.toContain('HOME=')
  })

  it('finds nothing to read on stdin', async () => {
    expect(await run('cat; echo done')).toMatchObject({ end: { how: 'exited', code: 0 }, stdout: 'done\n' })
  })

  it('reads what it is given on stdin, to its end', async () => {
    const stdin = 'all of it\n'.repeat(50_000)
    expect((await run('wc -c', { stdin })).stdout.trim()).toBe(String(stdin.length))
    expect((await run('cat; echo done', { stdin: '' })).stdout).toBe('done\n')
  })

  it('may end without having read what it is given', async () => {
    expect((await run('exit 3', { stdin: 'x'.repeat(1_000_000) })).end).toEqual({ how: 'exited', code: 3 })
  })

  it('has a temporary folder of its own that is removed afterwards', async () => {
    const [one, two] = await Promise.all([run('touch "$TMPDIR/x" && echo "$TMPDIR"'), run('echo "$TMPDIR"')])
    expect(one.end).toEqual({ how: 'exited', code: 0 })
    expect(one.stdout).not.toBe(two.stdout)
    expect(existsSync(one.stdout.trim())).toBe(false)
  })
})

describe('a program that cannot be started', () => {
  it('is named when it does not exist', async () => {
    expect((await run(['no-such-program-here', 'x'])).end).toEqual({
      how: 'not-started',
      message: 'cannot start "no-such-program-here": there is no such program',
      why: 'missing',
    })
    expect((await run(['/bin/sh/no-such-program'])).end).toMatchObject({ message: expect.stringContaining('there is no such program'), why: 'missing' })
  })

  it('is named when it may not be executed', async () => {
    const file = join(cwd, 'plain.txt')
    await writeFile(file, 'text')
    await chmod(file, 0o644)
    expect((await run([file])).end).toMatchObject({ how: 'not-started', message: expect.stringContaining(file), why: 'missing' })
  })

  it('names the folder when that is missing', async () => {
    const missing = join(cwd, 'not-there')
    expect((await run('true', { cwd: missing })).end).toEqual({
      how: 'not-started',
      message: `cannot start in "${missing}": there is no such folder`,
    })
  })

  it('tells what of its arguments or its environment is longer than the system takes', async () => {
    const long = 'x'.repeat(3_000_000)
    const messageOf = (which: string) => new RegExp(`^cannot start "true": its arguments and environment are longer than .* \\(3\\d{6} bytes in all, of which ${which} has 3000000\\)$`)
    expect((await run(['true', '-a', long])).end).toMatchObject({ how: 'not-started', why: 'arguments', message: expect.stringMatching(messageOf('an argument')) })
    expect((await run(['true'], { env: { PATH: '/bin:/usr/bin', TUNE: long } })).end).toMatchObject({ message: expect.stringMatching(messageOf('the variable TUNE')) })
  })

  it('says so when an argument or a variable holds a NUL character, without showing it', async () => {
    for (const end of [(await run(['true', 'se\0cret'])).end, (await run(['true'], { env: { TUNE: 'se\0cret' } })).end]) {
      expect(end).toMatchObject({ how: 'not-started', why: 'arguments', message: expect.stringContaining('NUL') })
      expect(JSON.stringify(end)).not.toContain('cret')
    }
  })

  it('is refused when its name cannot be a name', async () => {
    expect((await run(['a\0b'])).end.how).toBe('not-started')
    expect((await run([])).end.how).toBe('not-started')
  })
})

describe('what a program prints', () => {
  it('is streamed, stdout and stderr in the order in which they came', async () => {
    const written: string[] = []
    const next = join(cwd, 'next')
    const ended = run(`echo first; while [ ! -e ${next} ]; do sleep 0.01; done; echo second >&2`, {
      write: (text) => written.push(text),
    })
    await vi.waitFor(() => expect(written).toEqual(['first\n']), { timeout: 10_000 })
    await writeFile(next, '')
    expect(await ended).toMatchObject({ stdout: 'first\n', stderr_tail: 'second\n', output_tail: 'first\nsecond\n' })
    expect(written).toEqual(['first\n', 'second\n'])
  })

  it('is handed on line by line where that is asked for, and stderr as it comes', async () => {
    const lines: string[] = []
    const written: string[] = []
    const { stdout } = await run(`printf 'one\\r\\n\\ntwo\\nthree'; echo aside >&2`, {
      line: (line) => lines.push(line),
      write: (text) => written.push(text),
    })
    expect(lines).toEqual(['one', 'two', 'three'])
    expect(written).toEqual(['aside\n'])
    expect(stdout).toBe('one\r\n\ntwo\nthree')
  })

  it('is heard as soon as something comes, before there is a line', async () => {
    const heard = new AbortController()
    const lines: string[] = []
    const { end } = await run(`printf '{'; sleep 100`, { line: (line) => lines.push(line), heard: () => heard.abort(), signal: heard.signal })
    expect(end).toEqual({ how: 'aborted' })
    expect(lines).toEqual(['{'])
  })

  it('keeps characters whole that arrive in two pieces', async () => {
    const written: string[] = []
    const next = join(cwd, 'next')
    const ended = run(`printf 'a\\342\\202'; while [ ! -e ${next} ]; do sleep 0.01; done; printf '\\254b'`, {
      write: (text) => written.push(text),
    })
    await vi.waitFor(() => expect(written).toEqual(['a']), { timeout: 10_000 })
    await writeFile(next, '')
    expect((await ended).stdout).toBe('a€b')
    expect(written).toEqual(['a', '€b'])
  })

  it('shows a character that never became whole as a replacement', async () => {
    const written: string[] = []
    await run(`printf 'a\\342\\202'`, { write: (text) => written.push(text) })
    expect(written.join('')).toBe('a\uFFFD')
  })

  it('keeps the last 2 kB of stderr, from the beginning of a line on', async () => {
    const { stderr_tail } = await run('i=0; while [ $i -lt 1000 ]; do echo "line $i" >&2; i=$((i+1)); done')
    expect(stderr_tail.length).toBeGreaterThan(2000)
    expect(stderr_tail.length).toBeLessThanOrEqual(2048)
    expect(stderr_tail).toMatch(/^line \d+\n/)
    expect(stderr_tail.endsWith('line 999\n')).toBe(true)
  })

  it('keeps head and tail of too much, and says how much was left out', async () => {
    const { stdout } = await run(`printf 'aaaaaaaaaabbbbbbbbbbcccccccccc'`, { max_output_bytes: 15 })
    expect(stdout).toBe('aaaaaaaaaa\n[… 15 bytes left out …]\nccccc')
  })

  it('is never cut in the middle of a character', async () => {
    const { stdout } = await run(`printf 'a€€€€€€€€€€'`, { max_output_bytes: 17 })
    expect(stdout).toBe('a€€€\n[… 18 bytes left out …]\n€')
    expect((await run(`printf 'a€€€€€'`, { max_output_bytes: 17 })).stdout).toBe('a€€€€€')
  })

  it('is cut at the ends of lines, so that half of a secret does not stand there', async () => {
    const { stdout } = await run('i=0; while [ $i -lt 1000 ]; do echo "a line with number $i"; i=$((i+1)); done', { max_output_bytes: 6000 })
    const [head = '', tail = ''] = stdout.split(/\n\[… \d+ bytes left out …\]\n/)
    for (const line of [...head.split('\n'), ...tail.trimEnd().split('\n')]) expect(line).toMatch(/^a line with number \d+$/)
    expect(stdout.endsWith('number 999\n')).toBe(true)
  })

  it('is whole when it has exactly the size that is allowed', async () => {
    expect((await run(`printf 'aaaaaaaaaabbbbb'`, { max_output_bytes: 15 })).stdout).toBe('aaaaaaaaaabbbbb')
  })

  it('is not streamed past the limit, which is said once', async () => {
    const written: string[] = []
    await run('i=0; while [ $i -lt 500 ]; do echo 123456789; echo 123456789 >&2; i=$((i+1)); done', {
      write: (text) => written.push(text),
      max_output_bytes: 100,
    })
    expect(written.join('')).toBe(`${'123456789\n'.repeat(10)}\n[… the rest of the output is not shown …]\n`)
  })

  it('takes no more memory when it is 200 MB', async () => {
    let streamed = 0
    const before = process.memoryUsage().rss
    const { end, stdout } = await run(`head -c 200000000 /dev/zero | tr '\\0' 'x'; printf END`, {
      write: (text) => (streamed += text.length),
      max_output_bytes: 100_000,
    })
    expect(process.memoryUsage().rss - before).toBeLessThan(120_000_000)
    expect(end).toEqual({ how: 'exited', code: 0 })
    expect(stdout).toContain(`${200_000_003 - 100_000 + 2 * 512} bytes left out`)
    expect(stdout.endsWith('xEND')).toBe(true)
    expect(streamed).toBeLessThan(100_100)
  })
})

describe('processes that outlive the program', () => {
  it('do not hold its end back by holding its stdout, and are ended', async () => {
    const { end, stdout } = await run('sleep 100 & echo $!; echo done')
    expect(end).toEqual({ how: 'exited', code: 0 })
    expect(stdout).toMatch(/^\d+\ndone\n$/)
    await gone(Number.parseInt(stdout))
  })

  it('are ended when they hold nothing', async () => {
    const { stdout } = await run('sleep 100 >/dev/null 2>&1 & echo $!')
    await gone(Number(stdout))
  })

  it.runIf(process.platform === 'linux')('do not hold its end back from a session of their own, deaf to TERM, and are ended', async () => {
    const script = `
      const deaf = "trap '' TERM; while :; do sleep 0.05; done"
      const child = require('node:child_process').spawn('/bin/sh', ['-c', deaf], { detached: true, stdio: 'inherit' })
      child.unref()
      console.log(child.pid)`
    const { end, stdout } = await run([process.execPath, '-e', script])
    expect(end).toEqual({ how: 'exited', code: 0 })
    await gone(Number(stdout))
  })

  it('are given a moment to pass on what they still have', async () => {
    const { stdout } = await run('(echo late) & echo early')
    expect(stdout.split('\n').sort()).toEqual(['', 'early', 'late'])
  })
})

describe('an abort', () => {
  it('starts nothing when it came first', async () => {
    expect(await run('touch started', { signal: AbortSignal.abort() })).toMatchObject({ end: { how: 'aborted' } })
    expect(existsSync(join(cwd, 'started'))).toBe(false)
  })

  it('ends the program and its children', async () => {
    const controller = new AbortController()
    const ended = run('sleep 100 & echo $! > child; echo $$ > parent; wait', { signal: controller.signal })
    const pids = [await pidIn('child'), await pidIn('parent')]
    controller.abort()
    expect((await ended).end).toEqual({ how: 'aborted' })
    await Promise.all(pids.map(gone))
  })

  it('lets a program that heeds TERM tidy up, and keeps what it printed', async () => {
    const controller = new AbortController()
    const ended = run(`trap 'echo bye; touch tidied; exit 0' TERM; echo $$ > pid; while :; do sleep 0.01; done`, {
      signal: controller.signal,
    })
    await pidIn('pid')
    controller.abort()
    expect(await ended).toMatchObject({ end: { how: 'aborted' }, stdout: 'bye\n' })
    expect(existsSync(join(cwd, 'tidied'))).toBe(true)
  })

  it('kills what ignores TERM after the grace', async () => {
    const controller = new AbortController()
    const loop = 'while :; do sleep 0.05; done'
    const ended = run(`trap '' TERM; (${loop}) & echo $! > child; echo $$ > parent; ${loop}`, {
      signal: controller.signal,
      grace_ms: 100,
    })
    const child = await pidIn('child')
    const parent = await pidIn('parent')
    controller.abort()
    expect((await ended).end).toEqual({ how: 'aborted' })
    await Promise.all([child, parent].map(gone))
  })

  it.runIf(process.platform === 'linux')('ends what has left for a session of its own, and even for an environment of its own', async () => {
    const controller = new AbortController()
    const leave = (name: string) => `setsid env -i /bin/sh -c "echo \\$\\$ > ${name}; trap '' TERM; while :; do sleep 0.05; done"`
    const ended = run(`${leave('one')} & (${leave('two')} & wait) & wait`, { signal: controller.signal, grace_ms: 100 })
    const pids = [await pidIn('one'), await pidIn('two')]
    controller.abort()
    expect((await ended).end).toEqual({ how: 'aborted' })
    await Promise.all(pids.map(gone))
  })

  it('removes the temporary folder too', async () => {
    const controller = new AbortController()
    const ended = run('echo "$TMPDIR" > tmp; echo $$ > pid; sleep 100', { signal: controller.signal })
    await pidIn('pid')
    const tmp = (await readFile(join(cwd, 'tmp'), 'utf8')).trim()
    expect(existsSync(tmp)).toBe(true)
    controller.abort()
    await ended
    expect(existsSync(tmp)).toBe(false)
  })
})

describe('a program that is talked with', () => {
  it('is given more on stdin as it goes on, until that is closed', async () => {
    const lines: string[] = []
    let input: ProgramInput | undefined
    const { end } = await run('while read -r word; do echo "heard $word"; done; echo over', {
      stdin: (opened) => {
        input = opened
        opened.write('one\n')
      },
      line: (line) => {
        lines.push(line)
        if (line === 'heard one') input?.write('two\n')
        if (line === 'heard two') input?.close()
      },
    })
    expect(end).toEqual({ how: 'exited', code: 0 })
    expect(lines).toEqual(['heard one', 'heard two', 'over'])
    // It is gone: nobody reads this, and nobody minds.
    input?.write('three\n')
    input?.close()
  })

  it('may end with its stdin still open, and with much on its way to it', async () => {
    const ended = await run('exit 3', { stdin: (input) => input.write('x'.repeat(1_000_000)) })
    expect(ended.end).toEqual({ how: 'exited', code: 3 })
  })

  it('is ended by an abort while its stdin is open', async () => {
    const controller = new AbortController()
    const ended = run('echo $$ > pid; cat', { signal: controller.signal, stdin: () => undefined })
    const pid = await pidIn('pid')
    controller.abort()
    expect((await ended).end).toEqual({ how: 'aborted' })
    await gone(pid)
  })
})

describe('a program that asks', () => {
  const echo = { longest_line: 100, answer: async (line: string | undefined) => `re: ${line}` }

  it('is answered line by line, in the order in which it asked', async () => {
    const { stdout } = await run('printf "one\\ntwo\\r\\n" >&3; echo three >&3; for i in 1 2 3; do read -r answer <&4; echo "$answer"; done', { channel: echo })
    expect(stdout).toBe('re: one\nre: two\nre: three\n')
  })

  it('reads an answer of several lines as one', async () => {
    const channel = { longest_line: 100, answer: async () => 'yes,\r\nbut\n\nlater' }
    expect((await run('echo "?" >&3; read -r answer <&4; echo "$answer"', { channel })).stdout).toBe('yes, but later\n')
  })

  it('is answered to an empty line and to one that is too long, whose text nobody gets', async () => {
    const { stdout } = await run(`echo >&3; printf '%0200d\\n' 1 >&3; echo fine >&3; for i in 1 2 3; do read -r answer <&4; echo "$answer"; done`, { channel: echo })
    expect(stdout).toBe('re: undefined\nre: undefined\nre: fine\n')
  })

  it('has asked nothing with a line that it did not end', async () => {
    const answer = vi.fn(async () => '')
    await run('printf half >&3', { channel: { longest_line: 100, answer } })
    expect(answer).not.toHaveBeenCalled()
  })

  it('waits when it asks faster than it is answered', async () => {
    let open = 0
    let most = 0
    const channel = {
      longest_line: 100,
      answer: async () => {
        most = Math.max(most, (open += 1))
        await new Promise((resolve) => setImmediate(resolve))
        open -= 1
        return 'ok'
      },
    }
    const { stdout } = await run('i=0; while [ $i -lt 500 ]; do echo "$i" >&3; i=$((i+1)); done & i=0; while [ $i -lt 500 ]; do read -r answer <&4; i=$((i+1)); done; echo "$i $answer"', { channel })
    expect(stdout).toBe('500 ok\n')
    expect(most).toBe(1)
  })

  it('keeps nobody waiting with a flood of lines, and is asked for no more than it reads the answers of', async () => {
    const controller = new AbortController()
    let answered = 0
    let turns = 0
    const channel = {
      longest_line: 100,
      answer: async () => {
        if (answered++ === 0) setImmediate(function count() {
          turns += 1
          if (!controller.signal.aborted) setImmediate(count)
        })
        return 'x'.repeat(50_000)
      },
    }
    const ended = run('yes "" >&3', { signal: controller.signal, channel })
    await vi.waitFor(() => expect(turns).toBeGreaterThan(1000), { timeout: 10_000 })
    controller.abort()
    expect((await ended).end).toEqual({ how: 'aborted' })
    // What the system keeps for the program holds a few, and our own memory none.
    expect(answered).toBeLessThan(50)
  })

  it('may end without having read its answer, or before there is one', async () => {
    expect((await run('echo "?" >&3; exit 3', { channel: echo })).end).toEqual({ how: 'exited', code: 3 })
    expect((await run('echo "?" >&3; exit 3', { channel: { longest_line: 100, answer: () => new Promise(() => undefined) } })).end).toEqual({ how: 'exited', code: 3 })
  })

  it('is ended by an abort while it waits for an answer, and what it has started too', async () => {
    const controller = new AbortController()
    const asked = vi.fn(() => new Promise<string>(() => undefined))
    const ended = run('sleep 100 & echo $! > child; echo $$ > parent; echo "?" >&3; read -r answer <&4', { signal: controller.signal, channel: { longest_line: 100, answer: asked } })
    await vi.waitFor(() => expect(asked).toHaveBeenCalled(), { timeout: 10_000 })
    const pids = [await pidIn('child'), await pidIn('parent')]
    controller.abort()
    expect((await ended).end).toEqual({ how: 'aborted' })
    await Promise.all(pids.map(gone))
  })

  it('does not have its end held back by what it has left, and that holds the descriptors', async () => {
    const { end, stdout } = await run('sleep 100 & echo $!', { channel: echo })
    expect(end).toEqual({ how: 'exited', code: 0 })
    await gone(Number(stdout))
  })

  it('has these descriptors only where it may ask', async () => {
    const command = 'if (: >&3) 2>/dev/null; then echo open; else echo closed; fi'
    expect((await run(command, { channel: echo })).stdout).toBe('open\n')
    expect((await run(command)).stdout).toBe('closed\n')
  })
})
