import type { Fault } from './fault.ts'
import { kill } from './kill.ts'

/** All that is made to go wrong, in the order in which `npm run chaos` does it. */
export const FAULTS: readonly Fault[] = [
  kill,
]
