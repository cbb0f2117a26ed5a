/** A message of a stream; see WHATWG HTML, "server-sent events". */
export type Message = { event: string; id: string | undefined; data: string }

/** Cuts a stream into its messages; what is not the whole of one when it breaks off is none. */
export async function* messagesOf(pieces: AsyncIterable<string>): AsyncGenerator<Message> {
  let rest = ''
  let message: Message = { event: 'message', id: undefined, data: '' }
  for await (const piece of pieces) {
    const lines = (rest + piece).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line === '') {
        if (message.data !== '') yield message
        message = { event: 'message', id: undefined, data: '' }
        continue
      }
      const [, field = '', value = ''] = /^([^:]*):? ?([^]*)$/.exec(line) ?? []
      if (field === 'data') message.data += message.data === '' ? value : `\n${value}`
      else if (field === 'id') message.id = value
      else if (field === 'event') message.event = value
    }
  }
}
