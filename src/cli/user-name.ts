import { userInfo } from 'node:os'

/** Who sits here. A user without an entry in the system's list, as in some containers, has a number only. */
export function userName(): string {
  try {
    return userInfo().username
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`
  }
}
