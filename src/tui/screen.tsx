import { Box } from 'ink'
import { useMemo, useSyncExternalStore } from 'react'
import { canvasesOf } from './canvases.ts'
import { Blocks } from './components/blocks.tsx'
import { Canvas } from './components/canvas.tsx'
import { Row } from './components/row.tsx'
import type { Rect } from './layout.ts'
import { frame } from './lines/frame.ts'
import { openPageOf } from './pages/pages.ts'
import type { ScreenStore } from './screen-store.ts'
import type { Shape } from './shape.ts'
import { topPage } from './ui.ts'

/** The whole page: the main one with its panes, or the page that is open over it. */
export function Screen({ store, shape }: { store: ScreenStore; shape: () => Shape }) {
  const { layout, page } = useSyncExternalStore(store.frames.subscribe, shape)
  const canvases = useMemo(() => canvasesOf(store, layout), [store, layout])
  return (
    <Box flexDirection="column" width={layout.size.width} height={layout.size.height}>
      {canvases.map(({ id, rect, draw }) => (
        <Canvas key={id} id={id} rect={rect} draw={draw} />
      ))}
      {page === undefined ? undefined : <OpenPage store={store} body={layout.body} />}
    </Box>
  )
}

function OpenPage({ store, body: { x, y, width, height } }: { store: ScreenStore; body: Rect }) {
  useSyncExternalStore(store.frames.subscribe, store.frames.number)
  const glance = store.glance()
  const page = topPage(glance.ui)
  if (page === undefined) return undefined
  const { title, blocks } = openPageOf(glance, page)
  return (
    <Box position="absolute" marginLeft={x} marginTop={y} flexDirection="column" width={width} height={height} overflow="hidden">
      <Row line={frame([{ text: title() }], [], { width, height: 1, focused: true, border: 'rule' })[0] ?? []} />
      <Blocks blocks={blocks()} width={width} />
    </Box>
  )
}
