import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mayDo, Role, Who, type Action } from '../../src/core/caller.ts'

const ACTIONS: Action[] = ['read', 'operate', 'administer']

describe('who may do what', () => {
  it.each([
    ['viewer', ['read']],
    ['operator', ['read', 'operate']],
    ['admin', ['read', 'operate', 'administer']],
  ] as const)('%s: %j, in every project and in none', (role, allowed) => {
    for (const project of ['notes', undefined]) expect(ACTIONS.filter((action) => mayDo({ role }, action, project))).toEqual(allowed)
  })

  it('whoever is limited to projects does there what the role allows, and elsewhere nothing', () => {
    const names = fc.constantFrom('notes', 'shop', 'site')
    const any = fc.record({ role: fc.constantFrom(...Role.options), projects: fc.uniqueArray(names, { minLength: 1 }), action: fc.constantFrom(...ACTIONS), project: names })
    fc.assert(
      fc.property(any, ({ role, projects, action, project }) => {
        expect(mayDo({ role, projects }, action, project)).toBe(projects.includes(project) && mayDo({ role }, action, project))
        expect(mayDo({ role, projects }, action, undefined)).toBe(false)
      }),
    )
  })
})

it.each(['ana', 'Ana María', 'ana@example.org', '学', 'x'.repeat(64), 'DOMAIN\\ana'])('"%s" is a name', (name) => {
  expect(Who.safeParse(name).success).toBe(true)
})

it.each(['', ' ', ' ana', 'ana ', 'a\nb', 'a\u001b[31mb', 'a\u202eb', 'a\u2028b', 'a\u0000b', 'x'.repeat(65)])('%j is none', (name) => {
  expect(Who.safeParse(name).success).toBe(false)
})
