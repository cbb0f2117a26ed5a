import { chmod, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { reloadConfig } from '../../src/app/reload.ts'
import type { Caller } from '../../src/core/caller.ts'
import { aConductor, aGatekeeper, asked, BLOCKED, doorsTo, WAIT } from './world.ts'

const CALLERS: Record<string, Caller> = {
  steer: { who: 'otto', role: 'operator', grant: '1' },
  root: { who: 'ada', role: 'admin', grant: '2' },
  one: { who: 'nora', role: 'admin', projects: ['one'], grant: '3' },
}

async function world() {
  const conductor = await aConductor()
  const { dir } = conductor.workspace
  const { addresses } = await doorsTo(conductor, { listen: '127.0.0.1:0', gatekeeper: aGatekeeper(CALLERS) })
  const change = (patch: unknown, as = 'root') => asked(addresses.http ?? '', '/v1/config', { method: 'PATCH', body: JSON.stringify(patch), headers: { 'content-type': 'application/json', authorization: `Bearer ${as}` } })
  return { conductor, change, path: join(dir, 'config.json') }
}

it('an admin changes a budget over the network: it holds at once, the log tells who, and the file keeps its form', async () => {
  const { conductor, change, path } = await world()
  await writeFile(path, '{\n    "project": "one",\n    "budget": { "daily_usd": 5, "monthly_usd": 90 }\n}\n')
  await chmod(path, 0o640)
  const run = await conductor.begin(`tasks:\n  - { id: slow, command: ${BLOCKED} }\n`)
  expect(await change({ budget: { daily_usd: 7 } })).toMatchObject({ status: 200, json: { changed: expect.arrayContaining(['budget.daily_usd']), events: [{ type: 'settings.changed', by: 'ada' }] } })
  expect(run.handle.state.settings?.budget.day).toBe(7_000_000)
  expect(await readFile(path, 'utf8')).toBe('{\n    "project": "one",\n    "budget": { "daily_usd": 7, "monthly_usd": 90 }\n}\n')
  expect((await stat(path)).mode & 0o777).toBe(0o640)
})

it('nobody else may: no operator, and no admin of one project', async () => {
  const { change, path } = await world()
  const before = await readFile(path, 'utf8')
  for (const as of ['steer', 'one']) expect(await change({ budget: { daily_usd: 7 } }, as)).toMatchObject({ status: 403 })
  expect(await readFile(path, 'utf8')).toBe(before)
})

it('what cannot be used is refused with the reason, and the file stays as it was', async () => {
  const { change, path } = await world()
  const before = await readFile(path, 'utf8')
  const refusals: [patch: unknown, reason: RegExp][] = [
    [{ budget: { daily_usd: -1 } }, /budget\.daily_usd/],
    [{ budget: { dayly_usd: 1 } }, /did you mean|unknown|dayly_usd/],
    [{ tiers: { best: [{ provider: 'nobody' }] } }, /nobody/],
    // Another program, another place for what happens: these are for whoever can write the file.
    [{ providers: { own: { type: 'agent', command: 'rm' } } }, /providers holds only once/],
    [{ notify: { webhook: 'https://evil.example.org' } }, /notify holds only once/],
    [{ execution: { max_concurrent: 2, shell: 'x' } }, /execution\.shell holds only once/],
  ]
  for (const [patch, reason] of refusals) {
    const { status, json } = await change(patch)
    expect({ patch, status, message: json.error.message }).toEqual({ patch, status: expect.toBeOneOf([400, 409]), message: expect.stringMatching(reason) })
  }
  expect(await change(JSON.parse('{"__proto__": {"admin": true}}'))).toMatchObject({ status: 200, json: { changed: [] } })
  expect(await readFile(path, 'utf8')).toBe(before)
})

it('changes at the same time all hold, and whoever follows the file is told of none twice', async () => {
  const { conductor, change, path } = await world()
  await writeFile(path, '{}')
  const told: string[] = []
  const end = reloadConfig(conductor, ({ changed }) => void told.push(...changed))
  const run = await conductor.begin(`tasks:\n  - { id: slow, command: ${BLOCKED} }\n`)
  const patches = [{ budget: { daily_usd: 7 } }, { budget: { monthly_usd: 70 } }, { execution: { max_concurrent: 2 } }]
  for (const { status } of await Promise.all(patches.map((patch) => change(patch)))) expect(status).toBe(200)
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({ budget: { daily_usd: 7, monthly_usd: 70 }, execution: { max_concurrent: 2 } })
  // The file's own watcher comes round after it, and has nothing more to tell.
  await writeFile(path, '{ "budget": { "daily_usd": 9 } }')
  await vi.waitFor(() => expect(told).toContain('budget.daily_usd'), WAIT)
  end()
  expect(run.handle.state.settings?.budget.day).toBe(9_000_000)
  expect(told).toEqual([...new Set(told)])
})
