import { access, constants, lstat, open, rmdir, statfs, unlink } from 'node:fs/promises'
import type { BigIntStats } from 'node:fs'
import { dirname, sep } from 'node:path'
import { PortError } from '@catalogsync/core/ports'
import type { BackendSettings, KnownBackend, StorageBackend, StoredObject } from '@catalogsync/core/ports'
import { fsError, isMissing, quoted } from './errors.ts'
import { createHashMemory, hashFile } from './hash.ts'
import { splitKey, thisOwner } from './keys.ts'
import { listKeys } from './list.ts'
import { activeParts, storeFile } from './put.ts'
import { readStream } from './read-stream.ts'
import { markedRoot, plainFolder, syncFolder } from './root.ts'
import { readFilesystemSettings } from './settings.ts'
import { sweepParts } from './sweep.ts'

/**
 * A folder, or a mounted share, as an object store: the key is the path. `head` reads and hashes the whole
 * file, unless this process stored or hashed it and it is unchanged; `list` reads no content, its hashes are null.
 * Throws `AppError` if the settings are unusable.
 */
export function filesystemBackend(backend: BackendSettings, known?: KnownBackend): StorageBackend {
  const settings = readFilesystemSettings(backend, known)
  const root = markedRoot(settings)
  const owner = thisOwner()
  const hashes = createHashMemory()

  /** Opens the root, and says in an error what was being done. */
  async function inRoot<T>(
    doing: string,
    signal: AbortSignal,
    work: (path: string) => Promise<T>,
  ): Promise<T> {
    signal.throwIfAborted()
    try {
      return await work(await root.open())
    } catch (error) {
      if (signal.aborted) throw signal.reason
      throw fsError(`cannot ${doing} ${settings.root}`, error)
    }
  }

  return {
    id: backend.id,
    type: 'filesystem',

    head: (key, ctx) =>
      inRoot(`look up ${quoted(key)} in`, ctx.signal, async (path) => {
        const segments = splitKey(key)
        if (!(await statKey(path, segments))) return null
        await using file = await openPlain([path, ...segments].join(sep))
        const found = await file.stat({ bigint: true })
        const sha256 = hashes.get(key, identityOf(found)) ?? (await hashFile(file, ctx.signal)).sha256
        hashes.set(key, identityOf(found), sha256)
        return toObject(key, found, sha256)
      }),

    put: (request, ctx) =>
      inRoot(`store ${quoted(request.key)} in`, ctx.signal, async (path) => {
        const { parents, name } = placeOf(request.key)
        const folder = (await plainFolder(path, parents, true)) ?? path
        const written = await storeFile(request, folder, name, {
          owner,
          verify: settings.verify,
          signal: ctx.signal,
        })
        const found = await statKey(path, [...parents, name])
        if (found === null || Number(found.size) !== request.size) {
          // Replaced by another writer at this moment, or a share that lies: the next try tells.
          throw new PortError(
            'transient',
            `${quoted(request.key)} was stored, but has ${found?.size ?? 'no'} bytes now`,
          )
        }
        hashes.set(request.key, identityOf(written), request.sha256)
        return toObject(request.key, found, request.sha256)
      }),

    get: (key, ctx) =>
      inRoot(`read ${quoted(key)} from`, ctx.signal, async (path) => {
        const segments = splitKey(key)
        if (!(await statKey(path, segments)))
          throw new PortError('permanent', `there is no object ${quoted(key)} in ${settings.root}`)
        const file = await openPlain([path, ...segments].join(sep))
        return readStream(file, ctx.signal, (error) =>
          fsError(`cannot read ${quoted(key)} from ${settings.root}`, error),
        )
      }),

    list: (prefix, after, limit, ctx) =>
      inRoot('list', ctx.signal, async (path) => {
        const page: StoredObject[] = []
        if (limit <= 0) return page
        for await (const { key, path: file } of listKeys(path, prefix, after, ctx.signal)) {
          const found = await statOrNull(file)
          if (found?.isFile()) page.push(toObject(key, found, null))
          if (page.length >= limit) break
        }
        return page
      }),

    delete: (key, ctx) =>
      inRoot(`delete ${quoted(key)} in`, ctx.signal, async (path) => {
        const segments = splitKey(key)
        if (!(await statKey(path, segments))) return
        const file = [path, ...segments].join(sep)
        await unlink(file).catch((error: unknown) => {
          if (!isMissing(error)) throw error
        })
        await syncFolder(await pruneEmpty(dirname(file), path))
      }),

    sweep: (ctx) =>
      inRoot('clean up', ctx.signal, (path) => sweepParts(path, owner, activeParts, Date.now(), ctx.signal)),

    probe: (ctx) =>
      inRoot('use', ctx.signal, async (path) => {
        await access(path, constants.W_OK | constants.X_OK)
        const { bavail, bsize } = await statfs(path)
        return { hashes: true, freeBytes: bavail * bsize }
      }),

    close: () => Promise.resolve(),
  }
}

function placeOf(key: string): { parents: string[]; name: string } {
  const segments = splitKey(key)
  return { parents: segments.slice(0, -1), name: segments.at(-1) ?? '' }
}

/** Null if there is no plain file of that name. */
async function statKey(root: string, segments: string[]): Promise<BigIntStats | null> {
  const folder = await plainFolder(root, segments.slice(0, -1), false)
  const found = folder === null ? null : await statOrNull([root, ...segments].join(sep))
  return found?.isFile() ? found : null
}

async function statOrNull(path: string): Promise<BigIntStats | null> {
  return lstat(path, { bigint: true }).catch((error: unknown) => {
    if (isMissing(error)) return null
    throw error
  })
}

const openPlain = (path: string) => open(path, constants.O_RDONLY | constants.O_NOFOLLOW)

const identityOf = (found: BigIntStats): string => `${found.size} ${found.mtimeNs} ${found.ino}`

function toObject(key: string, found: BigIntStats, sha256: string | null): StoredObject {
  return {
    key,
    size: Number(found.size),
    sha256,
    etag: `${found.size.toString(16)}-${found.mtimeNs.toString(16)}`,
  }
}

/** Removes empty folders upwards and returns the first that stays. */
async function pruneEmpty(folder: string, root: string): Promise<string> {
  for (let path = folder; path !== root; path = dirname(path)) {
    try {
      await rmdir(path)
    } catch (error) {
      if (!isMissing(error)) return path
    }
  }
  return root
}
