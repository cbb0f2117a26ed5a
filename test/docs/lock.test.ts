import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'

type Entry = { optionalDependencies?: Record<string, string> }

it('the lock file names the binaries of every platform, or npm ci refuses it there (scripts/complete-lock.mjs adds them)', async () => {
  const { packages } = JSON.parse(await readFile('package-lock.json', 'utf8')) as { packages: Record<string, Entry> }
  const wanted = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) => Object.keys(optionalDependencies).map((name) => ({ path, name })))
  expect(wanted.length).toBeGreaterThan(50)
  const missing = wanted.filter(({ path, name }) => packages[`node_modules/${name}`] === undefined && packages[`${path}/node_modules/${name}`] === undefined)
  expect(missing).toEqual([])
})
