/** Bits to bytes, most significant bit first, in a buffer that grows. */
export interface BitWriter {
  /** The lowest `count` bits of `value`; 0 ≤ count ≤ 24. */
  write(value: number, count: number): void
  /** `zeros` zero bits and a one. */
  unary(zeros: number): void
  /** Zero bits up to the next whole byte. */
  align(): void
  /** The whole bytes written so far. Valid until the next write. */
  bytes(): Uint8Array
}

export function createBitWriter(): BitWriter {
  let buffer = new Uint8Array(16_384)
  let length = 0
  let pending = 0
  let pendingBits = 0

  function write(value: number, count: number): void {
    // At most 7 bits wait, so 24 more always fit in the 32 that bit operators have.
    pending = (pending << count) | (value & ((1 << count) - 1))
    pendingBits += count
    while (pendingBits >= 8) {
      if (length === buffer.length) buffer = grown(buffer)
      pendingBits -= 8
      buffer[length++] = (pending >>> pendingBits) & 0xff
    }
  }

  return {
    write,
    unary(zeros) {
      for (; zeros > 16; zeros -= 16) write(0, 16)
      write(1, zeros + 1)
    },
    align() {
      if (pendingBits > 0) write(0, 8 - pendingBits)
    },
    bytes: () => buffer.subarray(0, length),
  }
}

function grown(buffer: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(buffer.length * 2)
  larger.set(buffer)
  return larger
}
