#!/usr/bin/env node
/*
 * Stands in for an agent's command line. `scenario.json` in its folder says what it does:
 *   lines        what it prints, objects as JSON; by default nothing
 *   stderr       what it says there
 *   exit         its exit code
 *   hang         it does not end by itself
 *   ignore_term  nor when it is asked to
 *   leaves       it ends without waiting for the end of its stdin
 *   child        it leaves a process that holds its stdout, `in its group`, or `in its own session` and deaf to TERM
 *   child_env    `inherited`, or `cleared`: the child does not carry our environment
 *   resumed      what it does instead when it is called with --resume
 * With --input-format stream-json it begins with the first message, waits before a line until all that it has requested in
 * lines before is answered or taken back, keeps what it is answered in `responses.jsonl`, and ends with its stdin.
 * Like the real ones it waits for the end of its stdin before it begins. What it was called with stands in
 * `calls.jsonl`, the processes that there are in `pids`.
 */
import { spawn } from 'node:child_process'
import { appendFileSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

const args = process.argv.slice(2)
if (args.includes('--version')) {
  process.stdout.write('0.0.1 (fake)\n')
  process.exit(0)
}

const stated = JSON.parse(readFileSync('scenario.json', 'utf8'))
const scenario = args.includes('--resume') && stated.resumed ? stated.resumed : stated
if (scenario.ignore_term) process.on('SIGTERM', () => {})
appendFileSync('pids', `${process.pid}\n`)
const talks = args.includes('--input-format')
const messages = talks ? createInterface({ input: process.stdin })[Symbol.asyncIterator]() : undefined
const stdin = talks ? (await messages.next()).value : readFileSync(0, 'utf8')
appendFileSync('calls.jsonl', `${JSON.stringify({ args, stdin, env: process.env })}\n`)

if (scenario.child) {
  const script = scenario.child === 'in its group' ? 'exec sleep 100' : "trap '' TERM; while :; do sleep 0.05; done"
  const child = spawn('/bin/sh', ['-c', script], {
    detached: scenario.child === 'in its own session',
    env: scenario.child_env === 'cleared' ? { PATH: process.env.PATH } : process.env,
    stdio: ['ignore', 'inherit', 'ignore'],
  })
  child.unref()
  appendFileSync('pids', `${child.pid}\n`)
}
if (scenario.stderr) process.stderr.write(scenario.stderr)
const open = new Set()
for (const line of scenario.lines ?? []) {
  if (line.type === 'control_cancel_request') open.delete(line.request_id)
  else if (line.type !== 'control_request') await answered()
  if (line.type === 'control_request') open.add(line.request_id)
  process.stdout.write(`${typeof line === 'string' ? line : JSON.stringify(line)}\n`)
}
process.exitCode = scenario.exit ?? 0
// The real one waits for further messages until there can be none.
if (talks && !scenario.hang && !scenario.leaves) while (!(await messages.next()).done);
if (scenario.leaves) process.exit()
if (scenario.hang) setInterval(() => {}, 1000)

async function answered() {
  while (open.size > 0) {
    const { value, done } = await messages.next()
    if (done) process.exit(1)
    appendFileSync('responses.jsonl', `${value}\n`)
    open.delete(JSON.parse(value).response.request_id)
  }
}
