import { userInfo } from 'node:os'

/** The user, as runs record who wants something. In a container there may be none of this number. */
export function ownName(): string {
  try {
    return userInfo().username
  } catch {
    return 'owner'
  }
}
