import { boundary } from './boundary.ts'
import type { Fault } from './fault.ts'
import { kill } from './kill.ts'
import { providers } from './providers.ts'

/** All that is made to go wrong, in the order in which `npm run chaos` does it. */
export const FAULTS: readonly Fault[] = [
  kill,
  boundary,
  providers,
]
