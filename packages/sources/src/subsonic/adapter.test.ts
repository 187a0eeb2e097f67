import { createHash } from 'node:crypto'
import { afterEach, describe, expect, test } from 'vitest'
import type { PortError } from '@catalogsync/core/ports'
import type { ResolvedUrl, SourceSong } from '@catalogsync/core/ports'
import {
  callContext,
  describeSourceAdapter,
  fakeSong,
  localServer,
  rejection,
  tinyWav,
} from '@catalogsync/core/testing'
import { failed, json, subsonicDouble, type SubsonicDouble } from '../testing/subsonic-double.ts'
import { subsonicSource } from './adapter.ts'

const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

/** A double, a source over it, and the secrets that nobody may see. */
async function given(changes: Partial<SubsonicDouble> = {}, values: Record<string, string> = {}) {
  const double = subsonicDouble(changes)
  const server = await localServer(double.listener)
  const account = { USER: double.user, PASSWORD: double.password }
  const source = subsonicSource({
    id: 'home',
    type: 'subsonic',
    values: { URL: server.url, ...account, ...values },
  })
  ends.push(server.close, () => source.close())
  return { double, server, source, ctx: callContext() }
}
type Given = Awaited<ReturnType<typeof given>>

const pool = { remoteId: 'playlists', name: 'x' }
const playlist = { remoteId: '1', name: 'x', songCount: null, changeToken: null, locator: null }
const refusal = async (promise: Promise<unknown>) => (await rejection(promise)) as PortError
const pings = ({ double }: Given) => double.asked.filter(({ method }) => method === 'ping')

describe('logging in', () => {
  test('with a token, asked for once', async () => {
    const all = await given()
    await all.source.listPools(all.ctx)
    await all.source.listPools(all.ctx)
    expect(pings(all).map(({ params }) => [params.has('t'), params.has('p')])).toEqual([
      [true, false],
      [true, false],
      [true, false],
    ])
    expect(all.double.asked.every(({ params }) => !params.has('p'))).toBe(true)
  })

  test.each([10, 41, 30])('with the password where a token is answered with %i, remembered', async (code) => {
    const all = await given({
      takes: ['password'],
      before: (method, response) => {
        const { params } = all.double.asked.at(-1) ?? {}
        if (method === 'getOpenSubsonicExtensions' || params?.has('p') !== false) return false
        failed(response, code, 'no')
        return true
      },
    })
    await all.source.listPools(all.ctx)
    await all.source.listPools(all.ctx)
    expect(all.double.asked.filter(({ params }) => params.has('t'))).toHaveLength(1)
    expect(pings(all).at(-1)?.params.get('p')).toMatch(/^enc:[0-9a-f]+$/)
  })

  test('never with the password where only a token was allowed', async () => {
    const { source, double, ctx } = await given({ takes: ['password'] }, { LOGIN: 'token' })
    expect(await refusal(source.listPools(ctx))).toMatchObject({ class: 'auth' })
    expect(double.asked.some(({ params }) => params.has('p'))).toBe(false)
  })

  test('with a key, and then without a user name', async () => {
    const all = await given({ takes: ['apikey', 'token'] }, { API_KEY: 'key-0123456789' })
    await all.source.listPools(all.ctx)
    expect(pings(all).map(({ params }) => [params.get('apiKey'), params.has('u')])).toEqual([
      ['key-0123456789', false],
      ['key-0123456789', false],
    ])
  })

  test('with the account where a key is unknown to the server', async () => {
    const all = await given({}, { API_KEY: 'key-0123456789' })
    await all.source.listPools(all.ctx)
    expect(pings(all).at(-1)?.params.has('t')).toBe(true)
  })

  test('a wrong key, a wrong password and a login that is not taken close the gate', async () => {
    const key = await given({ takes: ['apikey'] }, { API_KEY: 'wrong-key' })
    expect(await refusal(key.source.listPools(key.ctx))).toMatchObject({
      class: 'auth',
      reason: `${key.server.url} says: Invalid API key (error 44)`,
    })
    const password = await given({}, { PASSWORD: 'wrong-password' })
    expect(await refusal(password.source.listPools(password.ctx))).toMatchObject({
      class: 'auth',
      reason: `${password.server.url} says: Wrong username or password (error 40)`,
    })
    expect(pings(password)).toHaveLength(1)
    const none = await given({ takes: [] })
    expect(await refusal(none.source.listPools(none.ctx))).toMatchObject({
      class: 'auth',
      reason: expect.stringContaining('takes none of the logins that were tried (token, password)') as string,
    })
  })

  test('a login that stops working is looked for anew', async () => {
    const all = await given()
    await all.source.listPools(all.ctx)
    all.double.takes = ['password']
    expect(await refusal(all.source.listPools(all.ctx))).toMatchObject({ class: 'auth' })
    await all.source.listPools(all.ctx)
    expect(pings(all).at(-1)?.params.has('p')).toBe(true)
  })

  test('one that the server words as a detail is not taken', async () => {
    const { source, ctx } = await given({
      before: (method, response) => {
        if (method === 'ping')
          json(response, { status: 'ok', detail: 'Authentication credentials were not provided.' })
        return method === 'ping'
      },
    })
    expect(await refusal(source.listPools(ctx))).toMatchObject({ class: 'auth' })
  })

  test('goes in a form where the server reads forms, and is then in no URL', async () => {
    const all = await given({ extensions: ['formPost'], answers: { getPlaylists: { playlists: {} } } })
    await all.source.listPlaylists(pool, all.ctx)
    const asked = all.double.asked.filter(({ method }) => method !== 'getOpenSubsonicExtensions')
    expect(asked.map(({ verb, query }) => [verb, query])).toEqual([
      ['POST', ''],
      ['POST', ''],
    ])
    expect(asked[1]?.params.get('t')).toMatch(/^[0-9a-f]{32}$/)
  })
})

