import { isIPv4, isIPv6 } from 'node:net'

/**
 * Under what an address is counted. One machine has a whole network of IPv6 addresses (a /64), so they count as one;
 * an IPv4 address counts the same in either notation.
 */
export function addressKey(address: string): string {
  const [plain = ''] = address.split('%')
  const mapped = /^::ffff:([\d.]+)$/i.exec(plain)?.[1]
  if (mapped !== undefined && isIPv4(mapped)) return mapped
  return isIPv6(plain) ? `${network(plain)}::/64` : address
}

/** The first four of the eight groups. */
function network(address: string): string {
  const [before = '', after] = address.split('::')
  const head = before === '' ? [] : before.split(':')
  const tail = after === undefined || after === '' ? [] : after.split(':')
  // A dotted end stands for two groups.
  const length = head.length + tail.length + (address.includes('.') ? 1 : 0)
  const zeros = after === undefined ? [] : Array.from({ length: 8 - length }, () => '0')
  return [...head, ...zeros, ...tail]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')
}
