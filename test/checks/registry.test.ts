import { describe, expect, it, vi } from 'vitest'
import { useChecks } from './subject.ts'

const loaded = vi.hoisted(() => new Set<string>())
vi.mock('ajv', async (original) => {
  loaded.add('ajv')
  return { ...(await original<object>()) }
})
vi.mock('../../src/process/run-program.ts', async (original) => {
  loaded.add('run-program')
  return { ...(await original<object>()) }
})

const { check } = useChecks()

describe('the checks of a task', () => {
  it('are known by their names, which loads nothing that runs them', async () => {
    const { vocabulary } = await import('../../src/checks/registry.ts')
    expect(Object.keys(vocabulary).sort()).toEqual([
      'command',
      'contains',
      'files',
      'json_schema',
      'matches',
      'max_length',
      'min_length',
    ])
    expect([...loaded]).toEqual([])
    await check({ json_schema: {}, command: 'true' }, { text: '{}' })
    expect([...loaded].sort()).toEqual(['ajv', 'run-program'])
  })

  it('say what they ask for', async () => {
    const { vocabulary } = await import('../../src/checks/registry.ts')
    for (const schema of Object.values(vocabulary)) expect(schema.description).toMatch(/\w+ \w+/)
  })

  it('give their rows in the order in which they are stated', async () => {
    const rows = await check({ min_length: 1, command: 'true', contains: ['b', 'a'], matches: 'a' }, { text: 'a' })
    expect(rows.map(({ rule, passed }) => `${rule} ${passed}`)).toEqual([
      'min_length true',
      'command true',
      'contains false',
      'contains true',
      'matches true',
    ])
  })

  it('do not pass when they ask for what this version does not know', async () => {
    expect(await check({ smells_good: true, min_length: 'ten' })).toMatchObject([
      { rule: 'smells_good', found: 'this version has no such check', passed: false },
      { rule: 'min_length', found: expect.stringContaining('expected number'), passed: false },
    ])
  })
})
