// Asks a server as often as it is told, so many at once, and keeps nothing.
import { CONTENT, bodyOf } from '../model-calls.ts'
import { given, stopwatch, tell } from '../process-cost.ts'

const { url, client, calls, at_once } = given('caller')

const stop = stopwatch()
const ask = await clientOf(client)
let next = 0
await Promise.all(Array.from({ length: at_once }, askOn))
tell('caller', stop())

async function askOn(): Promise<void> {
  while (next < calls) {
    const text = await ask(next++)
    if (text !== CONTENT) throw new Error(`the server answered ${JSON.stringify(text)}`)
  }
}

type Answer = { choices: { message: { content: string } }[] }

function textOf(answer: unknown): string | undefined {
  return (answer as Answer).choices[0]?.message.content
}

async function clientOf(name: typeof client): Promise<(index: number) => Promise<string | undefined>> {
  const headers = { 'content-type': 'application/json' }
  switch (name) {
    case 'fetch':
      return async (index) => {
        const response = await fetch(`${url}/chat/completions`, { method: 'POST', headers, body: JSON.stringify(bodyOf(index)) })
        return textOf(await response.json())
      }
    case 'undici': {
      const { default: undici } = await import('undici')
      const dispatcher = new undici.Agent({ connections: at_once, pipelining: 1 })
      return async (index) => {
        const { body } = await undici.request(`${url}/chat/completions`, { dispatcher, method: 'POST', headers, body: JSON.stringify(bodyOf(index)) })
        return textOf(await body.json())
      }
    }
    // As Tutti asks: streamed, so that a person sees what comes.
    case 'openai': {
      const { OpenAI } = await import('openai')
      const openai = new OpenAI({ baseURL: url, apiKey: 'none', maxRetries: 0, logLevel: 'off' })
      return async (index) => {
        let text = ''
        for await (const chunk of await openai.chat.completions.create({ ...bodyOf(index), stream: true, stream_options: { include_usage: true } })) {
          text += chunk.choices[0]?.delta.content ?? ''
        }
        return text
      }
    }
  }
}
