import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SongListing, SourcePlaylist } from '@catalogsync/core/ports'
import { callContext, rejection, tinyWav } from '@catalogsync/core/testing'
import { folderSource } from './adapter.ts'
import { maxPlaylistBytes } from './playlist-file.ts'

const ctx = callContext()
let root: string
let outside: string

beforeEach(async () => {
  outside = await mkdtemp(join(tmpdir(), 'catalogsync-outside-'))
  root = join(outside, 'music')
  await mkdir(root)
  ctx.lines.length = 0
})
afterEach(() => rm(outside, { recursive: true }))

const source = (values: Record<string, string> = {}) =>
  folderSource({ id: 'my-home', type: 'folder', values: { PATH: root, ...values } })

async function put(path: string, content: string | Uint8Array = 'x', under = root): Promise<void> {
  await mkdir(dirname(join(under, path)), { recursive: true })
  await writeFile(join(under, path), content)
}

const pool = (remoteId: string) => ({ remoteId, name: remoteId })
const playlists = async (from = source()) => from.listPlaylists(pool('playlists'), ctx)
const ids = (entries: { remoteId: string }[]) => entries.map((entry) => entry.remoteId)

async function songsOf(remoteId: string, from = source()): Promise<SongListing> {
  const found = (await playlists(from)).entries.find((playlist) => playlist.remoteId === remoteId)
  if (!found) throw new Error(`there is no playlist ${remoteId}`)
  return from.listSongs(found, ctx)
}

/** The songs of a playlist file `lists/p.m3u8` of these lines. */
async function songsOfLines(...lines: string[]): Promise<SongListing> {
  await put('lists/p.m3u8', lines.join('\n'))
  return songsOf('lists/p.m3u8')
}

test('playlist files are found anywhere in the tree, but not in hidden and NAS folders', async () => {
  const names = [
    'a.m3u',
    'x/y/B.M3U8',
    '@eaDir/c.m3u',
    '#recycle/d.m3u',
    '.hidden/e.m3u',
    '._f.m3u',
    'g.m3u.part',
  ]
  for (const name of names) await put(name, 'song.mp3')
  await put('not-a-playlist.txt')
  const { entries, complete } = await playlists()
  expect(complete).toBe(true)
  expect(ids(entries)).toEqual(['a.m3u', 'x/y/B.M3U8'])
  expect(entries.map((playlist) => playlist.name)).toEqual(['a', 'B'])
})

test('a list of stream segments is left out, and the log says so', async () => {
  await put('live.m3u8', '#EXTM3U\n#EXT-X-VERSION:3\nseg.ts')
  await put('song.m3u8', 'a.mp3')
  const { entries, complete } = await playlists()
  expect(ids(entries)).toEqual(['song.m3u8'])
  expect(complete).toBe(true)
  expect(ctx.lines.join()).toContain('live.m3u8')
})

test('a file too large for a playlist is left out', async () => {
  await put('huge.m3u')
  await truncate(join(root, 'huge.m3u'), maxPlaylistBytes + 1)
  expect((await playlists()).entries).toEqual([])
  expect(ctx.lines.join()).toContain('too large')
})

test('the change token changes with the content and stays with it', async () => {
  await put('p.m3u', 'a.mp3')
  const token = async () => (await playlists()).entries[0]?.changeToken
  const before = await token()
  expect(await token()).toBe(before)
  await put('p.m3u', 'b.mp3')
  expect(await token()).not.toBe(before)
})

test('a song carries what its tags say, whatever the playlist calls it', async () => {
  await put('a/tagged.wav', tinyWav({ seconds: 2, title: 'Tag Title', artist: 'Tag Artist' }))
  const { entries } = await songsOfLines(
    '../a/tagged.wav',
    '#EXTINF:9,List Artist - List Title',
    '../a/tagged.wav',
  )
  expect(entries[0]).toMatchObject({
    title: 'Tag Title',
    artists: ['Tag Artist'],
    durationMs: 2000,
    suffix: 'wav',
  })
  expect(entries[1]).toMatchObject({ title: 'Tag Title', artists: ['Tag Artist'], durationMs: 2000 })
  expect(entries[0]?.size).toBe((await readFile(join(root, 'a/tagged.wav'))).length)
})

test('a changed file is read again', async () => {
  const one = source()
  await put('p.m3u', 'a.wav')
  await put('a.wav', tinyWav({ title: 'Before' }))
  expect((await songsOf('p.m3u', one)).entries[0]?.title).toBe('Before')
  await put('a.wav', tinyWav({ title: 'Afterwards' }))
  expect((await songsOf('p.m3u', one)).entries[0]?.title).toBe('Afterwards')
})

