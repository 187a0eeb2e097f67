import { open, unlink } from 'node:fs/promises'
import path from 'node:path'
import { setAttributes } from './attributes.ts'
import { linkOrRename, renameRetrying, syncFolder } from './rename.ts'
import type { SafePath } from './safe-path.ts'

/** A verified part and the name that it is to get. Both lie in the same folder. */
export interface PublishRequest {
  partPath: string
  finalPath: SafePath
  /** The name is this item's own: an older file under it may be replaced. */
  replaces: boolean
  fileMode: number
  puid: number | null
  pgid: number | null
}

export type PublishResult =
  /** `warning`: mode or owner could not be set, which some mounts do not allow. */
  | { kind: 'published'; warning: string | null; mtimeMs: number }
  /** The name is taken by a file that is not ours to replace; the part still lies where it was. */
  | { kind: 'clash' }
  /** `visible`: under its final name, but perhaps not for ever: its folder could not be synced. */
  | { kind: 'failed'; error: Error; visible: boolean }

/**
 * Makes a group of parts visible: sync every part, give each its name without overwriting another's,
 * sync each folder up to the root once. Results in the order of the requests; throws nothing.
 * A part that could not be synced is removed: after a failed fsync its bytes cannot be trusted.
 */
export async function publishFiles(
  root: string,
  requests: readonly PublishRequest[],
): Promise<PublishResult[]> {
  const results = await mapBounded(requests, publishAtOnce, async (request): Promise<PublishResult> => {
    try {
      return await giveName(request, await settlePart(request))
    } catch (error) {
      return { kind: 'failed', error: asError(error), visible: false }
    }
  })
  const folders = foldersOf(
    root,
    requests.filter((_, i) => results[i]?.kind === 'published'),
  )
  const unsynced = new Map<string, Error>()
  await mapBounded(folders, publishAtOnce, async (folder) => {
    await syncFolder(folder).catch((error: unknown) => unsynced.set(folder, asError(error)))
  })
  return results.map((result, i) => {
    const error = unsynced.size === 0 ? undefined : firstUnsynced(root, requests[i], unsynced)
    return error && result.kind === 'published' ? { kind: 'failed', error, visible: true } : result
  })
}

const publishAtOnce = 8

interface Settled {
  warning: string | null
  mtimeMs: number
}

/** Mode, owner and bytes, durable before the name. */
async function settlePart(request: PublishRequest): Promise<Settled> {
  const part = await open(request.partPath, 'r')
  try {
    const warning = await setAttributes(part, request.fileMode, request)
    await part.sync().catch(async (error: unknown) => {
      await unlink(request.partPath).catch(() => undefined)
      throw error
    })
    return { warning, mtimeMs: (await part.stat()).mtimeMs }
  } finally {
    await part.close()
  }
}

async function giveName(request: PublishRequest, settled: Settled): Promise<PublishResult> {
  if (request.replaces) await renameRetrying(request.partPath, request.finalPath)
  else if (!(await linkOrRename(request.partPath, request.finalPath))) return { kind: 'clash' }
  return { kind: 'published', ...settled }
}

/** Every folder from the files' own up to the root, once: folders created on the way are durable too. */
function foldersOf(root: string, requests: readonly PublishRequest[]): string[] {
  const folders = new Set<string>()
  for (const { finalPath } of requests) for (const folder of foldersUp(root, finalPath)) folders.add(folder)
  return [...folders]
}

function foldersUp(root: string, file: string): string[] {
  const folders: string[] = []
  const top = path.resolve(root)
  for (let at = path.dirname(file); at.length >= top.length; at = path.dirname(at)) {
    folders.push(at)
    if (at === path.dirname(at)) break
  }
  return folders
}

function firstUnsynced(root: string, request: PublishRequest | undefined, unsynced: Map<string, Error>) {
  const folder = request && foldersUp(root, request.finalPath).find((at) => unsynced.has(at))
  return folder === undefined ? undefined : unsynced.get(folder)
}

async function mapBounded<T, R>(
  items: readonly T[],
  limit: number,
  act: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = []
  let next = 0
  const lane = async (): Promise<void> => {
    for (let i = next++; i < items.length; i = next++) results[i] = await act(items[i] as T) // i < length
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane))
  return results
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)))
