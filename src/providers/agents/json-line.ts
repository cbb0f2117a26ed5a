/** What a line of output holds, if it is JSON. CLIs print warnings between their events. */
export function parseLine(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