test('a length in the playlist is believed only while there is no file to ask', async () => {
  await put('a.mp3')
  const { entries } = await songsOfLines('#EXTINF:200,A - B', '../a.mp3', '#EXTINF:200,A - C', '../gone.mp3')
  expect(entries.map((song) => song.durationMs)).toEqual([null, 200_000])
})

test('a file without tags is called by its name, and no bytes are needed for that', async () => {
  await put('01 - Träume.flac', '')
  const { entries } = await songsOfLines('../01 - Träume.flac', '../not there.MP3')
  expect(entries[0]).toMatchObject({ title: '01 - Träume', artists: [], size: 0, durationMs: null })
  expect(entries[1]).toMatchObject({
    title: 'not there',
    size: null,
    suffix: 'mp3',
    remoteId: 'not there.MP3',
  })
})

test.each([
  ['in normal form D on disk, C in the playlist', 'Cafe\u0301/e\u0301.mp3', '../Café/é.mp3', 'Café/é.mp3'],
  ['in normal form C on disk, D in the playlist', 'Café/é.mp3', '../Cafe\u0301/e\u0301.mp3', 'Café/é.mp3'],
  ['in another case', 'Band/Song.MP3', '../BAND/song.mp3', 'Band/Song.MP3'],
  ['in another case, not Latin', 'Кино/Группа.mp3', '../кино/ГРУППА.mp3', 'Кино/Группа.mp3'],
  ['with backslashes', 'Band/Song.mp3', '..\\Band\\Song.mp3', 'Band/Song.mp3'],
  ['percent-encoded', 'Band/夜 曲.mp3', '../Band/%E5%A4%9C%20%E6%9B%B2.mp3', 'Band/夜 曲.mp3'],
  ['with a percent sign of its own', 'Band/100%25.mp3', '../Band/100%25.mp3', 'Band/100%25.mp3'],
  ['with a backslash of its own', 'AC\\DC.mp3', '../AC\\DC.mp3', 'AC\\DC.mp3'],
  ['with dots and doubled slashes', 'Band/Song.mp3', './/..//lists/../Band/./Song.mp3', 'Band/Song.mp3'],
  ['with an emoji', '🎸/🎧.mp3', '../🎸/🎧.mp3', '🎸/🎧.mp3'],
])('a name %s is found, and opens by its real name', async (_, onDisk, line, remoteId) => {
  await put(onDisk, 'the bytes')
  const { entries, unavailable } = await songsOfLines(line)
  expect(unavailable).toEqual([])
  expect(ids(entries)).toEqual([remoteId])
  const [song] = entries
  const resolved = song && (await source().resolve(song, ctx))
  expect(resolved).toEqual({ kind: 'file', path: join(root, onDisk), size: 9 })
})

test('the same letters in another normal form come before another case', async () => {
  await put('CAFÉ.mp3')
  await put('cafe\u0301.mp3')
  const { entries } = await songsOfLines('../café.mp3', '../Café.mp3')
  expect(ids(entries)).toEqual(['café.mp3', 'CAFÉ.mp3'])
})

test('absolute paths and file addresses inside the folder are found', async () => {
  await put('a b/é.mp3')
  const path = join(root, 'a b/é.mp3')
  const url = pathToFileURL(path).href
  const { entries } = await songsOfLines(path, url, url.replace('file://', 'file://localhost'))
  expect(ids(entries)).toEqual(Array(3).fill('a b/é.mp3'))
})

test('two names that differ only in their normal form are two songs', async () => {
  await put('é.mp3', 'composed')
  await put('e\u0301.mp3', 'decomposed')
  const { entries } = await songsOfLines('../é.mp3', '../e\u0301.mp3')
  expect(new Set(ids(entries)).size).toBe(2)
  const bytes = await Promise.all(
    entries.map(async (song) => {
      const resolved = await source().resolve(song, ctx)
      return resolved.kind === 'file' ? readFile(resolved.path, 'utf8') : ''
    }),
  )
  expect(bytes).toEqual(['composed', 'decomposed'])
})

