import { readJsonText } from '../../text/json.ts'
import type { Place } from '../../text/places.ts'
import { refuse, type Reading } from '../reading.ts'
import type { Tree } from './tree.ts'

/** Reads JSON as a tree; what is wrong is told to the reading, and there is no tree. */
export function readJson(text: string, placeAt: (offset: number) => Place, reading: Reading): Tree | undefined {
  const json = readJsonText(text)
  if (json.result === 'json') return { value: json.value, place: (path) => placeAt(json.offsetOf(path)) }
  refuse(reading, placeAt(json.offset), `this is not valid JSON: ${json.message}`)
  return undefined
}
