import { fileURLToPath } from 'node:url'

/** @type {import('esbuild').Plugin} */
const smallZod = {
  name: 'small Zod for @hono/zod-openapi',
  setup(build) {
    const path = fileURLToPath(new URL('zod-for-openapi.mjs', import.meta.url))
    build.onResolve({ filter: /^zod$/ }, ({ importer }) => (/@hono[\\/]zod-openapi/.test(importer) ? { path } : undefined))
  },
}

/**
 * How sources become a program: one small entry and a chunk for each `import()`, so that `tutti --help` loads no
 * provider, no schema and no screen.
 * @param {string} version
 * @returns {import('esbuild').BuildOptions}
 */
export function bundling(version) {
  return {
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    mainFields: ['module', 'main'],
    target: 'node20',
    minify: true,
    legalComments: 'none',
    define: { 'process.env.NODE_ENV': '"production"', TUTTI_VERSION: JSON.stringify(version) },
    plugins: [smallZod],
    // Ink asks for React's developer tools when DEV is set; nobody who has the program has them.
    alias: { 'react-devtools-core': fileURLToPath(new URL('no-developer-tools.mjs', import.meta.url)) },
    // Packages written as CommonJS use require() and __filename; an ES module has to bring its own.
    banner: {
      js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url),__filename=import.meta.filename;",
    },
  }
}
