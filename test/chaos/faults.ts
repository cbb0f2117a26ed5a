import { boundary } from './boundary.ts'
import { disk } from './disk.ts'
import type { Fault } from './fault.ts'
import { input } from './input.ts'
import { kill } from './kill.ts'
import { load } from './load.ts'
import { providers } from './providers.ts'

/** All that is made to go wrong, in the order in which `npm run chaos` begins with it: what takes longest first. */
export const FAULTS: readonly Fault[] = [disk, load, boundary, kill, providers, input]
