import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Config } from '../../src/app/config.ts'
import { openWorkspace } from '../../src/app/workspace.ts'
import { loadConfig } from '../../src/config/load.ts'
import { tempDir } from '../temp-dir.ts'

async function load(text: string) {
  const dir = await tempDir()
  await writeFile(join(dir, 'config.json'), text)
  return loadConfig(dir, Config)
}

/** What is wrong with a configuration, as a person reads it. */
async function problems(value: unknown) {
  const loaded = await load(typeof value === 'string' ? value : JSON.stringify(value, null, 2))
  return loaded.result === 'broken' ? loaded.problems.map(({ file, line, column, message }) => `${file}:${line}:${column} ${message}`) : []
}

describe('a configuration', () => {
  it('is not needed: every key has a default', async () => {
    const loaded = await loadConfig(await tempDir(), Config)
    expect(loaded).toMatchObject({
      result: 'config',
      found: false,
      config: {
        providers: {},
        budget: { daily_usd: null, warn_at_pct: 80, on_limit: 'hold', time_zone: 'UTC' },
        execution: { max_concurrent: 3, timeout_s: 300, retries: 2 },
        approval: { mode: 'required' },
        context: { max_chars: 4000 },
      },
    })
  })

  it('names the key, its place and what was expected', async () => {
    expect(await problems('{\n  "execution": { "max_concurrent": "three" }\n}')).toEqual([
      'config.json:2:18 execution.max_concurrent: has to be a number, and is "three"',
    ])
    expect(await problems({ providers: { a: { type: 'agent' } } })).toEqual(['config.json:3:5 providers.a.program: is missing; it has to be a text'])
    expect(await problems({ providers: { a: { type: 'olama' }, b: {} } })).toEqual([
      expect.stringMatching(/^config\.json:4:7 providers\.a\.type: has to be one of openai, .*\(did you mean "ollama"\?\), and is "olama"$/),
      expect.stringMatching(/^config\.json:6:5 providers\.b\.type: is missing; it has to be one of openai, /),
    ])
    expect(await problems({ budget: { on_limit: 'holdd' } })).toEqual(['config.json:3:5 budget.on_limit: has to be one of hold, downgrade, stop (did you mean "hold"?), and is "holdd"'])
  })

  it('does not repeat a text that stands where a map belongs: it may be a secret', async () => {
    expect(await problems({ providers: { cloud: 'sk-very-secret' } })).toEqual(['config.json:3:5 providers.cloud: has to be a map, and is a text'])
  })

  it('names a key that it does not know', async () => {
    expect(await problems('{\n  "excution": {}\n}')).toEqual(['config.json:2:3 excution: this key is not known here; did you mean "execution"?'])
  })

  it.each<[object, string]>([
    [{ tiers: { local: [{ provider: 'ollama', modle: 'x' }] } }, 'tiers.local[0].modle: this key is not known here; did you mean "model"? (the keys here are provider, model)'],
    [{ cache: { max_size: 1 } }, 'cache.max_size: this key is not known here; the only key here is mode'],
    [{ budget: { daily: 1 } }, 'budget.daily: this key is not known here; did you mean "daily_usd"?'],
    [{ providers: { x: { type: 'claude-code', sandbox: 'read-only' } } }, 'providers.x.sandbox: this key is not known here; config.schema.json lists those that are'],
    [{ providers: { x: { type: 'codex', sandbx: 'read-only' } } }, 'providers.x.sandbx: this key is not known here; did you mean "sandbox"?'],
    [{ tires: {} }, 'tires: this key is not known here; did you mean "tiers"?'],
  ])('suggests only what may stand there: %j', async (config, message) => {
    expect((await problems(config)).map((problem) => problem.replace(/^\S+ /, ''))).toEqual([message])
  })

  it('names the keys of a price', async () => {
    const found = await problems({ prices: { big: { input: 3, output_per_mtok: 15 } } })
    expect(found.map((problem) => problem.replace(/^\S+ /, ''))).toEqual([
      'prices.big.input_per_mtok: is missing; it has to be a number',
      'prices.big.input: this key is not known here; did you mean "input_per_mtok"? (the keys here are input_per_mtok, output_per_mtok, cache_read_per_mtok, cache_write_per_mtok)',
    ])
  })

  it('refuses a tier that names a provider which is not there, or one that runs commands', async () => {
    const providers = { cloud: { type: 'ollama' }, shell: { type: 'command' } }
    expect(await problems({ providers, tiers: { local: [{ provider: 'cluod' }, { provider: 'shell' }, { provider: 'ollama' }, { provider: 'command' }] } })).toEqual([
      'config.json:13:9 tiers.local[0].provider: there is no provider "cluod"; did you mean "cloud"?',
      'config.json:16:9 tiers.local[1].provider: "shell" runs commands, and tiers are for prompts; name a provider that answers them',
      'config.json:22:9 tiers.local[3].provider: "command" runs commands, and tiers are for prompts; name a provider that answers them',
    ])
  })

  it('says where it is not JSON', async () => {
    expect((await problems('{\n  "project": "x",\n  oops\n}'))[0]).toMatch(/^config\.json:3:\d+ this is not valid JSON: expected a value; text needs double quotes, found "oops"/)
  })

  it('refuses a secret in plain text, and does not repeat it', async () => {
    const found = await problems({ providers: { webui: { type: 'openai', base_url: 'http://127.0.0.1:1/v1', api_key: 'sk-very-secret' } } })
    expect(found[0]).toMatch(/^config\.json:6:\d+ providers\.webui\.api_key: a secret does not stand here in plain text/)
    expect(found.join()).not.toContain('very-secret')
  })

  it('refuses a tier that routing names and nobody defines', async () => {
    expect((await problems({ routing: { by_type: { fix: 'complex' } } }))[0]).toContain('routing.by_type.fix: there is no tier "complex"')
  })

  it('knows when a time zone is none', async () => {
    expect((await problems({ budget: { time_zone: 'Mars/Olympus' } }))[0]).toContain('budget.time_zone')
  })
})

