/**
 * The first index for which something is so, among those for which it is not so, and then so for all: found in as many
 * looks as `count` has binary digits. `count` where it is so for none.
 */
export function firstWhere(count: number, isSo: (index: number) => boolean): number {
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >> 1
    if (isSo(middle)) high = middle
    else low = middle + 1
  }
  return low
}
