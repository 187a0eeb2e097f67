import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { PortError } from '../ports/index.ts'
import type {
  Resolved,
  SourceAdapter,
  SourcePlaylist,
  SourcePool,
  SourceSong,
  StorageBackend,
  StoredObject,
} from '../ports/index.ts'

export interface FakeSourceScript {
  id?: string
  pools?: SourcePool[]
  /** Playlists of every pool. */
  playlists?: SourcePlaylist[]
  /** Entries by the playlist's remote id. */
  songs?: Record<string, SourceSong[]>
  /** Whether the listings say that they are complete. */
  complete?: boolean
  /** Where a song's bytes are; without it, every song is gone. */
  resolve?: (song: SourceSong) => Resolved | Promise<Resolved>
  /** Asked before every call; what it returns is thrown. `hang` never answers, not even to the signal. */
  fail?: (method: string) => Error | 'hang' | undefined
}

export type FakeSource = SourceAdapter & { calls: string[] }

/** A source that answers from its script and counts what it was asked. */
export function fakeSource(script: FakeSourceScript = {}): FakeSource {
  const calls: string[] = []
  const complete = script.complete ?? true
  const answer = async <T>(method: string, value: () => T | Promise<T>): Promise<T> => {
    calls.push(method)
    await failAsTold(script.fail?.(method))
    return value()
  }
  const gone = (): never => {
    throw new PortError('permanent', 'gone from the source')
  }
  return {
    id: script.id ?? 'fake',
    type: 'fake',
    calls,
    listPools: () => answer('listPools', () => ({ entries: script.pools ?? [], complete })),
    listPlaylists: () => answer('listPlaylists', () => ({ entries: script.playlists ?? [], complete })),
    listSongs: ({ remoteId, changeToken }) =>
      answer('listSongs', () => {
        const entries = script.songs?.[remoteId] ?? []
        return { entries, complete, unavailable: [], changeToken }
      }),
    findSong: () => answer('findSong', () => []),
    resolve: (song) => answer('resolve', () => (script.resolve ?? gone)(song)),
    close: () => Promise.resolve(),
  }
}

export interface FakeBackendScript {
  id?: string
  /** Whether `head` answers with a hash; default true. */
  hashes?: boolean
  fail?: (method: string) => Error | 'hang' | undefined
  /** Spoils what `put` stores. */
  spoil?: (object: StoredObject) => StoredObject | null
}

export type FakeBackend = StorageBackend & { calls: string[]; objects: Map<string, StoredObject> }

/** A backend in memory: it reads the files that it is given, and keeps their size and hash. */
export function fakeBackend(script: FakeBackendScript = {}): FakeBackend {
  const calls: string[] = []
  const objects = new Map<string, StoredObject>()
  const answer = async <T>(method: string, value: () => T | Promise<T>): Promise<T> => {
    calls.push(method)
    await failAsTold(script.fail?.(method))
    return value()
  }
  return {
    id: script.id ?? 'fake',
    type: 'fake',
    calls,
    objects,
    head: (key) => answer('head', () => objects.get(key) ?? null),
    put: ({ key, path, onProgress }) =>
      answer('put', async () => {
        const bytes = await readFile(path)
        const sha256 = (script.hashes ?? true) ? createHash('sha256').update(bytes).digest('hex') : null
        const object: StoredObject = { key, size: bytes.length, sha256, etag: null }
        const stored = script.spoil ? script.spoil(object) : object
        if (stored) objects.set(key, stored)
        onProgress(bytes.length)
        return object
      }),
    get: () => Promise.reject(new PortError('permanent', 'the fake backend keeps no bytes')),
    list: (prefix, after, limit) =>
      answer('list', () =>
        [...objects.values()]
          .filter(({ key }) => key.startsWith(prefix) && (after === null || key > after))
          .sort((a, b) => (a.key < b.key ? -1 : 1))
          .slice(0, limit),
      ),
    delete: (key) => answer('delete', () => void objects.delete(key)),
    sweep: () => answer('sweep', () => 0),
    probe: () => answer('probe', () => ({ hashes: script.hashes ?? true, freeBytes: null })),
    close: () => Promise.resolve(),
  }
}

/** A song with everything unknown but its id and title. */
export function fakeSong(remoteId: string, changes: Partial<SourceSong> = {}): SourceSong {
  return {
    remoteId,
    title: remoteId,
    artists: [],
    album: null,
    albumArtist: null,
    trackNo: null,
    discNo: null,
    year: null,
    durationMs: null,
    size: null,
    suffix: null,
    isrc: null,
    mbid: null,
    locator: null,
    ...changes,
  }
}

async function failAsTold(told: Error | 'hang' | undefined): Promise<void> {
  if (told === 'hang') await new Promise(() => undefined)
  else if (told !== undefined) throw told
}
