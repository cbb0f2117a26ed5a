/** The way to a conductor that works in another process. */
export { connectControl } from '../control/client.ts'
