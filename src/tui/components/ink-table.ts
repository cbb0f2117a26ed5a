import * as ink from 'ink'
import { Module, createRequire } from 'node:module'
import type { ComponentType, PropsWithChildren } from 'react'
import { IS_BUNDLED } from '../../core/version.ts'

/*
 * ink-table is CommonJS and requires Ink, an ES module with a top-level await: Node refuses that. It finds Ink
 * among the modules that are loaded already instead. The bundle brings both, and needs nothing of this.
 */
if (!IS_BUNDLED) {
  const { cache, resolve } = createRequire(import.meta.url)
  const path = resolve('ink')
  cache[path] = Object.assign(new Module(path), { filename: path, loaded: true, exports: ink })
}

type InkTableProps = {
  /** Cells by the name of their column. ink-table counts characters, not columns of a terminal. */
  data: Record<string, string>[]
  columns: string[]
  header: ComponentType<PropsWithChildren<{ column: number }>>
  cell: ComponentType<PropsWithChildren<{ column: number }>>
  /** Draws the frame. */
  skeleton: ComponentType<PropsWithChildren>
}

const loaded: unknown = await import('ink-table')

/** The class stands under one `default` or two, as whoever loaded it takes CommonJS. */
function tableOf(module: unknown): ComponentType<InkTableProps> {
  if (isTable(module)) return module
  if (typeof module === 'object' && module !== null && 'default' in module) return tableOf(module.default)
  throw new Error('bug: ink-table has no table')
}

function isTable(module: unknown): module is ComponentType<InkTableProps> {
  return typeof module === 'function'
}

export const InkTable = tableOf(loaded)
