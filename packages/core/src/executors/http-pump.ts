import type { Hash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { PortError } from '../ports/index.ts'
import { minimumRate } from './http-rate.ts'

export interface PumpOptions {
  hashes: readonly Hash[]
  /** More bytes than this are refused. */
  limit: number
  origin: string
  onProgress: (bytesDone: number) => void
}

/**
 * Hashes chunks and writes them in groups: one group is on its way to the disk while the next arrives, and
 * a slow disk slows the server down. @returns bytes written
 */
export async function pumpChunks(
  first: Buffer,
  rest: AsyncIterator<Buffer>,
  part: FileHandle,
  { hashes, limit, origin, onProgress }: PumpOptions,
): Promise<number> {
  const rate = minimumRate(() => performance.now())
  let [size, waiting, bytesWaiting] = [0, [] as Buffer[], 0]
  let writing: Promise<void> = Promise.resolve()
  const flush = async (): Promise<void> => {
    await rate.without(writing)
    writing = writeAll(part, waiting)
    writing.catch(() => undefined) // awaited by the next flush, or below
    ;[waiting, bytesWaiting] = [[], 0]
  }
  try {
    for (let chunk = first; ;) {
      if (size + chunk.length > limit)
        throw new PortError('invalid', `${origin} sends more than ${limit} bytes`)
      for (const hash of hashes) hash.update(chunk)
      waiting.push(chunk)
      bytesWaiting += chunk.length
      size += chunk.length
      if (bytesWaiting >= groupBytes) await flush()
      onProgress(size)
      const next = await rest.next()
      if (next.done === true) break
      chunk = next.value
      if (!rate.enough(chunk.length))
        throw new PortError('transient', `${origin} sends less than 1 KB a second`)
    }
    await flush()
  } finally {
    await writing
  }
  return size
}

const groupBytes = 2 ** 20

async function writeAll(part: FileHandle, chunks: Buffer[]): Promise<void> {
  let left = chunks.filter((chunk) => chunk.length > 0)
  while (left.length > 0) {
    const { bytesWritten } = await part.writev(left)
    left = behind(left, bytesWritten)
  }
}

/** The chunks without their first `bytes` bytes. */
function behind(chunks: Buffer[], bytes: number): Buffer[] {
  let at = 0
  for (const [i, chunk] of chunks.entries()) {
    if (at + chunk.length > bytes) return [chunk.subarray(bytes - at), ...chunks.slice(i + 1)]
    at += chunk.length
  }
  return []
}
