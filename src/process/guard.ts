import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { Socket } from 'node:net'

/** Every program that we start, and whatever it starts, carries this variable: `<conductor>-<number>`. */
export const MARK_VARIABLE = 'TUTTI_MARK'
/** Letters and digits only: it stands in a pattern. */
const CONDUCTOR = randomBytes(8).toString('hex')

/**
 * Reads `+ GROUP` and `- GROUP` until its stdin is closed, which happens at the latest when the conductor
 * dies, however that happens. Then it ends the groups that are left, and, what can be seen on Linux only, what
 * has left them: what carries the conductor's mark, and what descends from the leaders of the groups while these live.
 * `known` holds the latter as `PID:BEGAN`, as a number may be given anew. A name in /proc/PID/stat may
 * hold anything, line ends and brackets too: what counts follows the last bracket.
 */
const SCRIPT = `
trap '' HUP INT QUIT TERM
groups=' '
while read -r sign group; do
  case $sign in
    +) groups="$groups$group " ;;
    -) case $groups in *" $group "*) groups="\${groups%%" $group "*} \${groups#*" $group "}" ;; esac ;;
  esac
done
look() {
  stat=
  while read -r line; do stat="$stat $line"; done <"/proc/$1/stat"
  set -- \${stat##*\\)}
  parent=$2
  began=\${20}
}
descendants() {
  table=
  for folder in /proc/[0-9]*; do
    look "\${folder#/proc/}"
    [ -n "$parent" ] && table="$table \${folder#/proc/}:$began:$parent"
  done
  family=$groups
  more=yes
  while [ -n "$more" ]; do
    more=
    for row in $table; do
      case $family in *" \${row%%:*} "*) continue ;; esac
      case $family in *" \${row##*:} "*) ;; *) continue ;; esac
      family="$family\${row%%:*} "
      echo "\${row%:*}"
      more=yes
    done
  done
}
living() {
  for row in $known; do
    look "\${row%:*}"
    [ "$began" = "\${row#*:}" ] && echo "\${row%:*}"
  done
}
marked() { grep -las "${MARK_VARIABLE}=$1-" /proc/[0-9]*/environ | tr -dc '0-9\\n'; }
signal() {
  for group in $groups; do kill -s "$1" -- "-$group"; done
  for pid in $(marked "$2") $(living); do kill -s "$1" "$pid"; done
}
left() {
  for group in $groups; do kill -s 0 -- "-$group" && return 0; done
  [ -n "$(marked "$1")$(living)" ]
}
known=$(descendants)
signal TERM "$1"
tries=20
while [ $tries -gt 0 ] && left "$1"; do
  sleep 0.1
  tries=$((tries - 1))
done
signal KILL "$1"
`

const groups = new Set<number>()
let marks = 0
let guard: Socket | undefined

/**
 * A value of MARK_VARIABLE for one more program, to be taken before it is started: then the guard is there, and ends what carries
 * the mark even where the conductor is killed before it can name the group.
 */
export function newMark(): string {
  guard ??= startGuard()
  marks += 1
  return `${CONDUCTOR}-${marks}`
}

/**
 * Sees to it that a process group does not outlive the conductor, not even a conductor that is killed.
 * The guard is one shell for all groups, started before the first.
 * @returns what ends the watch; call it when the group is gone, because its number may be given anew
 */
export function guardGroup(group: number): () => void {
  guard ??= startGuard()
  groups.add(group)
  guard?.write(`+ ${group}\n`)
  return () => {
    groups.delete(group)
    guard?.write(`- ${group}\n`)
  }
}

/**
 * It has a session of its own, so that no signal to the conductor's group or terminal reaches it, and it
 * keeps nobody waiting. Where it cannot be started, or is ended by somebody, programs run all the same,
 * and the next one gets a new guard, which is told of those before.
 */
function startGuard(): Socket | undefined {
  const child = spawnShell()
  child?.on('error', () => undefined)
  const stdin = child?.stdin
  if (child === undefined || !(stdin instanceof Socket)) return undefined
  const forget = () => {
    if (guard === stdin) guard = undefined
  }
  child.on('exit', forget)
  stdin.on('error', forget)
  child.unref()
  stdin.unref()
  for (const group of groups) stdin.write(`+ ${group}\n`)
  return stdin
}

function spawnShell(): ChildProcess | undefined {
  try {
    return spawn('/bin/sh', ['-c', SCRIPT, 'tutti-guard', CONDUCTOR], {
      cwd: '/',
      env: { PATH: process.env['PATH'] },
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    })
  } catch {
    // No memory, no file descriptors: the program that was just started had the last.
    return undefined
  }
}
