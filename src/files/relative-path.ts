const MAX_NAME_BYTES = 255
const MAX_PATH_BYTES = 1024

/**
 * The steps of a path that stays below wherever it starts, without `.` and empty steps; or why it
 * would not, or is not a path on every system.
 */
export function relativePath(path: string): { folders: string[]; name: string } | { reason: string } {
  if (path === '') return { reason: 'it is empty' }
  if (/\p{Cc}/u.test(path)) return { reason: 'it holds a control character' }
  if (path.includes('\\')) return { reason: 'it holds a backslash' }
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) return { reason: 'it is absolute' }
  if (path.startsWith('~')) return { reason: 'it starts with "~"' }
  if (Buffer.byteLength(path) > MAX_PATH_BYTES) return { reason: `it is longer than ${MAX_PATH_BYTES} bytes` }

  const segments = path.split('/')
  if (segments.includes('..')) return { reason: 'it leaves the folder by ".."' }
  if (['', '.'].includes(segments.at(-1) ?? '')) return { reason: 'it names a folder' }
  const steps = segments.filter((segment) => segment !== '' && segment !== '.')
  if (steps.some((step) => Buffer.byteLength(step) > MAX_NAME_BYTES)) {
    return { reason: `a name in it is longer than ${MAX_NAME_BYTES} bytes` }
  }
  return { folders: steps.slice(0, -1), name: steps.at(-1) ?? '' }
}