describe('the environment', () => {
  const config = JSON.stringify({ providers: { webui: { type: 'openai', base_url: 'http://127.0.0.1:1/v1', api_key: '${MY_KEY}' } } })

  async function open(files: Record<string, string>, env: NodeJS.ProcessEnv = {}) {
    const dir = await tempDir()
    for (const [name, text] of Object.entries(files)) await writeFile(join(dir, name), text)
    const opened = await openWorkspace(dir, {}, env)
    if ('problems' in opened) throw new Error(JSON.stringify(opened.problems))
    return opened
  }

  it('fills in what the configuration refers to, from .env as well, and the process wins', async () => {
    const files = { 'config.json': config, '.env': 'MY_KEY=from-the-file\n' }
    expect((await open(files)).providers['webui']).toMatchObject({ api_key: 'from-the-file' })
    expect((await open(files, { MY_KEY: 'from-the-process' })).providers['webui']).toMatchObject({ api_key: 'from-the-process' })
  })

  it('is told by name when something is missing', async () => {
    expect((await open({ 'config.json': config })).unset.get('webui')).toEqual(['MY_KEY'])
  })

  it('keeps what it filled in out of every text', async () => {
    const { redactor } = await open({ 'config.json': config }, { MY_KEY: 'abc-secret-xyz' })
    expect(redactor.text('the key is abc-secret-xyz')).toBe('the key is [secret MY_KEY]')
  })

  it.each(['TUTTI_PROVIDER', 'PROVIDER'])('chooses the provider of a run by %s', async (name) => {
    expect((await open({}, { [name]: 'ollama', TUTTI_MODEL: 'tiny' })).settings.override).toEqual({ provider: 'ollama', model: 'tiny' })
  })
})

describe('those who are told', () => {
  it.each(['ftp://host/x', 'host/x', 'https://ada:pass@host/x', ''])('are not at %j', async (url) => {
    expect(await problems({ notify: { webhook: { url } } })).toEqual([expect.stringMatching(/^config\.json:4:7 notify\.webhook\.url: has to be an http or https address/)])
  })

  it('have no secret in plain text, and choose from what can be told', async () => {
    const [secret = ''] = await problems({ notify: { webhook: { url: 'https://host/x', secret: 'in-plain-text' } } })
    expect(secret).toMatch(/^config\.json:5:7 notify\.webhook\.secret: a secret does not stand here/)
    expect(secret).not.toContain('in-plain-text')
    expect(await problems({ notify: { webhook: { url: 'https://host/x', events: ['task_failled'] } } })).toEqual([expect.stringContaining('did you mean "task_failed"?')])
  })
})
