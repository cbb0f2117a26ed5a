// The program with a screen that shows nothing: it writes what it was asked for into the file JOURNAL, and is left by q or a signal.
import { appendFileSync } from 'node:fs'
import type { Leaving, OpenScreen } from '../../src/app/screen.ts'
import { runProgram } from '../../src/cli/program.ts'

const note = (line: string) => appendFileSync(process.env['JOURNAL'] ?? '', `${line}\n`)

const openScreen: OpenScreen = ({ waiting }) => {
  note(`open: ${waiting}`)
  let isAttended = false
  let leave: (leaving: Leaving) => void = () => {}
  const left = new Promise<Leaving>((resolve) => (leave = resolve))
  const onTerm = () => leave({ why: 'signal', signal: 'SIGTERM' })
  process.on('SIGTERM', onTerm)
  process.stdin.setRawMode(true).on('data', (key) => {
    isAttended = true
    note(`key ${key.toString()}`)
    if (key.toString() === 'q') leave({ why: 'quit', how: 'now' })
  })
  return Promise.resolve({
    show: (run) => {
      note(`show ${run.is}`)
      run.subscribe(({ type }) => note(type))
    },
    tell: (text, kind) => note(`tell ${kind}: ${text}`),
    get isAttended() {
      return isAttended
    },
    left,
    close: () => {
      process.off('SIGTERM', onTerm)
      process.stdin.setRawMode(false).pause()
      note('close')
    },
  })
}

process.exit(await runProgram(process.argv.slice(2), { openScreen }))
