import { access, constants, lstat, open, readdir, rmdir, statfs, unlink } from 'node:fs/promises'
import type { BigIntStats } from 'node:fs'
import { dirname, sep } from 'node:path'
import { PortError } from '@catalogsync/core/ports'
import type { BackendSettings, StorageBackend, StoredObject } from '@catalogsync/core/ports'
import { fsError, isMissing } from './errors.ts'
import { splitKey, thisOwner } from './keys.ts'
import { listKeys } from './list.ts'
import { activeParts, storeFile } from './put.ts'
import { readStream } from './read-stream.ts'
import { markedRoot, plainFolder, syncFolder } from './root.ts'
import { readFilesystemSettings } from './settings.ts'
import { sweepParts } from './sweep.ts'

/**
 * A folder, or a mounted share, as an object store: the key is the path. `head` and `list` do not read the
 * content, so their `sha256` is null; `put` returns the hash that it verified.
 * Throws `AppError` if the settings are unusable.
 */
export function filesystemBackend(backend: BackendSettings): StorageBackend {
  const settings = readFilesystemSettings(backend)
  const root = markedRoot(settings)
  const owner = thisOwner()

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
      inRoot(`look up ${key} in`, ctx.signal, async (path) => {
        const found = await statKey(path, splitKey(key))
        return found && toObject(key, found, null)
      }),

    put: (request, ctx) =>
      inRoot(`store ${request.key} in`, ctx.signal, async (path) => {
        const { parents, name } = placeOf(request.key)
        const folder = (await plainFolder(path, parents, true)) ?? path
        await storeFile(request, folder, name, { owner, verify: settings.verify, signal: ctx.signal })
        const found = await statKey(path, [...parents, name])
        if (Number(found?.size) !== request.size) {
          // Replaced by another writer at this moment, or a share that lies: the next try tells.
          throw new PortError(
            'transient',
            `${request.key} was stored, but has ${found?.size ?? 'no'} bytes now`,
          )
        }
        return toObject(request.key, found as BigIntStats, request.sha256) // its size was just compared
      }),

    get: (key, ctx) =>
      inRoot(`read ${key} from`, ctx.signal, async (path) => {
        const segments = splitKey(key)
        if (!(await statKey(path, segments)))
          throw new PortError('permanent', `there is no object ${key} in ${settings.root}`)
        const file = await open([path, ...segments].join(sep), constants.O_RDONLY | constants.O_NOFOLLOW)
        return readStream(file, ctx.signal, (error) =>
          fsError(`cannot read ${key} from ${settings.root}`, error),
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
      inRoot(`delete ${key} in`, ctx.signal, async (path) => {
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
        return { hashes: false, freeBytes: bavail * bsize }
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
  let path = folder
  while (path !== root && (await readdir(path)).length === 0) {
    await rmdir(path)
    path = dirname(path)
  }
  return path
}
