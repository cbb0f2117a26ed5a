import assert from 'node:assert/strict'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { openPlace } from '../place.ts'
import type { Kind } from './kind.ts'
import { assertWhole, CONFIG, DONE } from './work.ts'

const HOUR_S = 3600

/** Loaded before the program: from the moment that a file is there, the time of day is an hour earlier. */
const SHIFT = `
import { existsSync } from 'node:fs'
const Real = Date
let shift = 0
const look = () => { if (existsSync(process.env.JUMPED)) shift = -${HOUR_S}_000 }
look()
setInterval(look, 5).unref()
globalThis.Date = class extends Real {
  constructor(...given) { given.length === 0 ? super(Real.now() + shift) : super(...given) }
  static now() { return Real.now() + shift }
}
`

/** A clock that is set back does not keep anything waiting, and what it stamps can be read. */
export const clockBack: Kind = {
  name: 'clock set back',
  run: async ({ dir }) => {
    const place = await openPlace(join(dir, 'workspace'))
    try {
      await place.write('config.json', CONFIG)
      await place.write('../shift.mjs', SHIFT)
      const jumped = place.at('../jumped')
      const env = { NODE_OPTIONS: `--import ${pathToFileURL(place.at('../shift.mjs')).href}`, JUMPED: jumped }
      const tasks = [
        { id: 'fails', command: `echo fails >> ${DONE}; test -e ${jumped}`, retries: 1 },
        // The clock is set back while the one that failed waits for its second try, which was due by the old time.
        { id: 'jumps', command: `echo jumps >> ${DONE}; until grep -q '"attempt.finished"' "$TUTTI_RUN_DIR/events.jsonl"; do sleep 0.02; done; touch ${jumped}` },
        { id: 'after', command: `echo after >> ${DONE}`, depends_on: ['fails', 'jumps'] },
        { id: 'costs', prompt: 'Say something.', provider: 'rehearsal', depends_on: ['after'] },
      ]
      await place.write('plan.json', JSON.stringify({ tasks }))
      const begun = performance.now()
      await assertWhole(place, undefined, await place.tutti(['run', 'plan.json', '--no-tui'], env))
      const took = (performance.now() - begun) / 1000
      assert.ok(took < 60, `it took ${took} s`)
      const { events } = await place.record()
      for (const [at, event] of events.entries()) assert.ok(event.at >= (events[at - 1]?.at ?? ''), `event ${event.seq} is earlier than the one before: ${event.at}`)
      const manifest = JSON.parse(await place.read(`runs/${events[0]?.type === 'run.opened' ? events[0].run : ''}/manifest.json`)) as { duration_s: number }
      assert.ok(manifest.duration_s >= 0 && manifest.duration_s < 60, `the run took ${manifest.duration_s} s`)

      // Who comes next lives an hour earlier than what is recorded.
      await place.write('next.json', JSON.stringify({ tasks: [{ id: 'held', command: `echo held >> ${DONE}`, requires_approval: true }] }))
      assert.equal((await place.tutti(['run', 'next.json', '--no-tui'], env)).code, 4)
      const resumed = await place.tutti(['resume', '--yes', '--no-tui'], env)
      assert.equal(resumed.code, 0, resumed.all)
      for (const args of [['status'], ['budget']]) assert.equal((await place.tutti(args, env)).code, 0, args.join(' '))
      return `an hour, in mid-run: all was done in ${took.toFixed(1)} s, no time runs backwards in its log`
    } finally {
      await place.end()
    }
  },
}
