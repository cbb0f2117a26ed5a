import { describe, expect, it } from 'vitest'
import type { CheckSpec } from '../../src/core/task.ts'
import { useChecks } from './subject.ts'

const { check } = useChecks()

const schema = {
  type: 'object',
  required: ['name'],
  properties: { name: { type: 'string' }, tags: { type: 'array', items: { enum: ['a', 'b'] } } },
  additionalProperties: false,
}
const held = (text: string, json_schema: CheckSpec['value'] = schema) => check({ json_schema }, { text })

describe('json_schema', () => {
  it('passes when the whole answer fits', async () => {
    expect(await held(' {"name": "x", "tags": ["a"]}\n')).toEqual([
      { rule: 'json_schema', expected: 'JSON that fits the schema', found: 'it fits', passed: true },
    ])
  })

  it('looks at the first fenced json block otherwise', async () => {
    const answer = 'Here:\n\n```ts\nlet a\n```\n\n```json\n{"name": "x"}\n```\n\n```json\n{}\n```\n'
    expect(await held(answer)).toMatchObject([{ passed: true }])
  })

  it('gives a row for each place that does not fit, in words to act on', async () => {
    expect(await held('{"tags": ["a", "c", 7], "extra": 1}')).toEqual([
      {
        rule: 'json_schema',
        expected: `JSON that must have required property 'name'; must not have the property "extra"`,
        found: '{"tags":["a","c",7],"extra":1}',
        passed: false,
      },
      { rule: 'json_schema', expected: 'JSON whose value at "/tags/1" must be one of ["a","b"]', found: '"c"', passed: false },
      { rule: 'json_schema', expected: 'JSON whose value at "/tags/2" must be one of ["a","b"]', found: '7', passed: false },
    ])
  })

  it('gives ten rows at most, each of them short', async () => {
    const rows = await held(JSON.stringify({ name: 'x', tags: Array.from({ length: 50 }, () => 'long '.repeat(100)) }))
    expect(rows).toHaveLength(10)
    for (const { found } of rows) expect(found.length).toBeLessThanOrEqual(200)
  })

  it('finds values behind names that need escaping', async () => {
    const rows = await held('{"a/b~c": "x"}', { properties: { 'a/b~c': { type: 'number' } } })
    expect(rows).toMatchObject([{ expected: 'JSON whose value at "/a~1b~0c" must be number', found: '"x"' }])
  })

  it('asks for JSON when there is none', async () => {
    const expected = 'JSON, as the whole answer or in a fenced json block'
    expect(await held('I would rather not.')).toMatchObject([{ expected, found: 'an answer without JSON', passed: false }])
    expect(await held('')).toMatchObject([{ expected, passed: false }])
  })

  it('says what is wrong with JSON that is broken', async () => {
    expect(await held('{"name": ')).toMatchObject([{ found: expect.stringContaining('JSON input'), passed: false }])
    expect(await held('```json\n{name: 1}\n```')).toMatchObject([{ found: expect.stringContaining('property name'), passed: false }])
  })

  it('says so when the schema itself is not valid', async () => {
    expect(await held('{}', { type: 'no-such-type' })).toMatchObject([
      { found: expect.stringContaining('the schema itself is not valid'), passed: false },
    ])
    expect(await held('{}', { $ref: '#/definitions/missing' })).toMatchObject([{ passed: false }])
  })

  it('reads a schema of draft 2020-12 that says so', async () => {
    const tuple = { $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'array', prefixItems: [{ type: 'number' }] }
    expect(await held('[1]', tuple)).toMatchObject([{ passed: true }])
    expect(await held('["x"]', tuple)).toMatchObject([{ expected: 'JSON whose value at "/0" must be number', passed: false }])
  })

  it('lets formats and words that it does not know pass', async () => {
    expect(await held('"x"', { type: 'string', format: 'made-up', 'x-note': 1 })).toMatchObject([{ passed: true }])
  })

  it('gives up on a pattern that would run for ever', async () => {
    const rows = await held(JSON.stringify(`${'a'.repeat(50)}!`), { type: 'string', pattern: '^(a+)+$' })
    expect(rows).toMatchObject([{ found: expect.stringContaining('longer than 1 s'), passed: false }])
  })
})
