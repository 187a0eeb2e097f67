import { lookup as systemLookup, type LookupAddress, type LookupAllOptions } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { PortError } from '../source-adapter.ts'
import { addressKind } from './addresses.ts'

/** Asks the system for all addresses of a name. */
export type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void

/** An address that must not be connected to, found by name or written in a URL. */
export class RefusedAddress extends Error {
  override readonly name = 'RefusedAddress'
}

/** http(s), and no address in place of a name that must not be connected to. Throws `PortError`. */
export function checkUrl(url: URL, allowPrivate: boolean): void {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new PortError('permanent', `only http and https addresses are fetched, not ${url.protocol}`)
  }
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0 && !mayConnect(host, allowPrivate)) throw refusedPort(host)
}

export const refusedPort = (host: string): PortError =>
  new PortError('permanent', `${host} is an address that is not fetched from: ${whyNot}`)

const whyNot = 'it is link-local, reserved or a metadata service, or private and not allowed here'

/**
 * Resolves a name once and hands over only the addresses that may be connected to, so that what was checked
 * is what is connected to: a name that changes its mind in between gains nothing.
 */
export function guardedLookup(allowPrivate: boolean, resolve: Resolve = systemLookup): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '', 0)
      const allowed = addresses.filter(({ address }) => mayConnect(address, allowPrivate))
      const first = allowed[0]
      if (!first) return callback(new RefusedAddress(`${hostname}: ${whyNot}`), '', 0)
      if (options.all) callback(null, allowed)
      else callback(null, first.address, first.family)
    })
  }
}

function mayConnect(address: string, allowPrivate: boolean): boolean {
  const kind = addressKind(address)
  return kind === 'public' || (kind === 'private' && allowPrivate)
}