test.each([
  ['../../secret.mp3', 'outside'],
  ['../../../../../../../../etc/passwd', 'outside'],
  ['..\\..\\secret.mp3', 'outside'],
  ['/etc/passwd', 'outside'],
  ['../link/secret.mp3', 'outside'],
  ['file:///etc/passwd', 'outside'],
  ['file://nas/share/a.mp3', 'another computer'],
  ['file:///C:/Music/a.mp3', 'another computer'],
  ['C:\\Music\\a.mp3', 'another computer'],
  ['\\\\nas\\music\\a.mp3', 'another computer'],
  ['https://example.com/a.mp3', 'an address (https)'],
  ['rtsp://example.com/a', 'an address (rtsp)'],
  ['../folder', 'a folder'],
  ['other.m3u', 'a playlist inside a playlist'],
  ['a\0b.mp3', 'not a path'],
  [`${'long/'.repeat(250)}a.mp3`, 'longer than'],
])('%j is unavailable, and the reason is said', async (line, reason) => {
  await put('secret.mp3', 'secret', outside)
  await put('folder/x.txt')
  await put('lists/other.m3u', 'x.mp3')
  await symlink(outside, join(root, 'link'))
  const listing = await songsOfLines('before.mp3', line, 'after.mp3')
  expect(ids(listing.entries)).toEqual(['lists/before.mp3', 'lists/after.mp3'])
  expect(listing.unavailable).toEqual([
    { position: 1, title: line, reason: expect.stringContaining(reason) as string },
  ])
  expect(listing.complete).toBe(true)
})

test('a way up in percent signs is a name like any other, and not there', async () => {
  await put('secret.mp3', 'secret', outside)
  const { entries } = await songsOfLines('%2e%2e/%2e%2e/secret.mp3', '..%2f..%2fsecret.mp3')
  expect(entries.map((song) => song.size)).toEqual([null, null])
  for (const song of entries) {
    expect(await rejection(source().resolve(song, ctx))).toMatchObject({ class: 'permanent' })
  }
})

test('a made-up locator or id cannot leave the folder', async () => {
  await put('secret.mp3', 'secret', outside)
  await put('p.m3u', 'song.mp3')
  await symlink(outside, join(root, 'link'))
  const [song] = (await songsOf('p.m3u')).entries
  if (!song) throw new Error('no song')
  for (const path of [
    '../secret.mp3',
    join(outside, 'secret.mp3'),
    'link/secret.mp3',
    'a/../../secret.mp3',
    '\0',
  ]) {
    for (const named of [
      { ...song, locator: { path } },
      { ...song, remoteId: path, locator: null },
    ]) {
      expect(await rejection(source().resolve(named, ctx))).toMatchObject({
        name: 'PortError',
        class: 'permanent',
      })
    }
  }
})

test('links inside the folder are followed, loops end, and each folder comes once', async () => {
  await put('real/a.m3u', 'x.mp3')
  await put('.hidden/b.m3u', 'x.mp3')
  await symlink('..', join(root, 'real', 'up'))
  await symlink('real', join(root, 'again'))
  await symlink('.hidden', join(root, 'shown'))
  await symlink('self', join(root, 'self'))
  await symlink('real/a.m3u', join(root, 'linked.m3u'))
  await symlink('nowhere.m3u', join(root, 'broken.m3u'))
  expect(ids((await playlists()).entries)).toEqual(['linked.m3u', 'real/a.m3u', 'shown/b.m3u'])
})

test('a song behind a broken link is missing, like any other', async () => {
  await symlink('nowhere.mp3', join(root, 'a.mp3'))
  const { entries } = await songsOfLines('../a.mp3')
  expect(ids(entries)).toEqual(['a.mp3'])
})

test('a missing file is a permanent error that names it', async () => {
  const { entries } = await songsOfLines('../Band/gone.mp3')
  const [song] = entries
  const error = song && (await rejection(source().resolve(song, ctx)))
  expect(error).toMatchObject({ class: 'permanent', reason: 'file not found: "Band/gone.mp3"' })
})

test('a folder that is away closes the gate of the source, whatever was asked', async () => {
  await put('a.mp3')
  const listing = await songsOfLines('../a.mp3')
  const [playlist] = (await playlists()).entries
  const [song] = listing.entries
  await rename(root, join(outside, 'elsewhere'))
  const calls: (() => Promise<unknown>)[] = [
    () => source().listPools(ctx),
    () => playlists(),
    () => source().listSongs(playlist as SourcePlaylist, ctx), // it was listed above
    () => source().resolve(song!, ctx), // as above
  ]
  for (const call of calls) {
    expect(await rejection(call())).toMatchObject({
      class: 'blocked',
      reason: `folder ${root} is not there (unmounted?)`,
    })
  }
})

