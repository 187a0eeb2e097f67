import { describe, expect, test } from 'vitest'
import { PortError } from '../ports/index.ts'
import type { SourcePlaylist } from '../ports/index.ts'
import { executorContext } from '../testing/executor-context.ts'
import { fakeSong, fakeSource, type FakeSourceScript } from '../testing/fakes.ts'
import { collect } from './collect.ts'
import type { Outcome } from './outcome.ts'
import { sync } from './sync.ts'

const contextOf = (script: FakeSourceScript, signal?: AbortSignal) =>
  executorContext({ libraryDir: '/nowhere', source: fakeSource(script), ...(signal && { signal }) })

const playlist = (remoteId: string, changes: Partial<SourcePlaylist> = {}): SourcePlaylist => ({
  remoteId,
  name: remoteId,
  songCount: null,
  changeToken: null,
  locator: null,
  ...changes,
})

const pool = { remoteId: 'p', name: 'P' }
const collectPlaylists = (script: FakeSourceScript) =>
  collect({ stage: 'collect', sourceId: 'fake', pool }, contextOf(script))
const syncSongs = (songs: ReturnType<typeof fakeSong>[]) =>
  sync({ stage: 'sync', sourceId: 'fake', playlist: playlist('l') }, contextOf({ songs: { l: songs } }))

function entriesOf(outcome: Outcome): unknown[] {
  if (outcome.kind !== 'done' || !('listing' in outcome.product)) throw new Error(JSON.stringify(outcome))
  return outcome.product.listing.entries
}

describe('collect', () => {
  test('without a pool it finds the pools, with one its playlists', async () => {
    const script = { pools: [pool], playlists: [playlist('a')] }
    expect(await collect({ stage: 'collect', sourceId: 'fake', pool: null }, contextOf(script))).toEqual({
      kind: 'done',
      product: { kind: 'pools', listing: { entries: [pool], complete: true } },
    })
    expect(await collectPlaylists(script)).toMatchObject({
      product: { kind: 'playlists', listing: { entries: [{ remoteId: 'a' }] } },
    })
  })

  test('a playlist that is named twice is taken once, and said', async () => {
    const ctx = contextOf({
      playlists: [playlist('a', { name: 'first' }), playlist('a', { name: 'second' })],
    })
    const outcome = await collect({ stage: 'collect', sourceId: 'fake', pool }, ctx)
    expect(entriesOf(outcome)).toMatchObject([{ name: 'first' }])
    expect(ctx.lines).toEqual([expect.stringMatching(/^warn .*1 playlists more than once/)])
  })

  test('names are cleaned, cut, and never empty', async () => {
    const names = [' a\nb\0\x1b[31m ', '\0', 'x'.repeat(5_000), '\ud800ok']
    const outcome = await collectPlaylists({
      playlists: names.map((name, i) => playlist(`id${i}`, { name })),
    })
    expect(entriesOf(outcome)).toMatchObject([
      { name: 'a b[31m' },
      { name: 'id1' },
      { name: 'x'.repeat(1_000) },
      { name: 'ok' },
    ])
  })

  test('a locator of more than 8 KB, an id that is none, and an id that is not text are refused', async () => {
    for (const wrong of [
      playlist('a', { locator: { x: '夜'.repeat(3_000) } }),
      playlist(''),
      playlist('\ud800'),
      playlist('x'.repeat(2_000)),
    ]) {
      expect(await collectPlaylists({ playlists: [wrong] })).toMatchObject({
        kind: 'failed',
        class: 'invalid',
      })
    }
  })

  test('an incomplete answer stays incomplete', async () => {
    expect(await collectPlaylists({ complete: false })).toMatchObject({
      product: { listing: { complete: false } },
    })
  })

  test('a source that is blocked closes its gate', async () => {
    const fail = () => new PortError('blocked', '429 from home', { afterMs: 30_000 })
    expect(await collectPlaylists({ fail })).toEqual({
      kind: 'retry',
      class: 'blocked',
      reason: '429 from home',
      afterMs: 30_000,
      gate: { kind: 'source', ref: 'fake' },
    })
  })

  test('an abort releases the item at once, though the adapter hangs', async () => {
    const abort = new AbortController()
    const outcome = collect(
      { stage: 'collect', sourceId: 'fake', pool },
      contextOf({ fail: () => 'hang' }, abort.signal),
    )
    abort.abort()
    expect(await outcome).toEqual({ kind: 'released' })
  })

  test('nothing is asked when the signal was aborted before', async () => {
    const source = fakeSource({})
    const ctx = executorContext({ libraryDir: '/nowhere', source, signal: AbortSignal.abort() })
    expect(await collect({ stage: 'collect', sourceId: 'fake', pool }, ctx)).toEqual({ kind: 'released' })
    expect(source.calls).toEqual([])
  })

  test('an adapter sees no settings', async () => {
    let seen: object = {}
    const source = fakeSource({})
    source.listPools = (call) => {
      seen = call
      return Promise.resolve({ entries: [], complete: true })
    }
    await collect(
      { stage: 'collect', sourceId: 'fake', pool: null },
      executorContext({ libraryDir: '/x', source }),
    )
    expect(Object.keys(seen).toSorted()).toEqual(['log', 'signal'])
  })
})

describe('sync', () => {
  test('a song that is twice in a playlist stays twice, in order', async () => {
    const outcome = await syncSongs([fakeSong('a'), fakeSong('b'), fakeSong('a')])
    expect(entriesOf(outcome)).toMatchObject([{ remoteId: 'a' }, { remoteId: 'b' }, { remoteId: 'a' }])
  })

  test('what a source says of a song is made plain', async () => {
    const song = fakeSong('s', {
      title: '\0',
      artists: [' A ', '', '\n'],
      album: ' ',
      trackNo: -1,
      year: Number.NaN,
      durationMs: 1234.6,
      size: Infinity,
      suffix: 'FLAC',
      mbid: ' m ',
    })
    expect(entriesOf(await syncSongs([song]))).toEqual([
      fakeSong('s', { title: 's', artists: ['A'], durationMs: 1235, suffix: 'flac', mbid: 'm' }),
    ])
    expect(entriesOf(await syncSongs([fakeSong('s', { suffix: '../x' })]))).toMatchObject([{ suffix: null }])
  })

  test('a playlist that is gone fails, an unknown error is tried again', async () => {
    const run = (fail: () => Error) =>
      sync({ stage: 'sync', sourceId: 'fake', playlist: playlist('l') }, contextOf({ fail }))
    expect(await run(() => new PortError('permanent', 'gone'))).toMatchObject({
      kind: 'failed',
      reason: 'gone',
    })
    expect(await run(() => new Error('boom'))).toMatchObject({
      kind: 'retry',
      class: 'transient',
      gate: null,
    })
  })
})
