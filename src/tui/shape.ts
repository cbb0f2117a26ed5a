import type { Layout } from './layout.ts'
import type { ScreenStore } from './screen-store.ts'
import { topPage, type PageName } from './ui.ts'

/** The page and the places on it. They change seldom, and only then Ink lays out anew. */
export type Shape = { layout: Layout; page: PageName | undefined }

/** Gives the same object as long as nothing has moved. */
export function shapeOf(store: ScreenStore): () => Shape {
  let last: { key: string; shape: Shape } | undefined
  return () => {
    const { layout, ui } = store.glance()
    const shape = { layout, page: topPage(ui)?.page }
    const key = JSON.stringify(shape)
    if (last?.key !== key) last = { key, shape }
    return last.shape
  }
}
