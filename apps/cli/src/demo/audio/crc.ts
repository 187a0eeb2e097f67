/** CRC-8 with the polynomial x^8 + x^2 + x + 1, from 0: a FLAC frame header's (RFC 9639, 9.1.8). */
export function crc8(bytes: Uint8Array): number {
  let crc = 0
  for (const byte of bytes) crc = table8[crc ^ byte] ?? 0
  return crc
}

/** CRC-16 with the polynomial x^16 + x^15 + x^2 + 1, from 0: a whole FLAC frame's (RFC 9639, 9.3). */
export function crc16(bytes: Uint8Array): number {
  let crc = 0
  for (const byte of bytes) crc = ((crc << 8) & 0xffff) ^ (table16[(crc >>> 8) ^ byte] ?? 0)
  return crc
}

const table8 = table(8, 0x07)
const table16 = table(16, 0x8005)

function table(width: number, polynomial: number): Uint16Array {
  const high = 1 << (width - 1)
  const mask = (1 << width) - 1
  return Uint16Array.from({ length: 256 }, (_, byte) => {
    let crc = byte << (width - 8)
    for (let bit = 0; bit < 8; bit++) crc = crc & high ? (crc << 1) ^ polynomial : crc << 1
    return crc & mask
  })
}
