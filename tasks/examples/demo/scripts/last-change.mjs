// Prints the newest entry of CHANGELOG.md: from its first "## " heading to the next one.
import { readFile } from 'node:fs/promises'

const [, newest] = (await readFile('CHANGELOG.md', 'utf8')).split(/^(?=## )/m)
if (newest === undefined) throw new Error('CHANGELOG.md has no entry')
console.log(newest.trim())
