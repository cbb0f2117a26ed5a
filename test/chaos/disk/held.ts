import assert from 'node:assert/strict'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Random } from '../../random.ts'
import { openPlace, type Place } from '../place.ts'
import { CONFIG, planOf } from './work.ts'

/** A run that was left half-way, waiting for a person, and the bytes of its log. */
export type Held = {
  place: Place
  id: string
  events: string
  bytes: Buffer
  /** Puts its log back as it was. */
  restore: () => Promise<void>
}

const COUNT = 8

/** Runs half of a plan. @param dir a folder that the workspace is made in */
export async function heldRun(dir: string, random: Random): Promise<Held> {
  const place = await openPlace(join(dir, 'workspace'))
  await place.write('config.json', CONFIG)
  await place.write('plan.json', planOf(random, COUNT, { approval: true }))
  const held = await place.tutti(['run', 'plan.json', '--no-tui'])
  assert.equal(held.code, 4, held.all)
  const { id, events } = await place.newest()
  const bytes = await readFile(events)
  return { place, id, events, bytes, restore: () => writeFile(events, bytes) }
}

/** Lines of a log, with their line ends. */
export function linesIn(bytes: Buffer): string[] {
  return bytes.toString('utf8').split(/(?<=\n)/)
}

/** Takes all other runs away, so that the held one is the newest again. */
export async function withoutOthers({ place, id }: Held): Promise<void> {
  for (const name of await place.list('runs')) if (/^\d{8}-/.test(name) && name !== id) await rm(place.at(`runs/${name}`), { recursive: true })
}
