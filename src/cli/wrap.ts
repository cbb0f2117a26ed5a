/** A terminal is not used as narrower than this: what is narrow all the same breaks lines itself. */
const NARROWEST = 40

/**
 * Breaks a text at its spaces into lines for a terminal. A word that is longer than a line stays whole, so that a
 * path or a command can be copied.
 * @param width columns of the terminal
 * @param first columns that are taken on the first line
 * @param indent columns that are left free before the lines that follow
 */
export function wrap(text: string, width: number, first: number, indent: number): string {
  const room = Math.max(NARROWEST, width)
  let wrapped = ''
  let taken = first
  let gap = ''
  for (const word of text.split(' ')) {
    // The first word stays where it stands, unless the next line has more room for it.
    const isFull = (gap !== '' || taken > indent) && taken + gap.length + word.length > room
    const before = isFull ? `\n${' '.repeat(indent)}` : gap
    taken = (isFull ? indent : taken + gap.length) + word.length
    wrapped += before + word
    gap = ' '
  }
  return wrapped
}
