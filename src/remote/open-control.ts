import type { Server } from 'node:http'
import type { OpenControl } from '../app/control-door.ts'
import { chainEvents } from '../app/event-chain.ts'
import { errorCode, errorMessage } from '../core/error.ts'
import type { Problem } from '../core/problem.ts'
import type { Desk, Transport } from './desk.ts'
import { createHttpServer, shut, type Handle } from './http-server.ts'
import { isLoopback, listenAddress } from './listen-address.ts'
import { listenPrivately, type PrivateSocket } from './private-socket.ts'
import { usedKeys } from './used-keys.ts'

/** What is being answered when the doors are shut has this long. */
const GRACE_MS = 2_000

/**
 * Opens the doors. Little is loaded for that: a server of Node's own. What answers is loaded when somebody asks for
 * something for the first time.
 */
export const openControl: OpenControl = async (conductor, { listen, gatekeeper }) => {
  const { workspace } = conductor
  const desk: Desk = { conductor, chain: chainEvents(conductor), gatekeeper, requests: {}, keys: usedKeys(), streams: new Set(), isShut: false }
  const problems: Problem[] = []
  const address = listen === undefined ? undefined : listenAddress(listen)
  const api = loadedLate(desk, address?.host)

  const local = createHttpServer(api('socket'))
  const socket = await listenPrivately(local, workspace.runs).catch((error: unknown): undefined => {
    problems.push({ file: 'runs/control.sock', message: `the socket for commands cannot be opened (${errorMessage(error)}); the run goes on, but tutti attach, approve and the like do not reach it` })
  })

  const open = listen === undefined ? undefined : createHttpServer(api('tcp'))
  if (open !== undefined && listen !== undefined) problems.push(...(await openToNetwork(open, listen, desk)))
  const http = open?.listening === true ? urlOf(open) : undefined

  return {
    addresses: { ...(socket === undefined ? {} : { socket: socket.path }), ...(http === undefined ? {} : { http }) },
    problems,
    close: () => closeAll(desk, open === undefined ? [local] : [local, open], socket),
  }
}

/** The endpoints, from the first request on. */
function loadedLate(desk: Desk, host: string | undefined): (transport: Transport) => Handle {
  let loading: Promise<(transport: Transport) => Handle> | undefined
  return (transport) => (incoming, outgoing) => {
    loading ??= import('./api.ts').then(({ createApi }) => createApi(desk, host))
    loading.then(
      (handlerFor) => handlerFor(transport)(incoming, outgoing),
      (error: unknown) => {
        process.emitWarning(`the control server cannot be loaded: ${errorMessage(error)}`)
        outgoing.destroy()
      },
    )
  }
}

/** Opens the door to a network; gives why it stays shut, and what is doubtful about it. */
async function openToNetwork(server: Server, listen: string, { gatekeeper, conductor: { workspace } }: Desk): Promise<Problem[]> {
  const problem = (message: string): Problem => ({ file: `--listen ${listen}`, message })
  const address = listenAddress(listen)
  if (address === undefined) return [problem('has to be an address and a port, such as 127.0.0.1:5200 or [::1]:5200')]
  if (gatekeeper === undefined) return [problem('nobody could be let in: there are no tokens to tell callers apart')]
  const failed = await new Promise<Error | undefined>((resolve) => {
    server.once('error', resolve)
    server.listen({ host: address.host, port: address.port }, () => {
      server.off('error', resolve)
      resolve(undefined)
    })
  })
  if (failed !== undefined) return [problem(errorCode(failed) === 'EADDRINUSE' ? 'another program listens there; choose another port' : failed.message)]
  const doubts = isLoopback(address.host) ? [] : [problem('tokens travel in plain text from other machines; put a proxy with TLS before it')]
  const { webhook } = workspace
  return 'shut' in webhook && webhook.shut !== undefined ? [...doubts, { file: 'config.json', message: `${webhook.shut}; the webhook door stays shut` }] : doubts
}

function urlOf(server: Server): string {
  const at = server.address()
  if (at === null || typeof at === 'string') throw new Error('bug: a server that listens on TCP has no address')
  return `http://${at.family === 'IPv6' ? `[${at.address}]` : at.address}:${at.port}`
}

async function closeAll(desk: Desk, servers: readonly Server[], socket: PrivateSocket | undefined): Promise<void> {
  // Nobody new finds it from here on.
  await socket?.remove()
  desk.isShut = true
  for (const stream of desk.streams) stream.abort()
  await Promise.all(servers.map((server) => shut(server, GRACE_MS)))
  desk.chain.close()
}
