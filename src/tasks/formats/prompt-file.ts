import { idFromStem, LocalNames, stemOf } from '../ids.ts'
import { warn } from '../reading.ts'
import { specOf } from '../spec.ts'
import { readKeys, withText, type Stated } from '../stated.ts'
import type { MarkdownFormat } from '../task-file.ts'
import { taskSections } from '../syntax/task-sections.ts'
import { withoutLastLineEnd } from '../syntax/unwrap.ts'

/** Front matter, if any, and a body: the body is the prompt, byte by byte. Any Markdown file is one. */
export const promptFile: MarkdownFormat = {
  matches: () => true,
  read: (document, reading) => {
    const { text, front, body, outline, placeAt } = document
    const [, second] = taskSections(document).tasks
    if (second !== undefined) {
      const advice = 'to make tasks of its headings, put labels such as **Description:** under them'
      warn(reading, placeAt(second.at), `this file is read as one prompt; ${advice}`)
    }
    const stated = readKeys(front, reading)
    const stem = stemOf(reading.file)
    const heading = outline.marks.find((mark) => mark.kind === 'heading' && mark.text !== '')
    const spec = specOf(
      {
        id: stated.id ?? idFromStem(stem),
        title: stated.title ?? (heading?.kind === 'heading' ? heading.text : stem),
        stated: withBody(stated, withoutLastLineEnd(text.slice(body))),
        depends_on: stated.depends_on ?? [],
        at: placeAt(0),
        trees: [front],
      },
      new LocalNames(),
      reading,
    )
    return spec === undefined ? [] : [spec]
  },
}

/** The body is the prompt, unless the front matter has one or a command: then it is the description. */
function withBody(stated: Stated, body: string): Stated {
  const isPrompt = stated.prompt === undefined && stated.command === undefined && body.trim() !== ''
  return isPrompt ? { ...stated, prompt: body } : withText(stated, body)
}
