import { onTestFinished } from 'vitest'
import { tempDir } from '../temp-dir.ts'
import { workspaceIn, type TestWorkspace } from './program.ts'

export { readEventLines } from './program.ts'
export type { TestWorkspace } from './program.ts'

/** A workspace of the test's own. What is started in it is killed when the test has ended. */
export async function testWorkspace(config?: object): Promise<TestWorkspace> {
  const workspace = workspaceIn(await tempDir(), (program) => onTestFinished(() => void program.kill('SIGKILL')))
  if (config !== undefined) await workspace.write('config.json', JSON.stringify(config, null, 2))
  return workspace
}

/** A configuration whose only provider is a server that speaks OpenAI's protocol. */
export function serverConfig(url: string, more: object = {}): object {
  return { project: 'test', providers: { server: { type: 'openai', base_url: url, model: 'test-model', free: true } }, ...more }
}
