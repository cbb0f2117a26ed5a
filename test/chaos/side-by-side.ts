/**
 * Does something for each of some things, several at once. Where one fails no further one is begun.
 * @throws the first failure, once all that were begun have ended
 */
export async function sideBySide<Thing>(things: readonly Thing[], at_once: number, work: (thing: Thing) => Promise<void>): Promise<void> {
  const left = [...things]
  const one = async () => {
    for (let thing = left.shift(); thing !== undefined; thing = left.shift()) {
      await work(thing).catch((error: unknown) => {
        left.length = 0
        throw error
      })
    }
  }
  const ends = await Promise.allSettled(Array.from({ length: at_once }, one))
  for (const end of ends) if (end.status === 'rejected') throw end.reason
}
