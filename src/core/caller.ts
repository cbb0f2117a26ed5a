import * as z from 'zod'

/** What somebody may be allowed, from the least on. */
export const Role = z.enum(['viewer', 'operator', 'admin'])
export type Role = z.infer<typeof Role>

/** A name as it stands beside what somebody did: up to 64 characters, none of them unseen, no blank at either end. */
export const Who = z.string().regex(/^[^\p{C}\p{Z}](?:[^\p{C}\p{Zl}\p{Zp}]{0,62}[^\p{C}\p{Z}])?$/u)

/** The projects that somebody is limited to; absent where they are not limited. */
export const Projects = z.array(z.string().min(1).max(200)).min(1).max(100)

/** Somebody who was let in. */
export type Caller = {
  who: string
  role: Role
  /** Absent: every project, and what belongs to none. */
  projects?: readonly string[] | undefined
  /** What they came in by: the id of a token or login, as `tutti token list` shows it and `tutti token revoke` takes it. */
  grant: string
}

/** `operate`: answer and steer. `administer`: change budgets and configuration. */
export type Action = 'read' | 'operate' | 'administer'

const ALLOWED: Readonly<Record<Role, readonly Action[]>> = {
  viewer: ['read'],
  operator: ['read', 'operate'],
  admin: ['read', 'operate', 'administer'],
}

/**
 * Whether somebody may do this.
 * @param project whose it is; undefined for what belongs to the workspace as a whole, such as its configuration or its
 * conductor: that is not for those who are limited to projects
 */
export function mayDo({ role, projects }: Pick<Caller, 'role' | 'projects'>, action: Action, project: string | undefined): boolean {
  return ALLOWED[role].includes(action) && (projects === undefined || (project !== undefined && projects.includes(project)))
}
