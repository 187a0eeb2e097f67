import { BlockList, isIP } from 'node:net'

/**
 * `private`: loopback, LAN, carrier NAT, unique local; connected to only where the operator named the host.
 * `never`: link-local, cloud metadata, "this host", multicast, reserved; no source or backend lives there.
 */
export type AddressKind = 'public' | 'private' | 'never'

/**
 * What an IP address is for (IANA special-purpose registries, RFC 6890). An IPv4 address inside an IPv6 one
 * (mapped, translated, NAT64, 6to4) is judged as itself. What is no address is `never`.
 */
export function addressKind(address: string): AddressKind {
  const plain = address.replace(/%.*$/, '') // a zone says which interface, not which address
  if (isIP(plain) === 4) return kindIn(plain, 'ipv4')
  if (isIP(plain) !== 6) return 'never'
  const embedded = embeddedV4(plain)
  return embedded === null ? kindIn(plain, 'ipv6') : kindIn(embedded, 'ipv4')
}

function kindIn(address: string, family: 'ipv4' | 'ipv6'): AddressKind {
  if (never.check(address, family)) return 'never'
  return local.check(address, family) ? 'private' : 'public'
}

const never = blockList(
  ['0.0.0.0/8', '169.254.0.0/16', '192.0.0.0/24', '224.0.0.0/4', '240.0.0.0/4'],
  // Metadata services outside link-local: Alibaba Cloud, Azure; AWS and Google over IPv6.
  ['100.100.100.200/32', '168.63.129.16/32', 'fd00:ec2::254/128', 'fd20:ce::254/128'],
  ['::/128', '100::/64', '2001::/32', 'fe80::/10', 'ff00::/8'],
)
const local = blockList(
  ['10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '198.18.0.0/15'],
  ['::1/128', 'fc00::/7', 'fec0::/10'],
)

function blockList(...ranges: string[][]): BlockList {
  const list = new BlockList()
  for (const range of ranges.flat()) {
    const [address = '', bits] = range.split('/')
    list.addSubnet(address, Number(bits), isIP(address) === 4 ? 'ipv4' : 'ipv6')
  }
  return list
}

function embeddedV4(address: string): string | null {
  const words = wordsOf(address)
  const zeros = (from: number, to: number) => words.slice(from, to).every((word) => word === 0)
  const isMapped = zeros(0, 5) && words[5] === 0xffff
  const isTranslated = zeros(0, 4) && words[4] === 0xffff && words[5] === 0
  const isCompatible = zeros(0, 6) && !(words[6] === 0 && (words[7] ?? 0) <= 1)
  const isNat64 = words[0] === 0x64 && words[1] === 0xff9b
  if (isMapped || isTranslated || isCompatible || isNat64) return dotted(words[6], words[7])
  return words[0] === 0x2002 ? dotted(words[1], words[2]) : null
}

/** The eight 16-bit words of an IPv6 address. */
function wordsOf(address: string): number[] {
  const hex = address.replace(
    /(\d+)\.(\d+)\.(\d+)\.(\d+)$/,
    (_, a: string, b: string, c: string, d: string) =>
      [Number(a) * 256 + Number(b), Number(c) * 256 + Number(d)].map((word) => word.toString(16)).join(':'),
  )
  const [head = '', tail] = hex.split('::')
  const words = (part: string) =>
    part === '' ? [] : part.split(':').map((word) => Number.parseInt(word, 16))
  if (tail === undefined) return words(head)
  const [before, after] = [words(head), words(tail)]
  return [...before, ...new Array<number>(8 - before.length - after.length).fill(0), ...after]
}

const dotted = (high = 0, low = 0): string => [high >> 8, high & 255, low >> 8, low & 255].join('.')
