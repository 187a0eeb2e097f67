import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PortError } from '../ports/index.ts'
import type { CallContext, Resolved, SourceAdapter, SourcePlaylist, SourceSong } from '../ports/index.ts'
import { callContext, rejection } from './call-context.ts'

export interface SourceFixture {
  adapter: SourceAdapter
  /** Another adapter over the same place, as after a restart. */
  again(): SourceAdapter
  dispose(): Promise<void>
}

/** What the place that the fixture set up holds. */
export interface SourceExpectations {
  /** Names of all pools, in any order. */
  pools: string[]
  /** Playlists of all pools by name: titles in order; a song that is twice in it stands here twice. */
  playlists: Record<string, string[]>
  /** Titles of the entries that cannot be given, by playlist name. */
  unavailable?: Record<string, string[]>
  /** Lower-case hex SHA-256 of a song's bytes, by title. */
  sha256: Record<string, string>
  /** Title of a song that is in a playlist but whose bytes are gone. */
  gone?: string
  /** No error and no log line may hold one of these. */
  secrets?: string[]
}

/** What every source adapter keeps, proved against a real place with known content. */
export function describeSourceAdapter(
  name: string,
  make: () => Promise<SourceFixture>,
  expected: SourceExpectations,
): void {
  describe(`source adapter ${name}`, () => {
    let fixture: SourceFixture
    let source: SourceAdapter
    const ctx = callContext()

    beforeAll(async () => {
      fixture = await make()
      source = fixture.adapter
    })
    afterAll(async () => {
      await source.close()
      await fixture.dispose()
    })

    const playlist = async (title: string) => named(await allPlaylists(source, ctx), title)
    const songs = async (title: string) => source.listSongs(await playlist(title), ctx)
    const song = async (title: string) => {
      for (const each of Object.keys(expected.playlists)) {
        const found = (await songs(each)).entries.find((entry) => entry.title === title)
        if (found) return found
      }
      throw new Error(`no playlist has the song ${title}`)
    }

    test('names its pools, each with an id of its own', async () => {
      const pools = await source.listPools(ctx)
      expect(pools.complete).toBe(true)
      expect(pools.entries.map((pool) => pool.name).sort()).toEqual([...expected.pools].sort())
      expectUnique(pools.entries.map((pool) => pool.remoteId))
    })

    test('names the playlists of its pools, with ids, counts and locators within the limits', async () => {
      const found = await allPlaylists(source, ctx)
      expect([...new Set(found.map((each) => each.name))].sort()).toEqual(
        Object.keys(expected.playlists).sort(),
      )
      for (const each of found) {
        expectOpaque(each)
        if (each.songCount !== null) {
          const unavailable = expected.unavailable?.[each.name]?.length ?? 0
          expect(each.songCount).toBe((expected.playlists[each.name]?.length ?? 0) + unavailable)
        }
      }
    })

    test.each(Object.entries(expected.playlists))('lists the songs of %s in order', async (title, titles) => {
      const listing = await songs(title)
      expect(listing.complete).toBe(true)
      expect(listing.entries.map((entry) => entry.title)).toEqual(titles)
      expect(listing.unavailable.map((entry) => entry.title)).toEqual(expected.unavailable?.[title] ?? [])
      const length = listing.entries.length + listing.unavailable.length
      for (const { position, reason } of listing.unavailable) {
        expect(reason).not.toBe('')
        expect(Number.isInteger(position) && position >= 0 && position < length).toBe(true)
      }
      listing.entries.forEach(expectSong)
    })

    test('an entry that is twice in a playlist has one id', async () => {
      for (const [title, titles] of Object.entries(expected.playlists)) {
        const { entries } = await songs(title)
        for (const twice of titles.filter((each, i) => titles.indexOf(each) !== i)) {
          expect(
            new Set(entries.filter((entry) => entry.title === twice).map((entry) => entry.remoteId)).size,
          ).toBe(1)
        }
      }
    })

    test('says the same again, also after a restart', async () => {
      const other = fixture.again()
      const before = await allPlaylists(source, ctx)
      expect(await allPlaylists(other, ctx)).toEqual(before)
      for (const each of before)
        expect(await other.listSongs(each, ctx)).toEqual(await source.listSongs(each, ctx))
      await other.close()
    })

    test.each(Object.entries(expected.sha256))('gives the bytes of %s', async (title, sha256) => {
      const wanted = await song(title)
      // The host keeps locators as JSON, and an adapter of the next process reads them.
      const other = fixture.again()
      const resolved = await other.resolve(JSON.parse(JSON.stringify(wanted)) as SourceSong, ctx) // was a SourceSong
      const bytes = await fetchBytes(resolved)
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256)
      if (resolved.size !== null) expect(bytes.length).toBe(resolved.size)
      if (wanted.size !== null) expect(bytes.length).toBe(wanted.size)
      await other.close()
    })

    test.skipIf(expected.gone === undefined)('says permanent, and which, when a song is gone', async () => {
      const error = await rejection(source.resolve(await song(expected.gone ?? ''), ctx))
      expect(error).toBeInstanceOf(PortError)
      expect(error).toMatchObject({ class: 'permanent' })
    })

    test('a playlist that is not there is a permanent error', async () => {
      const one = (await allPlaylists(source, ctx))[0]
      const wrong: SourcePlaylist = {
        remoteId: 'no-such-id',
        name: 'x',
        songCount: 1,
        changeToken: null,
        locator: null,
      }
      expect(one).toBeDefined()
      expect(await rejection(source.listSongs(wrong, ctx))).toMatchObject({
        name: 'PortError',
        class: 'permanent',
      })
    })

    test('a search answers with songs that can be resolved, or with none', async () => {
      const candidates = await source.findSong(await song(Object.keys(expected.sha256)[0] ?? ''), ctx)
      candidates.forEach(expectSong)
      if (candidates[0]) await fetchBytes(await source.resolve(candidates[0], ctx))
    })

    test('an aborted call answers nothing', async () => {
      const aborted = { ...ctx, signal: AbortSignal.abort(new Error('stop now')) }
      const one = (await allPlaylists(source, ctx))[0]
      const pool = (await source.listPools(ctx)).entries[0]
      const wanted = await song(Object.keys(expected.sha256)[0] ?? '')
      if (!one || !pool) throw new Error('the fixture needs a playlist')
      await expect(source.listPools(aborted)).rejects.toThrow()
      await expect(source.listPlaylists(pool, aborted)).rejects.toThrow()
      await expect(source.listSongs(one, aborted)).rejects.toThrow()
      await expect(source.resolve(wanted, aborted)).rejects.toThrow()
    })

    test('tells no secret', () => {
      for (const secret of expected.secrets ?? []) expect(ctx.lines.join('\n')).not.toContain(secret)
    })
  })
}

