import { isIPv6 } from 'node:net'
import { networkInterfaces } from 'node:os'

/** Where a browser finds a server that listens on `host`: for "every address", this machine and its LAN. */
export function addressesOf(host: string, port: number): string[] {
  const hosts = host === '0.0.0.0' || host === '::' ? ['localhost', ...lanAddresses()] : [host]
  return hosts.map((name) => `http://${isIPv6(name) ? `[${name}]` : name}:${port}/`)
}

function lanAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4')
    .map(({ address }) => address)
    .slice(0, 3)
}
