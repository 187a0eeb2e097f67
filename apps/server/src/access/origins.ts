import type { IncomingMessage } from 'node:http'
import { hostName } from './hosts.ts'

/**
 * Whether a request comes from the page that we serve, or from no page at all. The Host has been checked, so an
 * Origin that is the same scheme, host and port is ours: cookies do not tell ports apart, Origin does.
 * @param proxied names of WEB_ALLOWED_HOSTS: in front of those a proxy may speak https
 */
export function isForeign(request: IncomingMessage, proxied: readonly string[]): boolean {
  const { origin, host = '' } = request.headers
  const site = request.headers['sec-fetch-site']
  // `same-site` is another port or a sibling name: as strange as any other.
  if (site === 'cross-site' || site === 'same-site') return true
  if (origin === undefined) return false
  const given = origin.toLowerCase()
  if (given === `http://${host.toLowerCase()}`) return false
  const name = hostName(host)
  return !(proxied.some((one) => one.toLowerCase() === name) && given === `https://${host.toLowerCase()}`)
}
