import { stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Whether a folder has been worked in, or is meant to be: task files, and a configuration or runs. A `tasks/` alone may be anybody's. */
export async function isWorkspace(dir: string): Promise<boolean> {
  const [tasks, config, runs] = await Promise.all(['tasks', 'config.json', 'runs'].map((name) => isThere(join(dir, name))))
  return tasks === true && (config === true || runs === true)
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
