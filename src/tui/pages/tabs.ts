import type { Line, Span } from '../../core/views/line.ts'
import { widthOf } from '../lines/fit.ts'

/** The parts of a page, with the one that is shown in brackets; only that one where there is no room for all. */
export function tabsLine(tabs: readonly string[], chosen: string, key: string, width: number): Line {
  const all: Line = tabs.flatMap((tab): Span[] => (tab === chosen ? [{ text: `[${tab}]`, style: 'strong' }] : [{ text: ` ${tab} `, style: 'dim' }]))
  const hint: Span = { text: `  ${key} turns`, style: 'dim' }
  if (widthOf([...all, hint]) <= width) return [...all, hint]
  if (widthOf(all) <= width) return all
  return [{ text: `[${chosen}]`, style: 'strong' }, { text: ` ${tabs.indexOf(chosen) + 1} of ${tabs.length}`, style: 'dim' }, hint]
}
