import type { Secret } from '../core/redact.ts'

/** `${NAME}` as the whole of a value, or inside of one. */
const REFERENCE = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g
/** Keys that hold secrets: their value has to be a reference. */
const SECRET_KEY = /(^|_)(key|token|secret|password)$/i

/** Entries whose references are filled in; they have to be parsed again. */
export type Resolved = {
  entries: Record<string, unknown>
  /** What was filled in. All of it is treated as secret. */
  secrets: Secret[]
  /** Names that are referred to and not set, by the entry that refers to them. */
  unset: Map<string, string[]>
}

/**
 * Fills `${NAME}` in the entries of a record from the environment. A name that is not set is left empty
 * and told: it matters only when that entry is used.
 */
export function resolveReferences(given: Readonly<Record<string, unknown>>, env: NodeJS.ProcessEnv): Resolved {
  const secrets = new Map<string, string>()
  const unset = new Map<string, string[]>()

  const fill = (owner: string, value: unknown): unknown => {
    if (typeof value === 'string') {
      return value.replaceAll(REFERENCE, (_, name: string) => {
        const found = env[name]
        if (found !== undefined && found !== '') {
          // Who uses it trims it, and so does who echoes it.
          secrets.set(name, found.trim())
          return found.trim()
        }
        unset.set(owner, [...(unset.get(owner) ?? []), name])
        return ''
      })
    }
    if (Array.isArray(value)) return value.map((item) => fill(owner, item))
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(owner, item)]))
    }
    return value
  }

  const entries = Object.fromEntries(Object.entries(given).map(([owner, entry]) => [owner, fill(owner, entry)]))
  return { entries, secrets: [...secrets].map(([name, value]) => ({ name, value })), unset }
}

/** The paths of values that hold a secret in plain text, where only a reference may stand. */
export function plainSecrets(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, item]) => {
    const here = [...path, key]
    const isPlain = SECRET_KEY.test(key) && typeof item === 'string' && !/^\$\{[A-Za-z_][A-Za-z0-9_]*\}$/.test(item)
    return isPlain ? [here] : plainSecrets(item, here)
  })
}
