import { disk } from './disk.ts'
import type { Fault } from './fault.ts'
import { input } from './input.ts'
import { load } from './load.ts'

/** All that is made to go wrong, in the order in which `npm run chaos` does it. */
export const FAULTS: readonly Fault[] = [
  disk,
  input,
  load,
]
