import { createHash } from 'node:crypto'

/**
 * The id of a conversation with an agent: the same for all attempts that go on with it, in this process and
 * after a crash. It is laid out as a UUID of version 4, which every agent takes.
 * @param run the run's id
 * @param begun the attempt that began the conversation
 */
export function sessionId(run: string, task: string, begun: number): string {
  const bytes = createHash('sha256').update(JSON.stringify([run, task, begun])).digest().subarray(0, 16)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
