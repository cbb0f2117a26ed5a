// Writes config.schema.json, which config.example.json names and editors read: npm run schema
import { writeFile } from 'node:fs/promises'
import { configJsonSchema } from '../src/app/config.ts'

await writeFile('config.schema.json', `${JSON.stringify(configJsonSchema(), null, 2)}\n`)
