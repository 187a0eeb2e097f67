import { createHash } from 'node:crypto'
import { constants, open, rm, stat, type FileHandle } from 'node:fs/promises'
import { errnoText, isErrno } from '../library/errno.ts'
import { PortError } from '../ports/index.ts'
import { quoted } from './classify.ts'

export interface CopyOptions {
  signal: AbortSignal
  /** Bytes written so far. */
  onProgress: (bytesDone: number) => void
}

export interface Copied {
  size: number
  /** Lower-case hex, of the bytes as they were written. */
  sha256: string
}

/**
 * Copies a file of a source into a new part file, hashing on the way. What goes wrong on the source's side
 * is a `PortError` (gone or unreadable: `permanent`; changed meanwhile, or a mount's trouble: `transient`);
 * what goes wrong on the part's side is the file system's own error. Nothing is synced here.
 */
export async function copyLocal(from: string, partPath: string, options: CopyOptions): Promise<Copied> {
  const before = await stateOf(from)
  const source = await readable(from, open(from, constants.O_RDONLY))
  try {
    options.signal.throwIfAborted()
    // A new file, never the old one: a worker that was frozen may still hold that one open and write to it.
    await rm(partPath, { force: true })
    const part = await open(partPath, 'wx', 0o600)
    try {
      const copied = await pump(source, from, part, options)
      const after = await stateOf(from)
      if (after.mark !== before.mark || copied.size !== before.size) {
        throw new PortError('transient', `the source's file ${quoted(from)} changed while it was copied`)
      }
      return copied
    } finally {
      await part.close()
    }
  } finally {
    await source.close()
  }
}

/** Size in bytes of a source's file; a `PortError` if it is not a file that can be read. */
export const sizeOfSource = async (from: string): Promise<number> => (await stateOf(from)).size

/** Two buffers: one is read into while the other is hashed and written. */
async function pump(
  source: FileHandle,
  from: string,
  part: FileHandle,
  options: CopyOptions,
): Promise<Copied> {
  const hash = createHash('sha256')
  let [current, next] = [Buffer.allocUnsafe(chunkBytes), Buffer.allocUnsafe(chunkBytes)]
  let size = 0
  let filled = await readChunk(source, from, current)
  while (filled > 0) {
    options.signal.throwIfAborted()
    const bytes = current.subarray(0, filled)
    const reading = readChunk(source, from, next)
    hash.update(bytes)
    const [read] = await Promise.all([reading, writeAll(part, bytes)])
    size += filled
    options.onProgress(size)
    ;[current, next] = [next, current]
    filled = read
  }
  return { size, sha256: hash.digest('hex') }
}

const chunkBytes = 1024 * 1024

const readChunk = async (source: FileHandle, from: string, into: Buffer): Promise<number> =>
  (await readable(from, source.read(into, 0, into.length, null))).bytesRead

async function writeAll(part: FileHandle, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length;) at += (await part.write(bytes, at)).bytesWritten
}

async function stateOf(from: string): Promise<{ size: number; mark: string }> {
  const found = await readable(from, stat(from, { bigint: true }))
  // Opening a pipe or a device could wait for ever.
  if (!found.isFile()) throw new PortError('permanent', `the source's ${quoted(from)} is not a regular file`)
  return { size: Number(found.size), mark: `${found.size} ${found.mtimeNs} ${found.ino}` }
}

/** An error while reading belongs to the source, not to the library. */
async function readable<T>(from: string, act: Promise<T>): Promise<T> {
  try {
    return await act
  } catch (error) {
    if (!isErrno(error)) throw error
    const forGood = ['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'EISDIR', 'ELOOP', 'ENAMETOOLONG'].includes(
      error.code,
    )
    const reason = `the source's file ${quoted(from)} cannot be read: ${errnoText(error)}`
    throw new PortError(forGood ? 'permanent' : 'transient', reason, { cause: error })
  }
}
