import type { Conductor } from '../app/conductor.ts'
import { reloadConfig } from '../app/reload.ts'
import { complain, err } from './terminal.ts'

/** Lets a conductor go by `config.json` as it is changed, and says what of a change holds. @returns ends it */
export function followConfig(conductor: Conductor): () => void {
  return reloadConfig(conductor, ({ problems, changed, later }) => {
    complain(problems)
    if (problems.length > 0) err('config.json cannot be used as it is: what it said before still holds')
    if (changed.length > 0 && conductor.run?.handle.state.phase.phase !== 'open') err(`config.json has changed: ${changed.join(', ')}`)
    if (later.length > 0) err(`config.json has changed: ${later.join(', ')} ${later.length === 1 ? 'holds' : 'hold'} once Tutti is started again`)
  })
}
