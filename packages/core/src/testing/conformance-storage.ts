import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { PutRequest, StorageBackend, StoredObject } from '../ports/index.ts'
import { callContext, rejection } from './call-context.ts'
import { badKeys, goodKeys } from './conformance-keys.ts'

export interface StorageFixture {
  /** Over an empty place. */
  backend: StorageBackend
  /** Another backend over the same place, as after a restart. */
  again(): StorageBackend
  dispose(): Promise<void>
}

/** What every storage backend keeps, proved against a real place. `make` gives an empty one for each test. */
export function describeStorageBackend(name: string, make: () => Promise<StorageFixture>): void {
  describe(`storage backend ${name}`, () => {
    let fixture: StorageFixture
    let backend: StorageBackend
    let folder: string
    const ctx = callContext()

    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'catalogsync-put-'))
      fixture = await make()
      backend = fixture.backend
    })
    afterEach(async () => {
      await backend.close()
      await fixture.dispose()
      await rm(folder, { recursive: true })
    })

    const request = async (key: string, content: Buffer | string): Promise<PutRequest> => {
      const bytes = Buffer.from(content)
      const path = join(folder, createHash('sha1').update(key).update(bytes).digest('hex'))
      await writeFile(path, bytes)
      return { key, path, size: bytes.length, sha256: sha256(bytes), onProgress: () => {} }
    }
    const put = async (key: string, content: Buffer | string) => backend.put(await request(key, content), ctx)
    const keys = async () => (await allObjects(backend, 1000)).map((object) => object.key)
    const content = async (key: string) => Buffer.concat(await collect(await backend.get(key, ctx)))

    test('an empty place has no objects and room to store some', async () => {
      const abilities = await backend.probe(ctx)
      expect(typeof abilities.hashes).toBe('boolean')
      if (abilities.freeBytes !== null) expect(abilities.freeBytes).toBeGreaterThan(0)
      expect(await keys()).toEqual([])
      expect(await backend.head('a.flac', ctx)).toBeNull()
    })

    test.each(goodKeys)('stores, finds and gives back %s', async (key) => {
      const bytes = Buffer.from(`content of ${key}`)
      const stored = await put(key, bytes)
      expect(stored).toMatchObject({ key, size: bytes.length, sha256: sha256(bytes) })
      const other = fixture.again()
      const head = await other.head(key, ctx)
      await other.close()
      expectAgrees(head, stored)
      expect(await content(key)).toEqual(bytes)
      expect(await keys()).toEqual([key])
    })

    test.each(Object.entries(badKeys))('refuses %s', async (_, key) => {
      expect(await rejection(put(key, 'x'))).toMatchObject({ name: 'PortError', class: 'permanent' })
      expect(await keys()).toEqual([])
    })

    test('lists in the order of UTF-8 bytes, by prefix, page by page', async () => {
      const all = [...goodKeys, 'a/b', 'a.b', 'a-b', 'a', 'ab/c', '\uffee.mp3', 'Artist/Album/02.flac']
        .filter((key) => key !== 'a') // 'a' cannot be a file and a folder everywhere
        .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
      for (const key of all) await put(key, key)
      for (const limit of [1, 3, 1000]) {
        expect((await allObjects(backend, limit)).map((object) => object.key)).toEqual(all)
      }
      const page = await backend.list('Artist/Album/', null, 10, ctx)
      expect(page.map((object) => object.key)).toEqual([
        'Artist/Album/01 - Song.flac',
        'Artist/Album/02.flac',
      ])
      expect(
        (await backend.list('Artist/Al', 'Artist/Album/01 - Song.flac', 10, ctx)).map((o) => o.key),
      ).toEqual(['Artist/Album/02.flac'])
      expect(await backend.list('Artist/Nothing', null, 10, ctx)).toEqual([])
    })

    test('stores a file of zero bytes', async () => {
      expect(await put('empty.wav', '')).toMatchObject({ size: 0 })
      expect(await backend.head('empty.wav', ctx)).toMatchObject({ size: 0 })
      expect(await content('empty.wav')).toEqual(Buffer.alloc(0))
    })

    test('stores a file of many chunks, and tells its progress up to the end', async () => {
      const bytes = noise(20 * 1024 * 1024 + 17)
      const seen: number[] = []
      const wanted = { ...(await request('big.flac', bytes)), onProgress: (done: number) => seen.push(done) }
      expect(await backend.put(wanted, ctx)).toMatchObject({ size: bytes.length, sha256: sha256(bytes) })
      expect(sha256(await content('big.flac'))).toBe(sha256(bytes))
      expect(seen).toEqual([...seen].sort((a, b) => a - b))
      expect(seen.at(-1)).toBe(bytes.length)
    })

    test('a second put of a key replaces the object', async () => {
      const first = await put('song.flac', 'first')
      const second = await put('song.flac', 'second, and longer')
      expectAgrees(await backend.head('song.flac', ctx), second)
      expect(second.size).not.toBe(first.size)
      expect((await content('song.flac')).toString()).toBe('second, and longer')
      expect(await keys()).toEqual(['song.flac'])
    })

    test('a put with another content of the same size is never taken for the old object', async () => {
      await put('song.flac', 'first one')
      const second = await put('song.flac', 'other one')
      const other = fixture.again()
      expectAgrees(await other.head('song.flac', ctx), second)
      await other.close()
      expect((await content('song.flac')).toString()).toBe('other one')
    })

    test('what can tell hashes tells them, in this process and in the next', async () => {
      const { hashes } = await backend.probe(ctx)
      const { sha256: expected } = await put('song.flac', 'content')
      for (const each of [backend, fixture.again()]) {
        const head = await each.head('song.flac', ctx)
        expect(head?.sha256).toBe(hashes ? expected : head?.sha256)
      }
    })

    test('two puts of a key at once end with one of them, whole', async () => {
      const [one, two] = [noise(3_000_000, 1), noise(3_500_000, 2)]
      const ends = await Promise.allSettled([put('song.flac', one), put('song.flac', two)])
      const lost = ends.filter((end) => end.status === 'rejected')
      expect(lost.length).toBeLessThan(2)
      for (const end of lost) expect(end.reason).toMatchObject({ name: 'PortError', class: 'transient' })
      expect([sha256(one), sha256(two)]).toContain(sha256(await content('song.flac')))
      expect(await keys()).toEqual(['song.flac'])
    })

    test.each([
      ['hash', { sha256: '0'.repeat(64) }],
      ['size', { size: 4 }],
      ['size and hash, being longer', { size: 10 }],
    ])('a file with another %s than promised is not stored, and the old object stays', async (_, wrong) => {
      await put('song.flac', 'old')
      const wanted = { ...(await request('song.flac', 'changed')), ...wrong }
      expect(await rejection(backend.put(wanted, ctx))).toMatchObject({ name: 'PortError', class: 'invalid' })
      expect((await content('song.flac')).toString()).toBe('old')
      expect(await keys()).toEqual(['song.flac'])
    })

    test('a file that is not there is a permanent error that names it', async () => {
      const wanted = { ...(await request('song.flac', 'x')), path: join(folder, 'nowhere.flac') }
      const error = await rejection(backend.put(wanted, ctx))
      expect(error).toMatchObject({ name: 'PortError', class: 'permanent' })
      expect(String(error)).toContain('nowhere.flac')
      expect(await backend.head('song.flac', ctx)).toBeNull()
    })

    test('an abort in the middle leaves nothing visible, and nothing to sweep twice', async () => {
      const abort = new AbortController()
      let last = 0
      const wanted = {
        ...(await request('deep/down/song.flac', noise(20 * 1024 * 1024))),
        onProgress: (done: number) => {
          last = done
          abort.abort(new Error('stop now'))
        },
      }
      await expect(backend.put(wanted, { ...ctx, signal: abort.signal })).rejects.toThrow('stop now')
      expect(last).toBeLessThan(20 * 1024 * 1024)
      expect(await backend.head('deep/down/song.flac', ctx)).toBeNull()
      expect(await keys()).toEqual([])
      await backend.sweep(ctx)
      expect(await backend.sweep(ctx)).toBe(0)
    })

    test('a call that is aborted before it begins does nothing', async () => {
      const aborted = { ...ctx, signal: AbortSignal.abort(new Error('stop now')) }
      await expect(backend.put(await request('song.flac', 'x'), aborted)).rejects.toThrow('stop now')
      await put('kept.flac', 'x')
      await expect(backend.delete('kept.flac', aborted)).rejects.toThrow('stop now')
      expect(await keys()).toEqual(['kept.flac'])
    })

    test('a sweep leaves whole objects, and puts at work, alone', async () => {
      await put('song.flac', 'x')
      const sweeps: Promise<number>[] = []
      const wanted = {
        ...(await request('big.flac', noise(20 * 1024 * 1024))),
        onProgress: () => void sweeps.push(fixture.again().sweep(ctx)),
      }
      await backend.put(wanted, ctx)
      expect(Math.max(...(await Promise.all(sweeps)))).toBe(0)
      expect((await keys()).sort()).toEqual(['big.flac', 'song.flac'])
    })

    test('deleting removes one object, and what is not there may be deleted', async () => {
      await put('a/b/one.flac', '1')
      await put('a/two.flac', '2')
      await backend.delete('a/b/one.flac', ctx)
      await backend.delete('a/b/one.flac', ctx)
      await backend.delete('never/was.flac', ctx)
      expect(await keys()).toEqual(['a/two.flac'])
    })

    test('reading what is not there is a permanent error', async () => {
      expect(await rejection(backend.get('no.flac', ctx))).toMatchObject({
        name: 'PortError',
        class: 'permanent',
      })
    })

    test('a reader may stop in the middle', async () => {
      await put('big.flac', noise(2_000_000))
      const reader = (await backend.get('big.flac', ctx)).getReader()
      expect((await reader.read()).done).toBe(false)
      await reader.cancel()
      await backend.delete('big.flac', ctx)
      expect(await keys()).toEqual([])
    })

    async function allObjects(from: StorageBackend, limit: number): Promise<StoredObject[]> {
      const all: StoredObject[] = []
      for (;;) {
        const page = await from.list('', all.at(-1)?.key ?? null, limit, ctx)
        expect(page.length).toBeLessThanOrEqual(limit)
        all.push(...page)
        if (page.length < limit || all.length > 1000) return all
      }
    }
  })
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Bytes that no two chunks of which are equal, so that a lost or doubled chunk shows. */
function noise(size: number, seed = 0): Buffer {
  const bytes = Buffer.alloc(size, seed)
  for (let at = 0; at + 4 <= size; at += 4096) bytes.writeUInt32LE((at + seed) >>> 0, at)
  return bytes
}

function expectAgrees(head: StoredObject | null, stored: StoredObject): void {
  expect(head).toMatchObject({ key: stored.key, size: stored.size, etag: stored.etag })
  if (head?.sha256 != null) expect(head.sha256).toBe(stored.sha256)
}

async function collect(stream: ReadableStream<Uint8Array>): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return chunks
}
