import type { Block } from '../lines/block.ts'
import { Rows } from './row.tsx'
import { Table } from './table.tsx'

/** The pieces of a page, one below the other. */
export function Blocks({ blocks, width }: { blocks: readonly Block[]; width: number }) {
  return blocks.map((block, index) => ('table' in block ? <Table key={index} {...block.table} width={width} /> : <Rows key={index} lines={block.lines} width={width} />))
}
