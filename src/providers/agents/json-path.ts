/**
 * The value at a path such as `result.usage.input_tokens` or `items[0].text`; a negative index counts from
 * the end. Undefined where there is nothing.
 */
export function valueAt(json: unknown, path: string): unknown {
  let value = json
  for (const step of path.split(/[.[\]]+/).filter((each) => each !== '')) {
    if (typeof value !== 'object' || value === null) return undefined
    if (Array.isArray(value)) value = /^-?\d+$/.test(step) ? value.at(Number(step)) : undefined
    else value = Object.getOwnPropertyDescriptor(value, step)?.value
  }
  return value
}