test('an empty folder may be an unmounted one: nothing is concluded from it', async () => {
  await put('a.mp3')
  const [song] = (await songsOfLines('../a.mp3')).entries
  await rm(root, { recursive: true })
  await mkdir(root)
  expect(await playlists()).toEqual({ entries: [], complete: false })
  expect(song && (await rejection(source().resolve(song, ctx)))).toMatchObject({ class: 'blocked' })
})

test('albums are the folders with audio in them, in the order of disc, track and name', async () => {
  await put('Band/Album/2 two.mp3')
  await put('Band/Album/10 ten.mp3')
  await put('Band/Album/cover.jpg')
  await put('loose.wav')
  await put('Band/notes.txt')
  const albums = source({ ALBUMS: 'yes' })
  expect(ids((await albums.listPools(ctx)).entries)).toEqual(['playlists', 'albums'])
  const { entries } = await albums.listPlaylists(pool('albums'), ctx)
  expect(entries.map((album) => [album.remoteId, album.name, album.songCount])).toEqual([
    ['.', 'music', 1],
    ['Band/Album', 'Album', 2],
  ])
  const listings = await Promise.all(entries.map((album) => albums.listSongs(album, ctx)))
  expect(listings.map((listing) => ids(listing.entries))).toEqual([
    ['loose.wav'],
    ['Band/Album/2 two.mp3', 'Band/Album/10 ten.mp3'],
  ])
})

test('without ALBUMS there is one pool', async () => {
  expect(ids((await source().listPools(ctx)).entries)).toEqual(['playlists'])
})

test('an older encoding can be named', async () => {
  await put('夜曲.mp3')
  const gbk = Buffer.from([0xd2, 0xb9, 0xc7, 0xfa, ...Buffer.from('.mp3')])
  await put('p.m3u', gbk)
  expect(ids((await songsOf('p.m3u', source({ ENCODING: 'gb18030' }))).entries)).toEqual(['夜曲.mp3'])
})

test('a name that is not valid Unicode is left out, and the log says so', async () => {
  await put('p.m3u', 'x.mp3')
  await writeFile(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0xe9]), Buffer.from('.m3u')]), 'x.mp3')
  expect(ids((await playlists()).entries)).toEqual(['p.m3u'])
  expect(ctx.lines.join()).toContain('not valid Unicode')
})

test.skipIf(process.getuid?.() === 0)(
  'a subfolder that may not be read makes the listing incomplete',
  async () => {
    await put('p.m3u', 'locked/x.mp3')
    await put('locked/q.m3u', 'x.mp3')
    await chmod(join(root, 'locked'), 0)
    const listing = await playlists()
    expect(ids(listing.entries)).toEqual(['p.m3u'])
    expect(listing.complete).toBe(false)
    expect((await songsOf('p.m3u')).unavailable).toHaveLength(1)
    await chmod(join(root, 'locked'), 0o700)
  },
)

test.skipIf(process.getuid?.() === 0)('a song that may not be read fails alone', async () => {
  await put('a.mp3')
  const [song] = (await songsOfLines('../a.mp3')).entries
  await chmod(join(root, 'a.mp3'), 0)
  const error = song && (await rejection(source().resolve(song, ctx)))
  expect(error).toMatchObject({ class: 'permanent', reason: 'cannot read "a.mp3": permission denied' })
})

test('nothing is ever written into the source', async () => {
  await put('Band/Album/a.wav', tinyWav())
  await put('p.m3u', 'Band/Album/a.wav')
  const before = await readdir(root, { recursive: true })
  const all = source({ ALBUMS: 'yes' })
  for (const each of (await all.listPools(ctx)).entries) {
    for (const playlist of (await all.listPlaylists(each, ctx)).entries) await all.listSongs(playlist, ctx)
  }
  expect(await readdir(root, { recursive: true })).toEqual(before)
})

test.each([
  [{ PATH: '' }, 'SOURCE_MY_HOME_PATH'],
  [{ PATH: 'music' }, 'SOURCE_MY_HOME_PATH'],
  [{ ALBUMS: 'maybe' }, 'SOURCE_MY_HOME_ALBUMS'],
  [{ ENCODING: 'klingon' }, 'SOURCE_MY_HOME_ENCODING'],
])('settings %o are refused by the name of the key', (values, key) => {
  expect(() => source(values)).toThrow(key)
})
