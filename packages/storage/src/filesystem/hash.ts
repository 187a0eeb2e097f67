import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'

const chunkBytes = 1024 * 1024

/** Size in bytes and lower-case hex SHA-256 of a file's content, read from its beginning. */
export async function hashFile(
  file: FileHandle,
  signal: AbortSignal,
): Promise<{ size: number; sha256: string }> {
  const hash = createHash('sha256')
  const chunk = Buffer.allocUnsafe(chunkBytes)
  let size = 0
  for (;;) {
    signal.throwIfAborted()
    const { bytesRead } = await file.read(chunk, 0, chunkBytes, size)
    if (bytesRead === 0) return { size, sha256: hash.digest('hex') }
    hash.update(chunk.subarray(0, bytesRead))
    size += bytesRead
  }
}

/** Hashes by key, each valid while the file's identity (its size, time and inode) stays the same. */
export interface HashMemory {
  get(key: string, identity: string): string | null
  set(key: string, identity: string, sha256: string): void
}

export function createHashMemory(limit = 10_000): HashMemory {
  const known = new Map<string, { identity: string; sha256: string }>()
  return {
    get(key, identity) {
      const found = known.get(key)
      return found?.identity === identity ? found.sha256 : null
    },
    set(key, identity, sha256) {
      known.delete(key)
      known.set(key, { identity, sha256 })
      // A Map iterates in insertion order: the first key is the oldest.
      if (known.size > limit) known.delete(known.keys().next().value ?? key)
    },
  }
}
