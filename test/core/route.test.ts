import { describe, expect, it } from 'vitest'
import { chooseRoute } from '../../src/core/route.ts'
import { settings, task } from './specs.ts'

const configured = settings({
  providers: {
    local: { type: 'ollama', model: 'small' },
    cloud: { type: 'openai' },
    shell: { type: 'command' },
    rehearsal: { type: 'rehearsal' },
    command: { type: 'command' },
  },
  default_provider: 'local',
  tiers: { cheap: [{ provider: 'local', model: 'medium' }], strong: [{ provider: 'cloud', model: 'large' }, { provider: 'cloud', model: 'huge' }] },
  routing: { default_tier: 'cheap', by_type: { fix: 'strong' }, patience_s: 600 },
})

describe('where a task runs', () => {
  it.each([
    ['the default tier', task('a'), { provider: 'local', model: 'medium', tier: 'cheap' }],
    ['the tier of its type', task('a', { type: 'fix' }), { provider: 'cloud', model: 'large', tier: 'strong' }],
    ['the tier that it names, over its type', task('a', { type: 'fix', tier: 'cheap' }), { provider: 'local', model: 'medium', tier: 'cheap' }],
    ['the provider that it names, over its tier, with the provider’s own model', task('a', { tier: 'strong', provider: 'local' }), { provider: 'local', model: 'small' }],
    ['the model that a tier knows the provider by, where it has none of its own', task('a', { provider: 'cloud' }), { provider: 'cloud', model: 'large' }],
    ['the tier in which the model stands that it names', task('a', { model: 'huge' }), { provider: 'cloud', model: 'huge', tier: 'strong' }],
    ['the default tier’s provider with a model that no tier knows', task('a', { model: 'odd' }), { provider: 'local', model: 'odd', tier: 'cheap' }],
    ['this machine, for a command', task('a', { work: { kind: 'command', command: 'ls' }, tier: 'strong' }), { provider: 'command' }],
    ['a command provider of its own', task('a', { work: { kind: 'command', command: 'ls' }, provider: 'shell' }), { provider: 'shell' }],
  ])('is %s', (_, spec, route) => {
    expect(chooseRoute(spec, configured)).toEqual({ ...route, reason: expect.any(String) })
  })

  it('is what the run was asked for, over everything the task says', () => {
    const asked = { ...configured, override: { provider: 'cloud', model: 'other' } }
    expect(chooseRoute(task('a', { provider: 'local', model: 'small', tier: 'cheap' }), asked)).toMatchObject({ provider: 'cloud', model: 'other' })
    expect(chooseRoute(task('a', { work: { kind: 'command', command: 'ls' } }), asked)).toMatchObject({ provider: 'command' })
  })

  it('is the rehearsal when nothing is configured, and says so', () => {
    expect(chooseRoute(task('a', { model: 'llama3' }), settings())).toEqual({
      provider: 'rehearsal',
      model: 'llama3',
      reason: 'no provider is configured',
    })
  })

  it('says why, in words for a person', () => {
    expect(chooseRoute(task('a', { type: 'fix' }), configured)).toMatchObject({ reason: 'type fix goes to the tier strong' })
  })

  it('is nowhere when the task is a prompt and its provider runs commands', () => {
    expect(chooseRoute(task('a', { provider: 'shell' }), configured)).toMatchObject({ problem: expect.stringContaining('runs commands') })
  })
})
