import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

const ALL = 'test/**/*.test.{ts,tsx}'
/** Tests that do all they do in their own process, and leave nothing there for the next. Those of the terminal end it by signals. */
const PURE = ['test/{access,config,core,prices,tasks}/**/*.test.{ts,tsx}', 'test/tui/*.test.{ts,tsx}', 'test/tui/!(terminal)/**/*.test.{ts,tsx}']

export default defineConfig({
  test: {
    setupFiles: ['test/setup.ts'],
    testTimeout: 20_000,
    // Times on a screen are those of the person's zone; a test that is about another one says so.
    env: { TZ: 'UTC' },
    // Many tests wait for programs. One worker, which is what two cores are given, would wait with them.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      // To load their modules anew for each file takes as long as these tests do.
      { extends: true, test: { name: 'pure', include: PURE, isolate: false } },
      { extends: true, test: { name: 'effects', include: [ALL], exclude: PURE } },
    ],
  },
})
