/**
 * The environment of a program that we start: ours, without the names in `remove` (secrets that are
 * not for it), and with `add`, which wins.
 */
export function childEnvironment(
  base: Readonly<Record<string, string | undefined>>,
  { remove, add }: { remove: readonly string[]; add: Readonly<Record<string, string>> },
): Record<string, string> {
  const inherited = Object.entries(base).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !remove.includes(entry[0]),
  )
  return { ...Object.fromEntries(inherited), ...add }
}

/** The environment of a program that is to see nothing of ours but what `keep` lets through; with `add`, which wins. */
export function allowedEnvironment(
  base: Readonly<Record<string, string | undefined>>,
  { keep, add }: { keep: (name: string) => boolean; add: Readonly<Record<string, string>> },
): Record<string, string> {
  return childEnvironment(base, { remove: Object.keys(base).filter((name) => !keep(name)), add })
}
