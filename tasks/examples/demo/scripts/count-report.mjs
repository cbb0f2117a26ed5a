// Counts the words and headings of the report that the task before this one wrote.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

const path = join(process.env.TUTTI_RUN_DIR ?? '.', 'outputs', 'write-report', 'report.md')
const text = await readFile(path, 'utf8')
const words = text.split(/\s+/).filter((word) => word !== '').length
const headings = text.split('\n').filter((line) => line.startsWith('#')).length
console.log(`report.md: ${words} words under ${headings} headings`)
