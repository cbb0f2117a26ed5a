import { access, readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { vocabulary } from '../../src/checks/registry.ts'
import { scanFences } from '../../src/core/fences.ts'
import { parseTaskFile } from '../../src/tasks/parse-task-file.ts'
import { COMMANDS } from '../../src/tui/commands.ts'
import { keyName } from '../../src/tui/keymap.ts'
import { testWorkspace } from '../e2e/workspace.ts'

const README = await readFile('README.md', 'utf8')
const CHANGELOG = await readFile('CHANGELOG.md', 'utf8')
const fences = scanFences(README)
const options = { checks: vocabulary, params: {}, max_prompt_bytes: 1_000_000 }

describe('the README', () => {
  it('begins with the two commands, and they are scripts of the package', async () => {
    const { scripts } = JSON.parse(await readFile('package.json', 'utf8')) as { scripts: Record<string, string> }
    const commands = fences[0]?.content.split('\n').map((line) => line.replace(/\s*#.*$/, '')) ?? []
    expect(commands.filter((line) => line !== '')).toEqual(['npm ci && npm run demo', 'npm ci && npm test'])
    expect(scripts).toMatchObject({ demo: expect.any(String), test: expect.any(String) })
  })

  it.each(fences.filter(({ info }) => ['markdown', 'yaml'].includes(info)).map(({ info, content, line }) => [line, info, content] as const))(
    'shows in line %i a task file that is read without a warning',
    (_, info, content) => {
      const parsed = parseTaskFile({ file: info === 'yaml' ? 'plan.yaml' : 'task.md', text: content }, options)
      expect(parsed).toMatchObject({ result: 'plan', warnings: [] })
    },
  )

  it.each(fences.filter(({ info }) => info === 'json').map(({ content, line }) => [line, content] as const))(
    'shows in line %i a configuration that works',
    async (_, content) => {
      const workspace = await testWorkspace(JSON.parse(content) as object)
      expect(await workspace.tutti(['budget'])).toMatchObject({ code: 0, stderr: '' })
    },
  )

  it('names every command that it uses as the program knows it', async () => {
    const workspace = await testWorkspace()
    const help = (await workspace.tutti(['--help'])).stdout
    const used = new Set([...README.matchAll(/\btutti ([a-z][a-z-]+)/g)].map(([, name]) => name ?? ''))
    const known = new Set([...help.matchAll(/^ {2}([a-z][a-z-]+)/gm)].map(([, name]) => name ?? ''))
    expect([...used].filter((name) => !known.has(name))).toEqual([])
  })

  it('explains keys that task files know', () => {
    const table = README.slice(README.indexOf('| key | meaning |'), README.indexOf('Commands find their run'))
    const keys = [...table.matchAll(/^\| (.*?) \|/gm)].flatMap(([, cell]) => [...(cell ?? '').matchAll(/`([a-z_]+)/g)].map(([, key]) => key ?? ''))
    expect(keys.length).toBeGreaterThan(15)
    const front = keys.map((key) => `${key}: ""`).join('\n')
    const parsed = parseTaskFile({ file: 'task.md', text: `---\n${front}\n---\nHello.\n` }, options)
    const unknown = (parsed.result === 'plan' ? parsed.warnings : parsed.problems).filter(({ message }) => message.includes('is not a key that Tutti knows'))
    expect(unknown).toEqual([])
  })

  it('names keys of the screen that do something there', () => {
    const table = README.slice(README.indexOf('| key | does |'), README.indexOf('What destroys asks first'))
    const named = [...table.matchAll(/^\| (.*?) \|/gm)].flatMap(([, cell]) => [...(cell ?? '').matchAll(/`([^`]+)`/g)].map(([, key]) => key ?? ''))
    const keys = new Set(COMMANDS.flatMap((row) => row.keys.map(keyName)))
    expect(named.length).toBeGreaterThan(20)
    expect(named.filter((key) => !keys.has(key))).toEqual([])
  })

  it('links to nothing that is not there', async () => {
    const links = [...README.matchAll(/\]\(((?!http)[^)#]+)\)/g)].map(([, path]) => path ?? '')
    expect(links.length).toBeGreaterThan(5)
    for (const path of links) await access(path)
  })
})

it('the changelog begins with the version of the package', async () => {
  const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string }
  expect(CHANGELOG).toMatch(new RegExp(`^## ${version.replaceAll('.', '\\.')} `, 'm'))
})
