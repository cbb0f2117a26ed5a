/**
 * Does something for each of some numbers, several at once. Where one fails no further one is begun.
 * @throws the first failure, once all that were begun have ended
 */
export async function sideBySide(numbers: readonly number[], at_once: number, work: (number: number) => Promise<void>): Promise<void> {
  const left = [...numbers]
  const one = async () => {
    for (let number = left.shift(); number !== undefined; number = left.shift()) {
      await work(number).catch((error: unknown) => {
        left.length = 0
        throw error
      })
    }
  }
  const ends = await Promise.allSettled(Array.from({ length: at_once }, one))
  for (const end of ends) if (end.status === 'rejected') throw end.reason
}
