// The floor of watching: the operating system's own watch on each folder, and a look at what it names.
import { watch } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { given, tell } from '../process-cost.ts'

const { dir, drops } = given('fs-watch')
let awaited = { name: '', seen: () => {} }

const before = process.memoryUsage.rss()
const begun = performance.now()
const folders = [join(dir, 'tasks'), join(dir, 'tasks/pending'), join(dir, 'tasks/completed')]
const watchers = folders.map((folder) =>
  watch(folder, (_, name) => {
    if (name !== awaited.name) return
    const { seen } = awaited
    void readFile(join(folder, name), 'utf8').then((text) => text !== '' && seen())
  }),
)
for (const folder of folders) await readdir(folder)
const ready_ms = performance.now() - begun
const grown_mb = (process.memoryUsage.rss() - before) / 2 ** 20

const drop_ms: number[] = []
for (let drop = 0; drop < drops; drop++) {
  const name = `dropped-${drop}.md`
  const isSeen = new Promise<void>((resolve) => (awaited = { name, seen: resolve }))
  const dropped = performance.now()
  await writeFile(join(dir, 'tasks', name), `Say hello for the time ${drop}.\n`)
  await isSeen
  drop_ms.push(performance.now() - dropped)
}
for (const watcher of watchers) watcher.close()
tell('fs-watch', { ready_ms, grown_mb, drop_ms })
