import { isIP } from 'node:net'
import { hostname } from 'node:os'

/**
 * Which Host headers are answered. A page somewhere in the web can point a name of its own at an address in the
 * LAN and so read from it (DNS rebinding); it cannot do so with an address, or with a name that is no public
 * domain. RFC 6761, 6762, 8375 and ICANN's `internal` say which those are; `lan` and single labels are what routers use.
 * @param listening the address or name that was listened on, which is allowed too
 */
export function allowedHosts(listening: string): (header: string | undefined) => boolean {
  const own = new Set([listening.toLowerCase(), hostname().toLowerCase()])
  return (header) => {
    const name = nameOf(header)
    if (name === null) return false
    return isIP(name) !== 0 || own.has(name) || !name.includes('.') || localEnd.test(name)
  }
}

const localEnd = /\.(localhost|local|lan|internal|home\.arpa)$/

/** `nas.local:8421` → `nas.local`, `[::1]:8421` → `::1`; null if it is no host. */
function nameOf(header = ''): string | null {
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d{1,5})?$/i.exec(header)
  return (match?.[1] ?? match?.[2])?.toLowerCase().replace(/\.$/, '') ?? null
}
