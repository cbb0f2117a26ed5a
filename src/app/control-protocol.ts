/** What the server and its clients say to each other; the faces reach it through here. */
export * from '../control/protocol.ts'
