// A program with a page of its own, for the tests of the ways out. It is bundled and run in a terminal.
import { edit } from '../../../src/tui/terminal/editor.ts'
import type { Key } from '../../../src/tui/terminal/keys.ts'
import { openTerminal } from '../../../src/tui/terminal/open-terminal.ts'

const SIGNAL_EXIT = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }

const say = (text: string) => void process.stdout.write(`${text}\n`)

say('before the page')
const keys: string[] = []
let drawn = 0
let busy: NodeJS.Timeout | undefined
const DRAW_EVERY_MS = 20
let drawnAt = 0
/** By how much the loop was late at most. */
let late = 0

const terminal = openTerminal({ onKey })
const { presenter } = terminal
presenter.on('resize', show)
show()
void terminal.left.then((leaving) => {
  process.stdout.on('error', () => {})
  say(`left: ${JSON.stringify(leaving)}`)
  process.exit(leaving.why === 'signal' ? SIGNAL_EXIT[leaving.signal] : 3)
})

function show(): void {
  presenter.write(['the page', `keys: ${keys.join(' ')}`, `size: ${presenter.columns}x${presenter.rows}`].join('\n'))
  presenter.flushSoon()
}

function onKey(key: Key): void {
  keys.push('name' in key ? key.name : `paste(${key.paste})`)
  show()
  if ('paste' in key) return
  switch (key.name) {
    case 'q':
      terminal.close()
      terminal.close()
      say('closed')
      // The loop ends by itself: nothing of the terminal keeps it going.
      return void process.stdin.unref()
    case 'x':
      setTimeout(() => throwNow('thrown'))
      return
    case 'r':
      return void Promise.reject(new Error('rejected'))
    case 'E':
      return process.exit(5)
    case 'ctrl+z':
      return terminal.suspend()
    case 'e':
      return void terminal.lend(() => edit('a file')).then((problem) => {
        keys.push(problem?.problem ?? 'edited')
        show()
      })
    case 'b':
      return draw()
    case 's':
      clearInterval(busy)
      measure()
      keys.push(`late by ${Math.round(late)} ms`)
      show()
  }
}

function throwNow(message: string): never {
  throw new Error(message)
}

function measure(): void {
  late = Math.max(late, performance.now() - drawnAt - DRAW_EVERY_MS)
  drawnAt = performance.now()
}

/** Draws all of the screen anew, as fast as it may. */
function draw(): void {
  drawnAt = performance.now()
  busy = setInterval(() => {
    measure()
    drawn += 1
    const line = String.fromCharCode(97 + (drawn % 26)).repeat(presenter.columns)
    presenter.write(Array.from({ length: presenter.rows }, () => line).join('\n'))
  }, DRAW_EVERY_MS)
}
