import { createRoute } from '@hono/zod-openapi'
import * as z from 'zod'
import { budgetNow } from '../app/budget.ts'
import { BudgetNow, GraphNow, InboxNow, StateNow, TaskPage } from '../app/control-protocol.ts'
import { TaskId } from '../core/task.ts'
import { VERSION } from '../core/version.ts'
import { taskFilter } from '../core/views/filter.ts'
import { graphNodes } from '../core/views/graph.ts'
import { inboxEntries } from '../core/views/inbox.ts'
import { quotasUsedUp } from '../core/views/providers-away.ts'
import { limitsOfRun } from '../core/views/limits.ts'
import { runNow } from '../core/views/run-now.ts'
import { TaskDetail, taskDetail, taskRow } from '../core/views/task-detail.ts'
import { allow, answer, errors, projectNow, type Api, type Desk } from './desk.ts'
import { Refused } from './refused.ts'

const Page = z.object({ offset: z.coerce.number().int().min(0).default(0), limit: z.coerce.number().int().min(1).max(1000).default(100) })

/** The run that is open, or was the last, as it stands. */
export function addReads(api: Api, desk: Desk): void {
  const { conductor } = desk
  const read = (path: string, summary: string) => ({ method: 'get', path, summary }) as const
  const stateNow = () => conductor.run?.handle.state

  api.openapi(createRoute({ ...read('/v1/state', 'How the run stands'), responses: { 200: answer('The run, and who conducts it', StateNow), ...errors } }), (context) => {
    allow(context, 'read', projectNow(desk))
    const state = stateNow()
    return context.json({ conductor: { pid: process.pid, version: VERSION }, run: state === undefined ? null : runNow(state) }, 200)
  })

  const filter = z.string().max(200).default('').describe('Words as in the filter of the screen, without regular expressions: `status:failed build`')
  api.openapi(createRoute({ ...read('/v1/tasks', 'The tasks, as they were added'), request: { query: Page.extend({ filter }) }, responses: { 200: answer('Some of the tasks', TaskPage), ...errors } }), (context) => {
    allow(context, 'read', projectNow(desk))
    const { offset, limit, filter: words } = context.req.valid('query')
    const state = stateNow()
    // A regular expression can be written so that it never comes to an end, and the loop waits with it.
    if (/(?:^|\s)-?\//.test(words)) throw new Refused(400, { code: 'invalid', message: 'filter: regular expressions are not taken here' })
    const { shows, problem } = taskFilter(words)
    if (problem !== undefined) throw new Refused(400, { code: 'invalid', message: `filter: ${problem}` })
    if (state === undefined) return context.json({ run: null, tasks: [], total: 0 }, 200)
    const found = [...state.tasks.values()].filter(shows)
    return context.json({ run: state.run, tasks: found.slice(offset, offset + limit).map((task) => taskRow(task, state)), total: found.length }, 200)
  })

  api.openapi(createRoute({ ...read('/v1/tasks/{task}', 'One task'), request: { params: z.object({ task: TaskId }) }, responses: { 200: answer('The task', TaskDetail), ...errors } }), (context) => {
    allow(context, 'read', projectNow(desk))
    const state = stateNow()
    const { task: id } = context.req.valid('param')
    const task = state?.tasks.get(id)
    if (state === undefined || task === undefined) throw new Refused(404, { code: 'no_task', message: `there is no task "${id}" in this run` })
    return context.json(taskDetail(task, state), 200)
  })

  api.openapi(createRoute({ ...read('/v1/graph', 'What depends on what'), responses: { 200: answer('All tasks, dependencies first', GraphNow), ...errors } }), (context) => {
    allow(context, 'read', projectNow(desk))
    const state = stateNow()
    if (state === undefined) return context.json({ run: null, tasks: [] }, 200)
    const nodes = graphNodes([...state.tasks.values()].map(({ spec }) => spec))
    return context.json({ run: state.run, tasks: nodes.flatMap((node) => ({ ...node, status: state.tasks.get(node.id)?.state.status ?? 'waiting' })) }, 200)
  })

  api.openapi(createRoute({ ...read('/v1/inbox', 'What waits for a person'), responses: { 200: answer('Oldest first', InboxNow), ...errors } }), (context) => {
    allow(context, 'read', projectNow(desk))
    const state = stateNow()
    if (state === undefined) return context.json({ run: null, entries: [], quotas: [] }, 200)
    return context.json({ run: state.run, entries: InboxNow.shape.entries.parse(inboxEntries(state)), quotas: quotasUsedUp(state) }, 200)
  })

  api.openapi(createRoute({ ...read('/v1/budget', 'What has been spent, and what is left'), responses: { 200: answer('From the widest limit to the narrowest', BudgetNow), ...errors } }), async (context) => {
    allow(context, 'read', projectNow(desk))
    const state = stateNow()
    if (state !== undefined) return context.json({ run: state.run, limits: limitsOfRun(state) }, 200)
    const { limits } = await budgetNow(conductor.workspace, new Date().toISOString())
    return context.json({ run: null, limits }, 200)
  })
}
