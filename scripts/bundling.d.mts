import type { BuildOptions } from 'esbuild'

export function bundling(version: string): BuildOptions
