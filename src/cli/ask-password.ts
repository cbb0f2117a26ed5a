import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'

export type AskedPassword = { result: 'password'; password: string } | { result: 'different' } | { result: 'left' }

/** Characters of a line that is read as a password. */
const LONGEST_LINE = 10_000

/** Asks for a password: on a terminal twice and unseen, else stdin's first line is it. */
export async function askPassword(prompt: string): Promise<AskedPassword> {
  if (!process.stdin.isTTY) return { result: 'password', password: await firstLine() }
  const password = await askUnseen(`${prompt}: `)
  if (password === undefined) return { result: 'left' }
  const again = await askUnseen('once more: ')
  if (again === undefined) return { result: 'left' }
  return again === password ? { result: 'password', password } : { result: 'different' }
}

/** @returns undefined where the person leaves (Ctrl-C, Ctrl-D) */
async function askUnseen(prompt: string): Promise<string | undefined> {
  // What is typed is echoed by readline, into the void here.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true, historySize: 0 })
  process.stderr.write(prompt)
  try {
    return await new Promise<string | undefined>((resolve) => {
      lines.once('line', resolve)
      lines.once('SIGINT', () => resolve(undefined))
      lines.once('close', () => resolve(undefined))
    })
  } finally {
    lines.close()
    process.stderr.write('\n')
  }
}

async function firstLine(): Promise<string> {
  let text = ''
  process.stdin.setEncoding('utf8')
  for await (const chunk of process.stdin) {
    text += String(chunk)
    if (text.includes('\n') || text.length > LONGEST_LINE) break
  }
  return text.split(/\r?\n/, 1)[0] ?? ''
}
