import type { Usage } from '../../core/outcome.ts'

/** No question and no answer that has a text is made of no tokens: a server that says so does not count. */
export function believable({ input, output, ...rest }: Usage): Usage {
  return { ...rest, input: input === 0 ? undefined : input, output: output === 0 ? undefined : output }
}

/** Both together. What one of them does not tell is not known of both: unknown is never zero. */
export function addUsage(one: Usage | undefined, other: Usage | undefined): Usage | undefined {
  if (one === undefined || other === undefined) return undefined
  const sum = (key: keyof Usage) => {
    const [first, second] = [one[key], other[key]]
    return first === undefined || second === undefined ? {} : { [key]: first + second }
  }
  return { ...sum('input'), ...sum('cached'), ...sum('cache_write'), ...sum('output') }
}
