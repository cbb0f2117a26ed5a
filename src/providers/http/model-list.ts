import { oneLine } from '../../core/sanitize.ts'

const SHOWN = 12
const LONGEST_NAME = 100

/** The models of a server in one line. Their names come from the server. */
export function listed(models: readonly string[]): string {
  const names = models.slice(0, SHOWN).map((model) => oneLine(model, LONGEST_NAME))
  const more = models.length > SHOWN ? ` and ${models.length - SHOWN} more` : ''
  return models.length === 0 ? 'no models' : `${models.length} ${models.length === 1 ? 'model' : 'models'}: ${names.join(', ')}${more}`
}
