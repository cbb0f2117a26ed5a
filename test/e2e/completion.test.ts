import { execFileSync } from 'node:child_process'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { NO_PTY, startInPty } from '../pty/terminal.ts'
import { testWorkspace } from './workspace.ts'

/*
 * Real shells complete what somebody has begun to type.
 */

const noShell = (name: string): string | undefined => {
  try {
    execFileSync(name, ['-c', ':'], { stdio: 'ignore' })
    return undefined
  } catch {
    return `${name} is not installed`
  }
}
const NO_BASH = noShell('bash')
const NO_ZSH = noShell('zsh') ?? NO_PTY
const NO_FISH = noShell('fish')

/** A workspace with a run of a few tasks, a folder with `tutti` in it, and the shells' scripts. */
async function world() {
  const here = await testWorkspace({})
  await here.write('plan.yaml', 'tasks:\n  - { id: deploy-site, command: "true" }\n  - { id: deploy-docs, command: "true" }\n  - { id: build, command: "true" }\n')
  await here.tutti(['run', 'plan.yaml'])
  const bin = join(here.dir, 'bin')
  await mkdir(bin)
  await writeFile(join(bin, 'tutti'), `#!/bin/sh\nexec ${process.execPath} ${resolve('dist/main.js')} "$@"\n`)
  await chmod(join(bin, 'tutti'), 0o755)
  const env = { PATH: `${bin}:${process.env['PATH']}`, HOME: here.dir, LANG: 'C.UTF-8', TERM: 'xterm' }
  return { here, env, run: await here.run() }
}

/** What is typed, and what is offered then: all of it, or a part. */
type Case = readonly [typed: string, offered: readonly string[], how: 'all' | 'among others']
const CASES: readonly Case[] = [
  ['tutti appr', ['approve'], 'all'],
  ['tutti re', ['resume', 'reject', 'retry', 'rerun', 'replay'], 'all'],
  ['tutti approve deploy', ['deploy-site', 'deploy-docs'], 'all'],
  ['tutti approve build dep', ['deploy-site', 'deploy-docs'], 'all'],
  ['tutti approve --comment fine --by ada bui', ['build'], 'all'],
  ['tutti retry --with', ['--with-descendants'], 'all'],
  ['tutti priority build ', ['low', 'medium', 'high', 'critical'], 'all'],
  ['tutti graph --format m', ['mermaid'], 'all'],
  ['tutti cache ', ['stats', 'prune'], 'all'],
  ['tutti cache prune --max', ['--max-size'], 'all'],
  ['tutti completion ', ['bash', 'zsh', 'fish'], 'all'],
  ['tutti run pla', ['plan.yaml'], 'among others'],
]

const sorted = (words: readonly string[]) => [...words].sort()

describe.skipIf(NO_BASH !== undefined)(`bash (${NO_BASH ?? 'the real one'})`, () => {
  it('is offered commands, options, choices, tasks and runs', async () => {
    const { here, env, run } = await world()
    const script = `source <(tutti completion bash)
      for typed in "$@"; do
        read -ra COMP_WORDS <<< "$typed"; [[ $typed == *' ' ]] && COMP_WORDS+=('')
        COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _tutti; echo "\${COMPREPLY[@]}"
      done`
    const cases: readonly Case[] = [
      ...CASES.filter(([, , how]) => how === 'all'),
      ['tutti logs ', [run.id], 'all'],
      [`tutti logs ${run.id} bu`, ['build'], 'all'],
      ['tutti events --task bu', ['build'], 'all'],
      // It is about files, which bash completes by itself.
      ['tutti run pla', [], 'all'],
      [`tutti approve --workspace ${join(here.dir, 'tasks')} b`, [], 'all'],
    ]
    const lines = execFileSync('bash', ['-c', script, 'bash', ...cases.map(([typed]) => typed)], { cwd: here.dir, env, encoding: 'utf8' }).split('\n')
    cases.forEach(([typed, words], index) => expect([typed, sorted((lines[index] ?? '').split(' ').filter((word) => word !== ''))]).toEqual([typed, sorted(words)]))
  })

  it.skipIf(NO_PTY !== undefined)('completes while somebody types', async () => {
    const { here, env } = await world()
    const terminal = startInPty(['bash', '--norc', '--noprofile', '-i'], { cwd: here.dir, env: { ...env, PS1: 'ready> ' } })
    await terminal.until(([first]) => first?.trimEnd() === 'ready>')
    terminal.keys('source <(tutti completion bash); clear\r')
    await terminal.until((screen) => screen.join('').trim() === 'ready>')
    terminal.keys('tutti appr\tdeploy-s\t')
    await terminal.until(([first]) => first?.trimEnd() === 'ready> tutti approve deploy-site')
    terminal.keys('\u0015tutti run pla\t')
    await terminal.until(([first]) => first?.trimEnd() === 'ready> tutti run plan.yaml')
  })
})

describe.skipIf(NO_FISH !== undefined)(`fish (${NO_FISH ?? 'the real one'})`, () => {
  it('is offered commands, options, choices, tasks and runs', async () => {
    const { here, env, run } = await world()
    const cases: readonly Case[] = [
      ...CASES.filter(([typed]) => !typed.startsWith('tutti priority')),
      ['tutti priority build hi', ['high'], 'all'],
      ['tutti show ', [run.id], 'all'],
      ['tutti events --task bu', ['build'], 'all'],
    ]
    const script = 'tutti completion fish | source; for typed in $argv; complete -C $typed; echo end; end'
    const told = execFileSync('fish', ['-c', script, ...cases.map(([typed]) => typed)], { cwd: here.dir, env, encoding: 'utf8' }).split('end\n')
    cases.forEach(([typed, words, how], index) => {
      const offered = (told[index] ?? '').split('\n').filter((line) => line !== '').map((line) => line.split('\t')[0] ?? '')
      expect([typed, sorted(offered)]).toEqual([typed, how === 'all' ? sorted(words) : expect.arrayContaining([...words])])
    })
  })
})

describe.skipIf(NO_ZSH !== undefined)(`zsh (${NO_ZSH ?? 'the real one'})`, () => {
  it('completes while somebody types', async () => {
    const { here, env } = await world()
    await writeFile(join(here.dir, '.zshrc'), `PS1='ready> '\nautoload -U compinit\ncompinit -u -D\nsource <(tutti completion zsh)\nunsetopt beep\n`)
    const terminal = startInPty(['zsh', '-i'], { cwd: here.dir, env })
    await terminal.until((screen) => screen.some((line) => line.startsWith('ready>')))
    const completes = async (typed: string, becomes: string) => {
      terminal.keys(`\u0015${typed}\t`)
      await terminal.until((screen) => screen.some((line) => line.trimEnd() === `ready> ${becomes}`))
    }
    await completes('tutti appr', 'tutti approve')
    await completes('tutti approve deploy-s', 'tutti approve deploy-site')
    await completes('tutti approve --comment fine build deploy-d', 'tutti approve --comment fine build deploy-docs')
    await completes('tutti retry --with', 'tutti retry --with-descendants')
    await completes('tutti priority build cr', 'tutti priority build critical')
    await completes('tutti graph --format me', 'tutti graph --format mermaid')
    await completes('tutti cache pr', 'tutti cache prune')
    await completes('tutti run pla', 'tutti run plan.yaml')
    await completes('tutti events --task bu', 'tutti events --task build')
  })
})
