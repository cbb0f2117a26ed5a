// Completes package-lock.json with the binaries of platforms that the registry at hand does not carry.
//
// Native packages list a package for each platform as optional dependencies. npm leaves out of the lock
// those it cannot find, and refuses the lock later (`npm ci`: "Missing … from lock file"), here and on the
// platforms that need them. Their names say what they are for, so their entries can be written.
// Run it after every change of the lock: node scripts/complete-lock.mjs
import { readFile, writeFile } from 'node:fs/promises'

const OS = ['darwin', 'linux', 'win32', 'freebsd', 'android', 'openharmony', 'aix', 'sunos', 'netbsd', 'openbsd']
const CPU = ['arm64', 'x64', 'ia32', 'arm', 'ppc64', 'riscv64', 's390x', 'wasm32', 'loong64', 'mips64el']
const LIBC = { gnu: 'glibc', gnueabihf: 'glibc', musl: 'musl', musleabihf: 'musl' }

const lock = JSON.parse(await readFile('package-lock.json', 'utf8'))
const added = []
for (const parent of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
    const key = `node_modules/${name}`
    if (lock.packages[key] !== undefined) continue
    const words = name.split(/[/-]/)
    const os = OS.filter((word) => words.includes(word))
    const cpu = CPU.filter((word) => words.includes(word) || (word === 'ppc64' && words.includes('ppc64le')))
    if (os.length === 0 && cpu.length === 0) continue
    const libc = words.flatMap((word) => LIBC[word] ?? [])
    lock.packages[key] = {
      version,
      ...(cpu.length === 0 ? {} : { cpu }),
      ...(parent.dev === true ? { dev: true } : {}),
      ...(libc.length === 0 ? {} : { libc }),
      optional: true,
      ...(os.length === 0 ? {} : { os }),
    }
    added.push(`${name}@${version}`)
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)))
await writeFile('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`)
console.log(added.length === 0 ? 'nothing is missing' : `added ${added.length}: ${added.join(', ')}`)
