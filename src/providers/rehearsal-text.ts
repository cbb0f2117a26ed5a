import { createHash } from 'node:crypto'
import { REHEARSAL_LABEL } from '../core/route.ts'
import { oneLine } from '../core/sanitize.ts'
import { readPrompt } from './rehearsal-prompt.ts'
import type { RehearsalPrompt } from './rehearsal-prompt.ts'

/** What a rehearsal says where a model would think. */
const SENTENCES = [
  'The strings have marked their bowings, and the woodwind agree on where to breathe.',
  'Nothing here was composed by a model; it only shows where each voice comes in.',
  'The second violins turn the page early, so that nobody has to hurry later.',
  'A pencil mark in the score is worth more than a good memory.',
  'The horns count their rests aloud, and arrive together.',
  'What the cellos hand over, the violas carry on without a gap.',
  'The hall is still empty, which is the best time to find out how it sounds.',
  'The oboe gives its note, and everyone else moves a little towards it.',
  'A wrong entry today costs a smile; on the evening itself it would cost more.',
  'The percussion has little to play and every reason to listen.',
  'Slow practice shows which bars are hard and which only look it.',
  'Between two movements somebody opens a window, and the tempo gets better.',
  'The conductor says little, because the parts are clear.',
  'Each desk knows from whom it takes the theme and to whom it gives it.',
  'The last bar is played twice: once to end, and once to know how it ended.',
  'When the real players sit down, the stands will already be in place.',
]

const QUOTED_LINES = 3
const LONGEST_LINE = 160

/** A number from 0 to 2³²−1 that depends on nothing but the text. */
export function hashOf(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE()
}

/**
 * The answer to a composed prompt: always the same to the same prompt. It does with the prompt what a
 * model is asked to do: it takes up what it was handed, writes the files, and adds what was missing.
 * @param words about how many the body has, beside what the prompt itself calls for
 */
export function rehearse(prompt: string, words: number): string {
  const read = readPrompt(prompt)
  return [
    `[${REHEARSAL_LABEL}]`,
    `I was asked: ${oneLine(read.asked, LONGEST_LINE)}`,
    ...read.results.map(handedOver),
    body(hashOf(prompt), words),
    ...read.files.map((path) => fenced(path, documentOf(path, read))),
    ...read.missing.map(supplied),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n')
}

function handedOver({ task, text }: RehearsalPrompt['results'][number]): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const shown = lines.slice(0, QUOTED_LINES).map((line) => oneLine(line, LONGEST_LINE))
  const count = lines.length === 1 ? '1 line' : `${lines.length} lines`
  const part = shown.length < lines.length ? ', which begin' : ''
  return `From the task ${task} I was handed ${count}${part}:\n\n${fenced('text', shown.join('\n'))}`
}

/** Whole sentences, from a place that the seed chooses, until there are enough words. */
function body(seed: number, words: number): string {
  const chosen: string[] = []
  for (let said = 0, at = seed; said < words; at += 1) {
    const sentence = SENTENCES[at % SENTENCES.length] ?? ''
    chosen.push(sentence)
    said += sentence.split(' ').length
  }
  return chosen.join(' ')
}

/** A text that a check wants to find, as a section of its own where it can be a heading. */
function supplied(text: string): string {
  const heading = /^[^\s#][^\n]*$/.test(text) ? `## ${text}` : text
  return `${heading}\n\nThis was missing at first, and stands here now.`
}

function documentOf(path: string, { asked, results }: RehearsalPrompt): string {
  return [
    `# ${path}`,
    `> ${REHEARSAL_LABEL}`,
    `Asked: ${oneLine(asked, LONGEST_LINE)}`,
    ...results.map(({ task, title, text }) => `## ${title === '' ? task : title}\n\n${retold(text)}`),
  ].join('\n\n')
}

/** What was measured is quoted; of what was rehearsed only the question is worth telling. */
function retold(text: string): string {
  if (!text.startsWith(`[${REHEARSAL_LABEL}]`)) return fenced('text', text)
  const [, asked = ''] = /^I was asked: (.*)$/m.exec(text) ?? []
  return `A model would write this part. It was asked: *${asked}*`
}

/** A fence longer than any in the content, so that the content cannot end it. */
function fenced(info: string, content: string): string {
  const longest = Math.max(2, ...[...content.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}${info}\n${content}\n${fence}`
}
