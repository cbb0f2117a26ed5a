import { resolve } from 'node:path'
import { startInPty, type PtyOptions, type PtyTerminal } from '../../pty/terminal.ts'
import { testWorkspace, type TestWorkspace } from '../workspace.ts'

/** A command that goes on until a file of this name is there. */
const until = (file: string) => `while [ ! -e ${file} ]; do sleep 0.02; done; echo ${file} is there`

/** `build` runs until it is let; `deploy` waits for approval after it; `side` runs until it is let; `shaky` fails until it is let. */
const PLAN = `tasks:
  - { id: build, command: "${until('build.go')}" }
  - { id: deploy, command: "echo deployed", depends_on: [build], requires_approval: true }
  - { id: tell, command: "echo told", depends_on: [deploy] }
  - { id: side, command: "echo side begins; ${until('side.go')}" }
  - { id: shaky, command: "test -e shaky.go || { echo it shakes; exit 3; }" }
`

export type ScreenWorld = TestWorkspace & {
  /** Starts the program on a terminal. */
  open: (args: string[], options?: PtyOptions) => PtyTerminal
  /** Lets a task go on. */
  let: (task: string) => Promise<string>
  statusOf: (task: string) => Promise<string | undefined>
}

export async function screenWorld(config: object = {}): Promise<ScreenWorld> {
  const workspace = await testWorkspace({ project: 'notes-api', execution: { max_concurrent: 4 }, ...config })
  await workspace.write('plan.yaml', PLAN)
  return {
    ...workspace,
    open: (args, options = {}) => startInPty([process.execPath, resolve('dist/main.js'), ...args], { cwd: workspace.dir, columns: 120, rows: 34, ...options }),
    let: (task) => workspace.write(`${task}.go`, ''),
    statusOf: async (task) => (await workspace.run()).manifest.tasks.find(({ id }) => id === task)?.status,
  }
}

export const has = (text: string | RegExp) => (screen: readonly string[]) => (typeof text === 'string' ? screen.join('\n').includes(text) : text.test(screen.join('\n')))
export const lacks = (text: string) => (screen: readonly string[]) => !has(text)(screen)

/** The row of the queue that is about a task, by the signs before its name: `● build`. */
export const row = (sign: string, task: string) => has(new RegExp(`${sign} ${task}\\b`))
