import { z } from 'zod'
import { oneLine } from '../../core/sanitize.ts'
import type { Health } from '../provider.ts'
import { HttpError } from './signal.ts'

const SHOWN = 12
const LONGEST_NAME = 100

/** The models of a server in one line. Their names come from the server. */
export function listed(models: readonly string[]): string {
  const names = models.slice(0, SHOWN).map((model) => oneLine(model, LONGEST_NAME))
  const more = models.length > SHOWN ? ` and ${models.length - SHOWN} more` : ''
  return models.length === 0 ? 'no models' : `${models.length} ${models.length === 1 ? 'model' : 'models'}: ${names.join(', ')}${more}`
}

const Models = z.object({ data: z.array(z.object({ id: z.string() })) })

/** The health of a server that answered with its models, as OpenAI's and Anthropic's APIs list them. */
export function lookForModels(answer: unknown): Health {
  const models = Models.safeParse(answer)
  if (!models.success) throw new HttpError({ signal: 'garbage' })
  return { state: 'ready', detail: listed(models.data.data.map(({ id }) => id)) }
}
