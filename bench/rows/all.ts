import type { Row } from '../row.ts'
import { durable } from './durable.ts'
import { endToEnd, noDelay } from './end-to-end.ts'
import { flushes } from './flushes.ts'
import { growth } from './growth.ts'
import { cache, layout, routing } from './parts.ts'
import { resultFiles } from './result-files.ts'
import { resume } from './resume.ts'
import { spawning } from './spawning.ts'
import { starting } from './starting.ts'
import { watching } from './watching.ts'

/** Every row, in the order of the table. */
export const ROWS: readonly Row[] = [durable, resultFiles, flushes, growth, spawning, endToEnd, noDelay, resume, watching, starting, cache, routing, layout]
