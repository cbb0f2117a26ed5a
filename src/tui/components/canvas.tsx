import { Box, Text } from 'ink'
import { createContext, useContext, useEffect } from 'react'
import type { Line } from '../../core/views/line.ts'
import type { Paint } from '../lines/paint.ts'
import type { Rect } from '../layout.ts'

/** Paints lines over the frame that Ink has laid out, without React, at every turn of the screen. */
export type Surface = {
  put: (id: string, rect: Rect, draw: () => readonly Line[]) => void
  take: (id: string) => void
}

/** Absent where there is no terminal to paint on: then the lines are a part of Ink's frame. */
export const SurfaceContext = createContext<Surface | undefined>(undefined)
export const PaintContext = createContext<Paint>((line) => line.map(({ text }) => text).join(''))

/**
 * A rectangle of ready-made lines, each of exactly as many columns as it has. Ink leaves the room free; the surface
 * fills it. Laid out by Ink, 64 running tasks cost six times as much.
 */
export function Canvas({ id, rect, draw }: { id: string; rect: Rect; draw: () => readonly Line[] }) {
  const surface = useContext(SurfaceContext)
  const paint = useContext(PaintContext)
  useEffect(() => {
    surface?.put(id, rect, draw)
    return () => surface?.take(id)
  }, [surface, id, rect, draw])
  return (
    <Box position="absolute" marginLeft={rect.x} marginTop={rect.y} width={rect.width} height={rect.height}>
      {surface === undefined ? <Text wrap="truncate">{draw().map(paint).join('\n')}</Text> : undefined}
    </Box>
  )
}
