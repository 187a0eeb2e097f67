import { isIP } from 'node:net'
import { hostname, networkInterfaces } from 'node:os'

/**
 * Which Host headers are answered. A page somewhere in the web can point a name of its own at an address in the LAN
 * and so read from it (DNS rebinding); it cannot do so with our addresses, or with names that no public DNS gives
 * out: `localhost` and `.local` (RFC 6761, 6762), and this machine's name with or without what routers add.
 * @param listening the address or name that was listened on, which is allowed too
 * @param more WEB_ALLOWED_HOSTS
 */
export function allowedHosts(
  listening: string,
  more: () => readonly string[] = () => [],
): (header: string | undefined) => boolean {
  const machine = hostname().toLowerCase()
  const label = machine.split('.')[0] ?? machine
  const own = new Set([
    'localhost',
    machine,
    listening.toLowerCase(),
    ...localEnds.map((end) => label + end),
    label,
  ])
  return (header) => {
    const name = hostName(header)
    if (name === null) return false
    if (own.has(name) || more().some((allowed) => allowed.toLowerCase() === name)) return true
    return isIP(name) === 0 ? /\.(localhost|local)$/.test(name) : isOwnAddress(name)
  }
}

const localEnds = ['.lan', '.home', '.internal', '.home.arpa', '.fritz.box']

/** Asked each time: a NAS gets new addresses while it runs. */
function isOwnAddress(address: string): boolean {
  if (/^127\./.test(address) || address === '::1') return true
  const own = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  return own.some((one) => one.address.toLowerCase() === address)
}

/** `nas.local:8421` → `nas.local`, `[::1]:8421` → `::1`; null if it is no host. */
export function hostName(header = ''): string | null {
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d{1,5})?$/i.exec(header)
  return (match?.[1] ?? match?.[2])?.toLowerCase().replace(/\.$/, '') ?? null
}
