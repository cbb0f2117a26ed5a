// Answers chat completions of OpenAI's protocol, all the same and each after the same time. It reads HTTP itself:
// on a machine with few cores a server of Node's would take as much of them as what is measured.
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { CONTENT, MODEL } from '../model-calls.ts'
import { given, tell } from '../process-cost.ts'

const { delay_ms } = given('model-server')

const USAGE = { prompt_tokens: 42, completion_tokens: 48, total_tokens: 90 }
const WHOLE = response('application/json', JSON.stringify({ id: 'c', object: 'chat.completion', created: 0, model: MODEL, choices: [{ index: 0, message: { role: 'assistant', content: CONTENT }, finish_reason: 'stop' }], usage: USAGE }))
const STREAMED = response('text/event-stream', [...pieces(), '[DONE]'].map((data) => `data: ${data}\n\n`).join(''))

const server = createServer({ noDelay: true }, serve).listen(0, '127.0.0.1', () => tell('model-server', { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1` }))

function serve(socket: Socket): void {
  let unread = ''
  socket.setEncoding('latin1')
  socket.on('error', () => {})
  socket.on('data', (text: string) => {
    unread += text
    for (let size = requestSize(unread); size <= unread.length; size = requestSize(unread)) {
      const answer = unread.slice(0, size).includes('"stream":true') ? STREAMED : WHOLE
      unread = unread.slice(size)
      if (delay_ms === 0) socket.write(answer)
      else setTimeout(() => socket.write(answer), delay_ms)
    }
  })
}

/** Bytes of the first request; infinite as long as its head is not whole. */
function requestSize(text: string): number {
  const head = text.indexOf('\r\n\r\n')
  if (head < 0) return Number.POSITIVE_INFINITY
  const [, length] = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, head)) ?? []
  if (length === undefined) throw new Error(`this server needs to be told how long a body is: ${text.slice(0, head)}`)
  return head + 4 + Number(length)
}

/** A word each, as models send them. */
function pieces(): string[] {
  const chunk = (choice: object, more: object = {}) => JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 0, model: MODEL, choices: [{ index: 0, ...choice }], ...more })
  const words = CONTENT.match(/\S+\s*/g) ?? []
  return [...words.map((content) => chunk({ delta: { content }, finish_reason: null })), chunk({ delta: {}, finish_reason: 'stop' }, { usage: USAGE })]
}

function response(type: string, body: string): string {
  return `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: keep-alive\r\n\r\n${body}`
}
