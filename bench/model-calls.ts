/** What the local server answers, whatever it is asked: as long as a short answer of a model. */
export const CONTENT = 'Lorem ipsum dolor sit amet, consectetur adipiscing elit. '.repeat(4).trim()

export const MODEL = 'local'

/** What each task is asked: no two of them are the same. */
export function promptOf(index: number): string {
  return `Summarise paragraph ${index} in one line. ${'x'.repeat(200)}`
}

export function bodyOf(index: number): { model: string; messages: { role: 'user'; content: string }[] } {
  return { model: MODEL, messages: [{ role: 'user', content: promptOf(index) }] }
}
