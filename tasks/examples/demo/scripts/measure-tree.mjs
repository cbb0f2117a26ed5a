// Counts files and lines below a folder, room by room: node measure-tree.mjs FOLDER
import { readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'

const folder = process.argv[2] ?? 'src'
const entries = await readdir(folder, { recursive: true, withFileTypes: true })
const rooms = new Map()
for (const entry of entries.filter((entry) => entry.isFile() && /\.(ts|tsx|mjs)$/.test(entry.name))) {
  const path = join(entry.parentPath, entry.name)
  const [first, second] = relative(folder, path).split(sep)
  const room = second === undefined ? '(top)' : first
  const lines = (await readFile(path, 'utf8')).split('\n').length - 1
  const sum = rooms.get(room) ?? { files: 0, lines: 0 }
  rooms.set(room, { files: sum.files + 1, lines: sum.lines + lines })
}

const rows = [...rooms].sort((a, b) => b[1].lines - a[1].lines)
const total = rows.reduce((sum, [, { files, lines }]) => ({ files: sum.files + files, lines: sum.lines + lines }), { files: 0, lines: 0 })
console.log(`${folder}: ${total.files} files, ${total.lines} lines`)
for (const [room, { files, lines }] of rows) console.log(`${room.padEnd(12)} ${String(files).padStart(4)} files ${String(lines).padStart(6)} lines`)
