import type { Place } from './commands.ts'
import type { Glance } from './glance.ts'
import { topPage } from './ui.ts'

/** Where the keys go, the nearest first. */
export function placesOf({ ui, run }: Glance): Place[] {
  const replay: Place[] = run?.is === 'replayed' ? ['replay'] : []
  return [...replay, topPage(ui)?.page ?? ui.focus]
}
