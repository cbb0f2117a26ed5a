import * as z from 'zod'
import { oneLine } from '../../core/sanitize.ts'
import type { Health } from '../provider.ts'
import { HttpError, signalOf } from './signal.ts'

const SHOWN = 12
const LONGEST_NAME = 100

/** The models of a server in one line. Their names come from the server. */
export function listed(models: readonly string[]): string {
  const names = models.slice(0, SHOWN).map((model) => oneLine(model, LONGEST_NAME))
  const more = models.length > SHOWN ? ` and ${models.length - SHOWN} more` : ''
  return models.length === 0 ? 'no models' : `${models.length} ${models.length === 1 ? 'model' : 'models'}: ${names.join(', ')}${more}`
}

const Models = z.object({ data: z.array(z.object({ id: z.string() })) })

/** Statuses of a server that has chats, and no list of models. */
const NO_LIST = [404, 405]

/**
 * The health of a server as its models tell it, listed as OpenAI's and Anthropic's APIs do.
 * @param ask asks for the list; not every server has one
 */
export async function lookForModels(ask: () => Promise<unknown>): Promise<Health> {
  try {
    const models = Models.safeParse(await ask())
    if (!models.success) throw new HttpError({ signal: 'garbage' })
    return { state: 'ready', detail: listed(models.data.data.map(({ id }) => id)) }
  } catch (error) {
    const told = signalOf(error)
    if (told?.signal !== 'refused' || !NO_LIST.includes(told.status)) throw error
    return { state: 'ready', detail: 'answers, but does not list its models' }
  }
}