describe('errors', () => {
  test.each([
    [0, 'Something broke', 'transient'],
    [0, 'ValueError: badly formed hexadecimal UUID string', 'permanent'],
    [20, 'x', 'permanent'],
    [30, 'x', 'permanent'],
    [50, 'not authorized', 'permanent'],
    [60, 'trial over', 'auth'],
    [70, 'not found', 'permanent'],
    [99, 'x', 'transient'],
  ])('code %i "%s" is %s, in the words of the server', async (code, message, failureClass) => {
    const { source, server, ctx } = await given({
      answers: { getPlaylist: (response) => failed(response, code, message) },
    })
    expect(await refusal(source.listSongs(playlist, ctx))).toMatchObject({
      class: failureClass,
      reason: `${server.url} says: ${message} (error ${code})`,
    })
  })

  test('a server that is busy says how long', async () => {
    const { source, ctx } = await given({
      answers: { getPlaylist: (response) => response.writeHead(429, { 'retry-after': '17' }).end('{}') },
    })
    expect(await refusal(source.listSongs(playlist, ctx))).toMatchObject({
      class: 'blocked',
      afterMs: 17_000,
    })
  })

  test('a server that is busy when the login begins closes the gate too', async () => {
    const { source, ctx } = await given({
      before: (_, response) => Boolean(response.writeHead(503, { 'retry-after': '5' }).end()),
    })
    expect(await refusal(source.listPools(ctx))).toMatchObject({ class: 'blocked', afterMs: 5_000 })
  })

  test('a server that is away closes the gate', async () => {
    const { source, server, ctx } = await given()
    await source.listPools(ctx)
    await server.close()
    expect(await refusal(source.listPools(ctx))).toMatchObject({ class: 'blocked' })
  })

  test('a page in place of an answer is told as what it is', async () => {
    const { source, server, ctx } = await given({
      before: (_, response) =>
        Boolean(response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Hello')),
    })
    expect(await refusal(source.listPools(ctx))).toMatchObject({
      class: 'invalid',
      reason: expect.stringContaining(`${server.url} does not answer like a Subsonic server`) as string,
    })
  })

  test('an answer without its element is no empty answer', async () => {
    const { source, ctx } = await given({
      answers: { getPlaylists: { other: 1 }, getPlaylist: { other: 1 } },
    })
    expect(await refusal(source.listPlaylists(pool, ctx))).toMatchObject({ class: 'invalid' })
    expect(await refusal(source.listSongs(playlist, ctx))).toMatchObject({ class: 'invalid' })
  })

  test('a redirect to another host is not followed with the login', async () => {
    const { source, ctx, double } = await given({
      before: (_, response) =>
        Boolean(response.writeHead(302, { location: 'http://localhost:1/rest' }).end()),
    })
    const error = await refusal(source.listPools(ctx))
    expect(error).toMatchObject({ class: 'permanent' })
    expect(double.asked.length).toBeGreaterThan(0)
  })

  test('a private address is refused where it is not allowed', async () => {
    const { source, ctx, double } = await given({}, { PRIVATE: 'no' })
    expect(await refusal(source.listPools(ctx))).toMatchObject({ class: 'permanent' })
    expect(double.asked).toEqual([])
  })

  test('words that repeat the question lose what is secret in it', async () => {
    const all = await given({
      takes: ['password'],
      answers: {
        getPlaylist: (response, params) =>
          failed(response, 0, `bad: ?${params.toString()} ${all.double.password} ${params.get('p') ?? ''}`),
      },
    })
    const { reason } = await refusal(all.source.listSongs(playlist, all.ctx))
    const hex = Buffer.from(all.double.password).toString('hex')
    for (const secret of [all.double.password, hex, 'u=admin']) expect(reason).not.toContain(secret)
  })
})

describe('lists', () => {
  test('an empty playlist has no entry, and a single one no brackets', async () => {
    const { source, double, ctx } = await given({
      answers: { getPlaylist: { playlist: { id: '1', songCount: 0 } } },
    })
    expect(await source.listSongs(playlist, ctx)).toMatchObject({
      entries: [],
      unavailable: [],
      complete: true,
    })
    double.answers['getPlaylist'] = { playlist: { id: '1', entry: { id: 's', title: 'One' } } }
    expect(await source.listSongs(playlist, ctx)).toMatchObject({
      entries: [{ remoteId: 's', title: 'One' }],
    })
  })

  test('no playlists are no playlists', async () => {
    for (const playlists of [{}, '', null, { playlist: [] }]) {
      const { source, ctx } = await given({ answers: { getPlaylists: { playlists } } })
      expect(await source.listPlaylists(pool, ctx)).toEqual({ entries: [], complete: true })
    }
  })

  test('what cannot be had keeps its place', async () => {
    const entry = [
      { id: 'a', title: 'A' },
      { id: 'd', title: 'D', isDir: true },
      { id: 'b', title: 'B' },
      { title: 'X' },
    ]
    const { source, ctx } = await given({ answers: { getPlaylist: { playlist: { entry } } } })
    const { entries, unavailable } = await source.listSongs(playlist, ctx)
    expect(entries.map(({ title }) => title)).toEqual(['A', 'B'])
    expect(unavailable).toEqual([
      { position: 1, title: 'D', reason: 'a folder, not a song' },
      { position: 3, title: 'X', reason: 'the server gives it no id' },
    ])
  })

  test('a playlist changes when the server says so, else when its entries do', async () => {
    const { source, double, ctx } = await given({
      answers: { getPlaylist: { playlist: { changed: '2026-01-01T00:00:00Z', entry: [] } } },
    })
    const token = async () => (await source.listSongs(playlist, ctx)).changeToken
    expect(await token()).toBe('2026-01-01T00:00:00Z')
    const tokens = []
    for (const title of ['A', 'A', 'B']) {
      double.answers['getPlaylist'] = { playlist: { entry: [{ id: 's', title }] } }
      tokens.push(await token())
    }
    expect(tokens[0]).toBe(tokens[1])
    expect(tokens[0]).not.toBe(tokens[2])
  })

  test('albums are asked for in pages until nothing new comes', async () => {
    const album = Array.from({ length: 1_203 }, (_, i) => ({
      id: `a${i}`,
      name: `Album ${i}`,
      artist: 'X',
      songCount: 1,
    }))
    const { source, double, ctx } = await given({
      answers: {
        // At most 300 at once, whatever is asked for.
        getAlbumList2: (response, params) => {
          const offset = Number(params.get('offset'))
          json(response, { status: 'ok', albumList2: { album: album.slice(offset, offset + 300) } })
        },
      },
    })
    const listing = await source.listPlaylists({ remoteId: 'albums', name: '' }, ctx)
    expect(listing).toMatchObject({ complete: true })
    expect(listing.entries).toHaveLength(1_203)
    expect(listing.entries[7]).toMatchObject({ remoteId: 'album:a7', name: 'X - Album 7', songCount: 1 })
    expect(double.asked.filter(({ method }) => method === 'getAlbumList2')).toHaveLength(6)
  })

  test('a server that ignores the offset is not asked for ever', async () => {
    const { source, ctx } = await given({
      answers: { getAlbumList2: { albumList2: { album: [{ id: '1', name: 'A' }] } } },
    })
    expect((await source.listPlaylists({ remoteId: 'albums', name: '' }, ctx)).entries).toHaveLength(1)
  })
})

describe('a download', () => {
  const resolve = async ({ source, ctx }: Given, song: SourceSong = fakeSong('s1', { size: 7 })) =>
    (await source.resolve(song, ctx)) as ResolvedUrl // this adapter gives no other kind
  const explained = async (all: Given, contentType: string, bodyStart: string) =>
    (await resolve(all)).explain?.({ status: 200, contentType, bodyStart })

  test('is asked for with GET, as the file is, with what was promised', async () => {
    const all = await given({ extensions: ['formPost'] }, { PRIVATE: 'yes' })
    const { url, ...rest } = await resolve(all)
    expect(url).toContain(`${all.server.url}/rest/download.view?`)
    expect(new URL(url).searchParams.get('id')).toBe('s1')
    expect(new URL(url).searchParams.get('format')).toBe('raw')
    expect(rest).toMatchObject({ size: 7, headers: {}, privateHost: true })
    for (const name of ['u', 't', 's']) {
      expect(new URL(url).searchParams.has(name)).toBe(true)
      expect(rest.secretParams).toContain(name)
    }
  })

  test.each([
    [70, 'permanent'],
    [50, 'permanent'],
    [40, 'auth'],
    [0, 'transient'],
  ])('that is really an error %i is %s', async (code, failureClass) => {
    const all = await given()
    const inner = { status: 'failed', error: { code, message: 'so it is' } }
    const answers = [
      JSON.stringify({ 'subsonic-response': inner }),
      `<subsonic-response status="failed"><error code="${code}" message="so it is"/></subsonic-response>`,
    ]
    for (const answer of answers) {
      expect(await explained(all, 'application/json', answer)).toMatchObject({
        class: failureClass,
        reason: `${all.server.url} says: so it is (error ${code})`,
      })
    }
  })

  test('that is an archive is for good, and a page says nothing', async () => {
    const all = await given()
    expect(await explained(all, 'application/zip', 'PK')).toMatchObject({ class: 'permanent' })
    expect(await explained(all, 'text/html', '<p>')).toBeNull()
  })
})

describe('a song of another source', () => {
  const found = [
    { id: 'other', title: 'Cold Day', artist: 'Somebody' },
    { id: 'long', title: 'Cold Day', artist: 'Macroform', duration: 400 },
    { id: 'near', title: 'Cold  Day!', artist: 'MACROFORM', duration: 242, album: 'Other' },
    { id: 'album', title: 'cold day', artist: 'Macroform', duration: 245, album: 'Sampler' },
    { id: 'untagged', title: 'Cold Day', artist: '[unknown]', duration: 244 },
    { id: 'isrc', title: 'Cold Day (Remaster)', artist: 'Macroform', isrc: ['DEA1'] },
  ]
  test('is found by title, artist and length, the best first', async () => {
    const { source, double, ctx } = await given({ answers: { search3: { searchResult3: { song: found } } } })
    const wanted = fakeSong('x', {
      title: 'Cold Day',
      artists: ['Macroform'],
      album: 'Sampler',
      durationMs: 244_000,
      isrc: 'DEA1',
    })
    expect((await source.findSong(wanted, ctx)).map(({ remoteId }) => remoteId)).toEqual([
      'isrc',
      'album',
      'untagged',
      'near',
    ])
    expect(double.asked.at(-1)?.params.get('query')).toBe('Cold Day')
  })
})

const coldDay = tinyWav({ seconds: 0.2, hz: 200 })
const night = tinyWav({ seconds: 0.1, hz: 300 })
const files: Record<string, Buffer> = { s1: coldDay, s2: night }
const entries = [
  { id: 's1', title: 'Cold Day', artist: 'Macroform', size: coldDay.length, suffix: 'wav' },
  { id: 's2', title: '夜', artist: 'Café', size: night.length, suffix: 'wav' },
  { id: 'd1', title: 'Folder', isDir: true },
]
const lists: Record<string, unknown[]> = { p1: [...entries, entries[0]], p2: [] }

describeSourceAdapter(
  'subsonic (a double)',
  async () => {
    const double = subsonicDouble({
      takes: ['password'],
      answers: {
        getPlaylists: {
          playlists: {
            playlist: [
              { id: 'p1', name: 'Everything 全部', songCount: 4 },
              { id: 'p2', name: 'empty', songCount: 0 },
            ],
          },
        },
        getPlaylist: (response, params) => {
          const entry = lists[params.get('id') ?? '']
          if (!entry) return failed(response, 70, 'Playlist not found')
          json(response, {
            status: 'ok',
            playlist: { id: params.get('id'), ...(entry.length > 0 ? { entry } : {}) },
          })
        },
        getAlbumList2: (response, params) =>
          json(response, {
            status: 'ok',
            albumList2:
              params.get('offset') === '0' ? { album: [{ id: 'a1', name: 'Sampler', songCount: 1 }] } : {},
          }),
        getAlbum: { album: { id: 'a1', song: [entries[0]] } },
        search3: { searchResult3: { song: entries.slice(0, 2) } },
        download: (response, params) => void response.end(files[params.get('id') ?? '']),
      },
    })
    const server = await localServer(double.listener)
    const values = { URL: `${server.url}/music`, USER: double.user, PASSWORD: double.password, ALBUMS: 'yes' }
    const make = () => subsonicSource({ id: 'home', type: 'subsonic', values })
    return { adapter: make(), again: make, dispose: server.close }
  },
  {
    pools: ['All playlists', 'All albums'],
    playlists: {
      'Everything 全部': ['Cold Day', '夜', 'Cold Day'],
      empty: [],
      Sampler: ['Cold Day'],
    },
    unavailable: { 'Everything 全部': ['Folder'] },
    sha256: { 'Cold Day': sha256(coldDay), 夜: sha256(night) },
    secrets: ['pass wörd&more', Buffer.from('pass wörd&more').toString('hex')],
  },
)

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}