async function allPlaylists(source: SourceAdapter, ctx: CallContext): Promise<SourcePlaylist[]> {
  const found: SourcePlaylist[] = []
  for (const pool of (await source.listPools(ctx)).entries) {
    const listing = await source.listPlaylists(pool, ctx)
    expect(listing.complete).toBe(true)
    expectUnique(listing.entries.map((playlist) => playlist.remoteId))
    found.push(...listing.entries)
  }
  return found
}

function named(playlists: SourcePlaylist[], name: string): SourcePlaylist {
  const found = playlists.find((playlist) => playlist.name === name)
  if (!found) throw new Error(`there is no playlist ${name}`)
  return found
}

function expectUnique(ids: string[]): void {
  expect(new Set(ids).size).toBe(ids.length)
  for (const id of ids) expect(id).not.toBe('')
}

function expectOpaque({ remoteId, locator }: { remoteId: string; locator: unknown }): void {
  expect(remoteId).not.toBe('')
  expect(remoteId).toBe(remoteId.normalize('NFC'))
  expect(Buffer.byteLength(JSON.stringify(locator))).toBeLessThanOrEqual(8192)
  expect(JSON.parse(JSON.stringify(locator))).toEqual(locator)
}

function expectSong(song: SourceSong): void {
  expectOpaque(song)
  expect(song.title.trim()).not.toBe('')
  for (const artist of song.artists) expect(artist.trim()).not.toBe('')
  if (song.suffix !== null) expect(song.suffix).toMatch(/^[a-z0-9]+$/)
  for (const number of [song.size, song.durationMs, song.trackNo, song.discNo, song.year]) {
    if (number !== null) expect(Number.isInteger(number) && number >= 0).toBe(true)
  }
}

async function fetchBytes(resolved: Resolved): Promise<Buffer> {
  if (resolved.kind === 'file') return readFile(resolved.path)
  const answer = await fetch(resolved.url, { headers: resolved.headers })
  expect(answer.ok).toBe(true)
  return Buffer.from(await answer.arrayBuffer())
}
