/** Where to listen: a host as Node takes it, and a port. */
export type ListenAddress = { host: string; port: number }

/** `127.0.0.1:5200`, `[::1]:5200`; undefined for what is none. */
export function listenAddress(text: string): ListenAddress | undefined {
  const [, bracketed, plain, port = ''] = /^(?:\[([0-9a-fA-F:.]+)\]|([0-9A-Za-z.-]+)):(\d{1,5})$/.exec(text) ?? []
  const host = bracketed ?? plain
  return host === undefined || Number(port) > 65_535 ? undefined : { host, port: Number(port) }
}

/** Whether only programs of this machine get there. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host)
}

/** The name in a `Host` header, without its port; undefined where it is none. */
export function hostName(header: string): string | undefined {
  const [, bracketed, plain] = /^(?:\[([0-9a-fA-F:.]+)\]|([0-9A-Za-z._-]+))(?::\d{1,5})?$/.exec(header) ?? []
  return (bracketed ?? plain)?.toLowerCase()
}

/** An address is not a name that somebody could point elsewhere. */
export function isAddress(host: string): boolean {
  return host.includes(':') || /^\d{1,3}(?:\.\d{1,3}){3}$/.test(host)
}
