import { describe, expect, it } from 'vitest'
import { mediaType } from '../../src/core/media-type.ts'

describe('the media type of a file', () => {
  it.each([
    ['output.md', 'text/markdown'],
    ['a/b/DATA.JSON', 'application/json'],
    ['shot.v2.png', 'image/png'],
    ['Makefile', 'text/plain'],
    ['conf.d/LICENSE', 'text/plain'],
    ['.gitignore', 'text/plain'],
    ['model.gguf', 'application/octet-stream'],
    ['a.constructor', 'application/octet-stream'],
  ])('of %s is %s', (path, type) => {
    expect(mediaType(path)).toBe(type)
  })
})
