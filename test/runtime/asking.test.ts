import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import type { StartAttempt } from '../../src/core/commands.ts'
import { createRedactor } from '../../src/core/redact.ts'
import type { Question, Reply } from '../../src/core/question.ts'
import type { AttemptIo } from '../../src/providers/provider.ts'
import { task } from '../core/specs.ts'
import { ANSWER, performer, provider, START } from './performer.ts'

const WHICH: Question = { kind: 'question', asks: [{ text: 'Which colour?', options: [{ label: 'red' }] }] }
const MAY_IT: Question = { kind: 'permission', tool: 'Bash', rule: 'Bash(npm test)', input: 'npm test' }
const asks: StartAttempt = { ...START, may_ask: true }

/** A performer whose provider asks these things, and the replies that it got. */
async function asking(ask: (io: AttemptIo & { ask: NonNullable<AttemptIo['ask']> }) => Promise<Reply[]>, adapters?: Parameters<typeof performer>[1]) {
  const replies: Reply[] = []
  const bench = await performer(
    provider(async (_, io) => {
      if (io.ask === undefined) return { ...ANSWER, text: 'may not ask' }
      replies.push(...(await ask({ ...io, ask: io.ask })))
      return io.signal.aborted ? { result: 'failed', kind: 'interrupted', message: 'interrupted' } : ANSWER
    }),
    adapters,
  )
  return { ...bench, replies }
}

const tell = (telling: Reply | 'fail') => ({ type: 'tell', task: 'a', attempt: 1, telling }) as const
const answered: Reply = { is: 'answered', answers: ['red'] }

it('an attempt that may ask is told what it was answered, and its log holds both', async () => {
  const { perform, reports, replies, folder } = await asking(async ({ ask }) => [await ask(WHICH)])
  const over = perform(asks)
  await vi.waitFor(() => expect(reports).toEqual([{ type: 'asked', task: 'a', attempt: 1, question: WHICH }]))
  await perform(tell(answered))
  expect(await over).toMatchObject({ type: 'attempt-ended', outcome: { result: 'answered' } })
  expect(replies).toEqual([answered])
  expect(await readFile(join(folder.logs, 'a.1.log'), 'utf8')).toContain('[asks] Which colour?\n[is told] red\n')
})

it('one that may not ask is not offered to', async () => {
  const { perform, folder } = await asking(async ({ ask }) => [await ask(WHICH)])
  await perform(START)
  expect(await readFile(join(folder.outputs, 'a/output.md'), 'utf8')).toBe('may not ask')
})

it('several questions at once are put one after the other', async () => {
  const { perform, reports, replies } = await asking(({ ask }) => Promise.all([ask(WHICH), ask(MAY_IT)]))
  const over = perform(asks)
  await vi.waitFor(() => expect(reports).toHaveLength(1))
  await perform(tell(answered))
  await vi.waitFor(() => expect(reports).toHaveLength(2))
  await perform(tell({ is: 'allowed' }))
  await over
  expect(replies).toEqual([answered, { is: 'allowed' }])
})

it('what the rules of its task say is asked of nobody', async () => {
  const { perform, reports, replies } = await asking(async ({ ask }) => [await ask(MAY_IT), await ask({ ...MAY_IT, input: 'rm -rf /', rule: 'Bash(rm -rf /)' })])
  await perform({ ...asks, spec: task('a', { permissions: { allow: ['Bash(npm test)'], deny: ['Bash(rm:*)'], ask: [] } }) })
  expect(reports).toEqual([])
  expect(replies).toMatchObject([{ is: 'allowed' }, { is: 'denied' }])
})

it('no time passes for an attempt while a person is asked', async () => {
  const { perform, reports } = await asking(async ({ ask }) => [await ask(WHICH)])
  const over = perform({ ...asks, limits: { ...START.limits, timeout_s: 0.1 } })
  await vi.waitFor(() => expect(reports).toHaveLength(1))
  await new Promise((resolve) => setTimeout(resolve, 200))
  await perform(tell(answered))
  expect(await over).toMatchObject({ outcome: { result: 'answered' } })
})

it('where nobody is there to answer it ends, and says that this is why', async () => {
  const { perform, reports } = await asking(({ ask, signal }) => Promise.race([ask(WHICH).then((reply) => [reply]), new Promise<Reply[]>((resolve) => signal.addEventListener('abort', () => resolve([])))]))
  const over = perform(asks)
  await vi.waitFor(() => expect(reports).toHaveLength(1))
  await perform(tell('fail'))
  expect(await over).toMatchObject({ outcome: { result: 'failed', kind: 'unanswered' } })
})

it('a question that is taken back is told', async () => {
  const leaving = new AbortController()
  const { perform, reports } = await asking(({ ask }) => Promise.race([ask(WHICH, leaving.signal).then((reply) => [reply]), new Promise<Reply[]>((resolve) => leaving.signal.addEventListener('abort', () => resolve([])))]))
  const over = perform(asks)
  await vi.waitFor(() => expect(reports).toHaveLength(1))
  leaving.abort()
  await over
  expect(reports.at(-1)).toEqual({ type: 'withdrawn', task: 'a', attempt: 1 })
})

it('no secret is put to a person or recorded, and what is chosen is told as it stood there', async () => {
  const question: Question = { kind: 'question', asks: [{ text: 'Is it hush-hush?', options: [{ label: 'yes, hush-hush', description: 'hush-hush' }, { label: 'no' }], default: 'hush-hush' }] }
  const { perform, reports, replies, folder } = await asking(async ({ ask }) => [await ask(question), await ask(question), await ask(question), await ask({ ...MAY_IT, input: 'echo hush-hush', rule: 'Bash(echo hush-hush)' })], {
    redactor: createRedactor([{ name: 'KEY', value: 'hush-hush' }]),
  })
  const over = perform(asks)
  const answers: Reply[] = [{ is: 'answered', answers: ['yes, [secret KEY]'] }, { is: 'answered', answers: ['[secret KEY]'] }, { is: 'answered', answers: ['neither'] }, { is: 'allowed' }]
  for (const [index, answer] of answers.entries()) {
    await vi.waitFor(() => expect(reports).toHaveLength(index + 1))
    await perform(tell(answer))
  }
  await over
  expect(replies).toEqual([{ is: 'answered', answers: ['yes, hush-hush'] }, { is: 'answered', answers: ['hush-hush'] }, { is: 'answered', answers: ['neither'] }, { is: 'allowed' }])
  expect(JSON.stringify(reports)).not.toContain('hush-hush')
  expect(reports).toContainEqual({ type: 'asked', task: 'a', attempt: 1, question: { ...MAY_IT, input: 'echo [secret KEY]', rule: 'Bash(echo [secret KEY])' } })
  expect(await readFile(join(folder.logs, 'a.1.log'), 'utf8')).not.toContain('hush-hush')
})
