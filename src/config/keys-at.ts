import * as z from 'zod'

/** Keys and indexes that lead from the root of a configuration to a value in it. */
type Path = readonly (string | number)[]
type Schema = z.core.JSONSchema.BaseSchema

/**
 * The keys that may stand at a path.
 * @param value the configuration as its author wrote it: a provider's `type` tells which keys it has
 */
export function keysAt(schema: z.ZodType, value: unknown, path: Path): string[] {
  let found: Schema[] = [z.toJSONSchema(schema, { io: 'input' })]
  path.forEach((step, index) => {
    const above = valueAt(value, path.slice(0, index))
    found = found.flatMap((each) => variants(each, above)).flatMap((each) => inside(each, step))
  })
  return found.flatMap((each) => variants(each, valueAt(value, path))).flatMap(({ properties }) => Object.keys(properties ?? {}))
}

/** The value at a path; undefined where there is none. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((above, step) => {
    const isThere = typeof above === 'object' && above !== null && Object.hasOwn(above, step)
    return isThere ? Reflect.get(above, step) : undefined
  }, value)
}

function inside({ properties = {}, additionalProperties, items }: Schema, step: string | number): Schema[] {
  if (typeof step === 'number') return schemasIn(Array.isArray(items) ? [] : [items])
  return schemasIn([Object.hasOwn(properties, step) ? properties[step] : additionalProperties])
}

/** What a value may be: of those that are told apart by `type`, the one that it says it is. */
function variants(schema: Schema, value: unknown): Schema[] {
  const all = schemasIn([...(schema.anyOf ?? []), ...(schema.oneOf ?? [])])
  if (all.length === 0) return [schema]
  const type = valueAt(value, ['type'])
  const named = type === undefined ? [] : all.filter(({ properties }) => valueAt(properties, ['type', 'const']) === type)
  return (named.length > 0 ? named : all).flatMap((each) => variants(each, value))
}

function schemasIn(given: readonly (Schema | boolean | undefined)[]): Schema[] {
  return given.filter((each) => typeof each === 'object')
}
