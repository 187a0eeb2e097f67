import { createHash, randomBytes } from 'node:crypto'
import { open, rename, unlink } from 'node:fs/promises'
import type { BigIntStats } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { sep } from 'node:path'
import { PortError } from '@catalogsync/core/ports'
import type { PutRequest } from '@catalogsync/core/ports'
import { fsError, quoted } from './errors.ts'
import { hashFile } from './hash.ts'
import { partName } from './keys.ts'
import type { PartOwner } from './keys.ts'
import { syncFolder } from './root.ts'

/** Parts that this process writes now, whichever of its backends does: no sweep may take them. */
export const activeParts: Set<string> = new Set()

const chunkBytes = 1024 * 1024

/**
 * Copies the request's file to `name` in `folder`. Until its size and hash agree and it is on the disk it is a
 * hidden part; what it was then is returned. On any failure, and when `signal` aborts, the part is removed.
 */
export async function storeFile(
  request: PutRequest,
  folder: string,
  name: string,
  options: { owner: PartOwner; verify: boolean; signal: AbortSignal },
): Promise<BigIntStats> {
  const part = folder + sep + partName(name, options.owner, randomBytes(4).toString('hex'))
  const doing = `cannot store ${quoted(request.key)} in ${folder}`
  activeParts.add(part)
  try {
    let written: BigIntStats
    {
      await using from = await open(request.path, 'r').catch((error: unknown) => {
        throw sourceError(request.path, error)
      })
      await using to = await open(part, 'wx', 0o644)
      const sha256 = await copy(from, to, request, options.signal)
      expectEqual(request, 'the file', (await to.stat()).size, sha256)
      await to.sync()
      written = await to.stat({ bigint: true })
    }
    if (options.verify) await readBack(request, part, options.signal)
    options.signal.throwIfAborted()
    await rename(part, folder + sep + name)
    await syncFolder(folder)
    return written
  } catch (error) {
    await unlink(part).catch(() => {})
    if (options.signal.aborted) throw options.signal.reason
    throw fsError(doing, error)
  } finally {
    activeParts.delete(part)
  }
}

/** Copies until the end and returns the hash of what was written. One chunk is read while one is written. */
async function copy(
  from: FileHandle,
  to: FileHandle,
  request: PutRequest,
  signal: AbortSignal,
): Promise<string> {
  const hash = createHash('sha256')
  const size = Math.min(chunkBytes, Math.max(request.size, 4096))
  let [current, other] = [Buffer.allocUnsafe(size), Buffer.allocUnsafe(size)]
  let done = 0
  const read = (into: Buffer) =>
    from.read(into, 0, into.length, null).catch((error: unknown) => {
      throw sourceError(request.path, error)
    })

  let { bytesRead } = await read(current)
  while (bytesRead > 0) {
    signal.throwIfAborted()
    const chunk = current.subarray(0, bytesRead)
    const io = Promise.all([read(other), writeAll(to, chunk)])
    hash.update(chunk)
    const [next] = await io
    done += bytesRead
    request.onProgress(done)
    if (done > request.size) break
    ;[current, other] = [other, current]
    bytesRead = next.bytesRead
  }
  return hash.digest('hex')
}

async function writeAll(to: FileHandle, chunk: Buffer): Promise<void> {
  for (let at = 0; at < chunk.length;) {
    at += (await to.write(chunk, at, chunk.length - at, null)).bytesWritten
  }
}

async function readBack(request: PutRequest, part: string, signal: AbortSignal): Promise<void> {
  await using file = await open(part, 'r')
  const { size, sha256 } = await hashFile(file, signal)
  expectEqual(request, 'what the disk gave back', size, sha256)
}

function expectEqual(request: PutRequest, what: string, size: number, sha256: string): void {
  if (size !== request.size) {
    throw new PortError(
      'invalid',
      `${quoted(request.key)}: ${what} has ${size} bytes, expected were ${request.size}`,
    )
  }
  if (sha256 !== request.sha256) {
    throw new PortError(
      'invalid',
      `${quoted(request.key)}: ${what} has the hash ${sha256}, expected was ${request.sha256}`,
    )
  }
}

function sourceError(path: string, error: unknown): PortError {
  const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
  if (missing) return new PortError('permanent', `file not found: ${quoted(path)}`, { cause: error })
  return fsError(`cannot read ${quoted(path)}`, error)
}
