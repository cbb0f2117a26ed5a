import { describe, expect, it } from 'vitest'
import { childEnvironment } from '../../src/process/environment.ts'

describe('the environment of a program that we start', () => {
  const ours = { PATH: '/bin', API_KEY: 'k', EMPTY: '', UNSET: undefined }

  it('is ours without the secrets', () => {
    expect(childEnvironment(ours, { remove: ['API_KEY', 'NOT_SET'], add: {} })).toEqual({ PATH: '/bin', EMPTY: '' })
  })

  it('has what is added, which wins', () => {
    expect(childEnvironment(ours, { remove: ['API_KEY'], add: { PATH: '/usr/bin', API_KEY: 'another' } })).toEqual({
      PATH: '/usr/bin',
      EMPTY: '',
      API_KEY: 'another',
    })
  })
})
