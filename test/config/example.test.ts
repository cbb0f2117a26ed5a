import { copyFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { configJsonSchema } from '../../src/app/config.ts'
import { openWorkspace } from '../../src/app/workspace.ts'
import { tempDir } from '../temp-dir.ts'

type JsonSchema = { description?: string; properties?: Record<string, JsonSchema>; oneOf?: JsonSchema[]; additionalProperties?: JsonSchema | boolean; items?: JsonSchema }

const schema = configJsonSchema() as JsonSchema

it('config.example.json is a configuration that works', async () => {
  const dir = await tempDir()
  await copyFile('config.example.json', join(dir, 'config.json'))
  expect(await openWorkspace(dir, {}, { OPENWEBUI_API_KEY: 'a-key' })).toMatchObject({ project: 'notes-api', configured: true })
})

it('config.example.json shows every key there is', async () => {
  const example: unknown = JSON.parse(await readFile('config.example.json', 'utf8'))
  const absent = Object.entries(schema.properties ?? {}).flatMap(([key, { properties }]) => {
    const section = (example as Record<string, object>)[key]
    if (section === undefined) return [key]
    return Object.keys(properties ?? {}).filter((name) => !(name in section)).map((name) => `${key}.${name}`)
  })
  expect(absent).toEqual([])
})

it('config.schema.json is what the program checks by (npm run schema writes it)', async () => {
  expect(JSON.parse(await readFile('config.schema.json', 'utf8'))).toEqual(schema)
})

it('every key is described', () => {
  const bare: string[] = []
  const walk = (node: JsonSchema, path: string) => {
    for (const [key, property] of Object.entries(node.properties ?? {})) {
      if (property.description === undefined) bare.push(`${path}${key}`)
      walk(property, `${path}${key}.`)
    }
    for (const variant of node.oneOf ?? []) walk(variant, `${path}*.`)
    if (typeof node.additionalProperties === 'object') walk(node.additionalProperties, `${path}*.`)
    if (node.items !== undefined) walk(node.items, `${path}[].`)
  }
  walk(schema, '')
  expect(bare).toEqual([])
})
