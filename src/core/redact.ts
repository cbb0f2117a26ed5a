/** A value that must never be written down, and the name it may be called by. */
export type Secret = { name: string; value: string }

/** Shorter values are no secrets: they would turn up in any text. */
const SHORTEST = 6

/** Takes secrets out of text. */
export type Redactor = {
  text: (text: string) => string
  /**
   * For text that comes in pieces: a secret may be cut in two, so the end of each piece is held back
   * until the next; `end` gives what is left.
   */
  stream: () => { next: (piece: string) => string; end: () => string }
}

/** A redactor for these secrets: each is replaced by `[secret NAME]`. */
export function createRedactor(secrets: readonly Secret[]): Redactor {
  // Longest first, so that a secret which contains another is taken out whole.
  const known = secrets.filter(({ value }) => value.length >= SHORTEST).sort((a, b) => b.value.length - a.value.length)
  const longest = known[0]?.value.length ?? 0
  const text = (whole: string) => known.reduce((rest, { name, value }) => rest.replaceAll(value, `[secret ${name}]`), whole)

  /** How much of a text can be let go: nothing that a later piece could make a part of a secret. */
  function releasable(raw: string): number {
    let cut = Math.max(0, raw.length - (longest - 1))
    for (const { value } of known) {
      for (let at = raw.indexOf(value, Math.max(0, cut - value.length + 1)); at >= 0 && at < cut; at = raw.indexOf(value, at + 1)) {
        if (at + value.length > cut) cut = at
      }
    }
    return cut
  }

  return {
    text: known.length === 0 ? (whole) => whole : text,
    stream: () => {
      if (known.length === 0) return { next: (piece) => piece, end: () => '' }
      let held = ''
      return {
        next: (piece) => {
          const raw = held + piece
          const cut = releasable(raw)
          held = raw.slice(cut)
          return text(raw.slice(0, cut))
        },
        end: () => {
          const last = text(held)
          held = ''
          return last
        },
      }
    },
  }
}
