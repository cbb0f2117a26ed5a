// Lists what package.json asks for, with the exact versions.
import { readFile } from 'node:fs/promises'

const { dependencies = {}, devDependencies = {} } = JSON.parse(await readFile('package.json', 'utf8'))
for (const [title, packages] of [['dependencies', dependencies], ['devDependencies', devDependencies]]) {
  console.log(`${title}: ${Object.keys(packages).length}`)
  for (const [name, version] of Object.entries(packages)) console.log(`  ${name} ${version}`)
}
