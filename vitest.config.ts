import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    setupFiles: ['test/setup.ts'],
    testTimeout: 20_000,
    // Times on a screen are those of the person's zone; a test that is about another one says so.
    env: { TZ: 'UTC' },
  },
})
