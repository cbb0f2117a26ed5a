/** Where a conductor listens; apart from what it says there, which takes longer to load. */
export { LONGEST_SOCKET_PATH, socketNote, socketPath, type SocketNote } from '../control/socket-place.ts'
