import { join } from 'node:path'
import * as z from 'zod'
import { Projects, Role, Who } from '../core/caller.ts'
import type { AccessFolder } from './folder.ts'
import { PasswordHash } from './password.ts'
import { recordFile } from './record-file.ts'

/** Somebody who may log in. */
export const User = z.object({
  name: Who,
  role: Role,
  projects: Projects.optional(),
  created_at: z.iso.datetime(),
  password: PasswordHash,
})
export type User = z.infer<typeof User>

/** Who may log in: `runs/access/users.json`. */
export type Users = {
  all: () => Promise<User[]>
  find: (name: string) => Promise<User | undefined>
  /** @returns false where there is one of this name */
  add: (user: User) => Promise<boolean>
  /** @returns false where there is none of this name */
  remove: (name: string) => Promise<boolean>
}

export function openUsers(folder: AccessFolder): Users {
  const file = recordFile(join(folder.path, 'users.json'), User)
  return {
    all: file.read,
    find: async (name) => (await file.read()).find((user) => user.name === name),
    add: (user) =>
      folder.alone(async () => {
        const users = await file.read()
        if (users.some(({ name }) => name === user.name)) return false
        await file.write([...users, user])
        return true
      }),
    remove: (name) =>
      folder.alone(async () => {
        const users = await file.read()
        const others = users.filter((user) => user.name !== name)
        if (others.length === users.length) return false
        await file.write(others)
        return true
      }),
  }
}
