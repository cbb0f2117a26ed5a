import type { OpenScreen } from '../app/screen.ts'
import type { Doors } from './command.ts'
import { narrate, narrateJson, type Narrator, type Ringing } from './narrate.ts'
import { narratePlainly } from './narrate-plainly.ts'
import { err } from './terminal.ts'

/** How a command shows what goes on. */
export type Face = { face: 'screen'; open: OpenScreen } | { face: Spoken }
/** Without a page. */
export type Spoken = 'lines' | 'plain' | 'json'

/** What a person asked for. */
export type FaceOptions = { tui: boolean; plain?: boolean; json?: boolean }

type Terminal = { isTTY?: boolean }
type Place = { stdin: Terminal; stdout: Terminal; env: NodeJS.ProcessEnv }

/** The face that was asked for, where this terminal can show it; it is said when it cannot. */
export function faceFor({ tui, plain, json }: FaceOptions, { openScreen }: Doors, place: Place = process): Face {
  if (json === true) return { face: 'json' }
  if (plain === true) return { face: 'plain' }
  if (!tui || openScreen === undefined) return { face: 'lines' }
  const reason = whyUnusable(place)
  if (reason === undefined) return { face: 'screen', open: openScreen }
  err(`no full-screen page here: ${reason} (--no-tui says that lines are meant)`)
  return { face: 'lines' }
}

/** Why a terminal cannot show the page. A small one can. */
function whyUnusable({ stdin, stdout, env }: Place): string | undefined {
  if (stdout.isTTY !== true) return 'the output is no terminal'
  if (stdin.isTTY !== true) return 'the input is no terminal'
  const { TERM: term = '' } = env
  return term === '' || term === 'dumb' ? `a terminal of the type "${term}" cannot show it` : undefined
}

export function narratorFor(spoken: Spoken, ringing: Ringing = {}): Narrator {
  switch (spoken) {
    case 'lines':
      return narrate(ringing)
    case 'plain':
      return narratePlainly()
    case 'json':
      return narrateJson()
  }
}
