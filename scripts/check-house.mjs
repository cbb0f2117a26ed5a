// Holds the imports of src/ against the rules of .dependency-cruiser.mjs. A cruiser that cannot
// read the sources reports no violations, so the check also counts what it saw.
import { readdir } from 'node:fs/promises'
import swc from '@swc/core'
import { cruise } from 'dependency-cruiser'
import config from '../.dependency-cruiser.mjs'

// The cruiser lets swc read TypeScript, but never asks it for JSX.
const { parseFileSync } = swc
swc.parseFileSync = (file, options) => parseFileSync(file, { ...options, tsx: file.endsWith('.tsx') })

const sources = (await readdir('src', { recursive: true })).filter((name) => /\.tsx?$/.test(name))
const { options, ...ruleSet } = config
const { output } = await cruise(['src'], { ...options, ruleSet, validate: true })
const { modules, summary } = output

const seen = modules.filter((module) => module.source.startsWith('src/')).length
for (const violation of summary.violations) {
  console.error(`${violation.from} → ${violation.to}\n    breaks ${violation.rule.name}`)
}
if (seen < sources.length) {
  console.error(`The check saw ${seen} of ${sources.length} files in src/: it cannot be trusted. Is @swc/core installed?`)
  process.exitCode = 1
} else if (summary.violations.length > 0) {
  process.exitCode = 1
} else {
  console.log(`house: ${seen} files, ${summary.totalDependenciesCruised} imports, every arrow points down`)
}
