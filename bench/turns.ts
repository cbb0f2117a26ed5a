/**
 * Measures several things in turns (a, b, c, a, b, c …), so that whatever else the machine does meets all of them.
 * @param warmUp whether a first turn warms up disks and caches, and is not counted; what takes long needs none
 * @returns for each what every round gave
 */
export async function inTurns<Name extends string, Told>(rounds: number, things: Readonly<Record<Name, () => Promise<Told>>>, { warmUp = true } = {}): Promise<Record<Name, Told[]>> {
  const names = Object.keys(things) as Name[]
  const told = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, Told[]>
  for (let round = warmUp ? -1 : 0; round < rounds; round++) {
    for (const name of names) {
      const found = await things[name]()
      if (round >= 0) told[name].push(found)
    }
  }
  return told
}
