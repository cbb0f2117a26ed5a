import { boundary } from './boundary.ts'
import { disk } from './disk.ts'
import type { Fault } from './fault.ts'
import { input } from './input.ts'
import { kill } from './kill.ts'
import { load } from './load.ts'
import { providers } from './providers.ts'

/** All that is made to go wrong, in the order in which `npm run chaos` does it. */
export const FAULTS: readonly Fault[] = [kill, boundary, providers, disk, input, load]
