// Bundles src/main.ts into dist/: one small entry and a chunk for each command.
import { readFile, rm } from 'node:fs/promises'
import { build } from 'esbuild'
import { bundling } from './bundling.mjs'

const { version } = JSON.parse(await readFile('package.json', 'utf8'))

await rm('dist', { recursive: true, force: true })
await build({ ...bundling(version), entryPoints: ['src/main.ts'], outdir: 'dist' })
