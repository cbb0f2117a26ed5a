import { matchesGlob } from './permission-rule.ts'

/** Where a program works, and where its user is at home, absolute: what paths in rules are relative to. */
export type Places = { cwd?: string | undefined; home?: string | undefined }

/**
 * Whether a rule for paths means a file, by the rules of .gitignore: `src/**` is relative to where the program works, `*.ts`
 * means files in every folder, `//etc/**` is absolute, `~/` the user's home.
 * @param path as rules write it
 * @param wide what is meant is what a rule forbids: a folder means all that it holds, a name means it anywhere
 */
export function meansPath(pattern: string, path: string, wide: boolean, places: Places): boolean {
  const file = absolute(path, places)
  const whole = wholePattern(pattern, wide, { cwd: places.cwd && asPattern(places.cwd), home: places.home && asPattern(places.home) })
  // What is relative to a folder that is not known means nothing outside of it.
  if (!wide && (file.startsWith('..') || file.startsWith('/') !== whole.startsWith('/'))) return false
  // The folder itself, where it is not known.
  if (wide && whole === '') return !file.startsWith('/')
  return matchesSteps(whole.split('/'), file.split('/'), wide)
}

function wholePattern(pattern: string, wide: boolean, places: Places): string {
  const isName = !pattern.startsWith('~') && !/^\.\.?\/?$/.test(pattern) && !pattern.replace(/\/$/, '').includes('/')
  const relative = isName ? `**/${pattern}` : pattern.replace(/^\/(?!\/)/, '')
  const whole = isName && wide ? relative : absolute(relative, places)
  const folder = whole.endsWith('/') ? `${whole}**` : whole
  // All that a folder holds is not the folder, but who forbids the one means the other too.
  return wide ? folder : folder.replace(/(^|\/)\*\*$/, '$1*/**')
}

/**
 * Keeps every place in the pattern where it may stand after each step of the path, so that it takes no longer than both are long.
 * @param wide a folder of the path is enough
 */
function matchesSteps(pattern: readonly string[], path: readonly string[], wide: boolean): boolean {
  const standing = (places: readonly number[]) => {
    const all = new Set(places)
    // A set that grows while it is walked through is walked to its end.
    for (const place of all) if (pattern[place] === '**') all.add(place + 1)
    return all
  }
  let places = standing([0])
  for (const step of path) {
    if (wide && places.has(pattern.length)) return true
    places = standing([...places].flatMap((place) => after(pattern[place], step, place)))
  }
  return places.has(pattern.length)
}

function after(wanted: string | undefined, step: string, place: number): number[] {
  if (wanted === undefined) return []
  if (wanted === '**') return [place]
  return matchesGlob(wanted, step) ? [place + 1] : []
}

function asPattern(path: string): string {
  return path.replaceAll('*', '\\*')
}

/** Without its detours, and from the root on where that is known. */
function absolute(path: string, { cwd, home }: Places): string {
  if (path.startsWith('//')) return straight(path.slice(1))
  if (path.startsWith('~/') && home !== undefined) return straight(`${home}/${path.slice(2)}`)
  return cwd === undefined ? straight(path) : straight(`${cwd}/${path}`)
}

function straight(path: string): string {
  const isAbsolute = path.startsWith('/')
  const steps: string[] = []
  for (const step of path.split('/')) {
    if (step === '' || step === '.') continue
    if (step !== '..') steps.push(step)
    else if (steps.length > 0 && steps.at(-1) !== '..') steps.pop()
    else if (!isAbsolute) steps.push(step)
  }
  return (isAbsolute ? '/' : '') + steps.join('/') + (path.endsWith('/') && steps.length > 0 ? '/' : '')
}
