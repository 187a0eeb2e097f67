import { afterEach, beforeEach, expect, test } from 'vitest'
import { change } from './change.ts'
import { fakeSong } from '../testing/fakes.ts'
import { givenMachine, type Machine } from '../testing/machine.ts'
import { listPlaces } from './places.ts'
import { getPlaylist, listPlaylists, listPlaylistSongs, listPools } from './playlist-lists.ts'
import { setPlaylistSongs, setPoolPlaylists, upsertPools } from './playlists.ts'
import { setSongFile } from './files.ts'
import { getSong, listSongs } from './song-lists.ts'
import { upsertSongs } from './songs.ts'
import { ensurePlaces } from './playlists.ts'
import { preview } from '../commands/start-job.ts'

let machine: Machine
let songIds: number[]
let playlistId: number

const titles = [
  { title: '晴天', artists: ['周杰伦'], album: '叶惠美' },
  { title: 'Café del Mar', artists: ['Energy 52'], album: null },
  { title: '夜曲', artists: ['周杰伦'], album: '十一月的萧邦' },
  { title: 'さくら', artists: ['森山直太朗'], album: null },
  { title: 'Ночь', artists: ['Кино'], album: 'Ночь' },
]

beforeEach(async () => {
  machine = await givenMachine()
  await machine.database.write(async (tx) => {
    await ensurePlaces(
      tx,
      [
        { id: 'fake', type: 'fake' },
        { id: 'other', type: 'fake' },
      ],
      [{ id: 'nas', type: 'fake' }],
    )
    const [poolId = 0] = await upsertPools(tx, 'fake', [{ remoteId: 'p', name: 'Pool' }])
    const known = await upsertSongs(
      tx,
      'fake',
      titles.map((facts, i) => fakeSong(`s${i}`, facts)),
      1,
    )
    songIds = titles.map((_, i) => known.get(`s${i}`) ?? 0)
    const lists = [
      { remoteId: 'l', name: '华语经典', songCount: 4, changeToken: null, locator: null },
      { remoteId: 'm', name: 'Quiet night', songCount: 0, changeToken: null, locator: null },
    ]
    await setPoolPlaylists(tx, { id: poolId, sourceId: 'fake' }, lists, true, 2)
  })
  playlistId = (await listPlaylists(machine.database.db, {})).rows[0]?.id ?? 0
  const [a = 0, b = 0, c = 0] = songIds
  await machine.database.write((tx) =>
    setPlaylistSongs(tx, playlistId, [a, b, a, c], true, { token: null, now: 3 }),
  )
})
afterEach(() => machine.end())

const file = (name: string) => ({
  path: name,
  pathKey: name,
  size: 1,
  sha256: name.padEnd(64, '0'),
  mtimeMs: 1,
  container: 'flac',
  durationMs: null,
})
const publish = (songId: number, name: string) =>
  machine.database.write((tx) => setSongFile(tx, songId, file(name), 5))
const found = async (search: string) =>
  (await listSongs(machine.database.db, { search })).rows.map(({ title }) => title)

test('a part of a name that is written without spaces finds it', async () => {
  expect(await found('杰伦')).toEqual(['晴天', '夜曲'])
  expect(await found('萧邦')).toEqual(['夜曲'])
  expect(await found('杰周')).toEqual([])
  expect(await found('くら')).toEqual(['さくら'])
  expect(await found('周杰伦 夜')).toEqual(['夜曲'])
})

test('accents, case and width do not matter, and a word may be half typed', async () => {
  expect(await found('cafe')).toEqual(['Café del Mar'])
  expect(await found('ＥＮＥＲＧ')).toEqual(['Café del Mar'])
  expect(await found('ночь')).toEqual(['Ночь'])
  expect(await found('caf% OR "')).toEqual([])
  expect(await found('***')).toEqual([])
})

test('a song that changes its name is found by the new one alone', async () => {
  await machine.database.write((tx) => upsertSongs(tx, 'fake', [fakeSong('s0', { title: 'Sunny day' })], 9))
  expect(await found('晴天')).toEqual([])
  expect(await found('sunny')).toEqual(['Sunny day'])
})

test('songs are listed page by page by what they are and where they come from', async () => {
  const { db } = machine.database
  await publish(songIds[1] ?? 0, 'a.flac')
  await publish(songIds[3] ?? 0, 'b.flac')
  const ids = async (filter: Parameters<typeof listSongs>[1]) =>
    (await listSongs(db, filter)).rows.map(({ id }) => songIds.indexOf(id))
  expect(await ids({ state: 'here' })).toEqual([1, 3])
  expect(await ids({ state: 'missing', source: 'fake' })).toEqual([0, 2, 4])
  expect(await ids({ source: 'fake' })).toEqual([0, 1, 2, 3, 4])
  expect(await ids({ source: 'other' })).toEqual([])
  expect(await ids({ state: 'missing', search: '周' })).toEqual([0, 2])
  const first = await listSongs(db, { limit: 2 })
  expect(await ids({ limit: 2, after: first.next })).toEqual([2, 3])
  expect((await listSongs(db, { limit: 5, after: songIds[4] ?? 0 })).next).toBeNull()
})

test('a playlist counts its entries, and those whose song is here, twice where it stands twice', async () => {
  const { db } = machine.database
  await publish(songIds[0] ?? 0, 'a.flac')
  await publish(songIds[0] ?? 0, 'a2.flac')
  const row = (await listPlaylists(db, { search: '经典' })).rows[0]
  expect(row).toMatchObject({ name: '华语经典', entries: 4, here: 2, missing: 2 })
  await machine.database.write((tx) =>
    setPlaylistSongs(tx, playlistId, [songIds[0] ?? 0], true, { token: null, now: 6 }),
  )
  expect(await getPlaylist(db, playlistId)).toMatchObject({
    entries: 1,
    here: 1,
    missing: 0,
    songCount: 4,
    pools: [{ name: 'Pool' }],
  })
  expect((await listPools(db))[0]).toMatchObject({ name: 'Pool', playlists: 2, source: 'fake' })
  await expect(getPlaylist(db, 999)).rejects.toMatchObject({ code: 'playlist_not_found' })
})

test("a playlist's songs come in its order, by position", async () => {
  const { db } = machine.database
  const first = await listPlaylistSongs(db, { id: playlistId, limit: 3 })
  expect(first.rows.map(({ position, title }) => `${position} ${title}`)).toEqual([
    '0 晴天',
    '1 Café del Mar',
    '2 晴天',
  ])
  const rest = await listPlaylistSongs(db, { id: playlistId, limit: 3, after: first.next })
  expect(rest).toMatchObject({ rows: [{ position: 3, title: '夜曲' }], next: null })
})

test('a song tells of its file, its playlists and what was tried', async () => {
  const { db } = machine.database
  await publish(songIds[0] ?? 0, 'a.flac')
  expect(await getSong(db, songIds[0] ?? 0)).toMatchObject({
    title: '晴天',
    here: true,
    file: { path: 'a.flac', container: 'flac' },
    objects: [],
    playlists: [{ name: '华语经典' }],
    attempts: [],
  })
  await expect(getSong(db, 999)).rejects.toMatchObject({ code: 'song_not_found' })
})

test('a preview says what a job would find to do', async () => {
  await publish(songIds[0] ?? 0, 'a.flac')
  const full = await preview(machine.database, { jobType: 'full' }, machine.settings)
  expect(full).toEqual({ playlists: 2, songs: 5, alreadyHere: 1, toFetch: 4, toUpload: 5, capped: false })
  const scoped = await preview(
    machine.database,
    { jobType: 'download_only', scope: { playlists: [playlistId], songs: [], mode: 'missing' } },
    machine.settings,
  )
  expect(scoped).toEqual({ playlists: 1, songs: 3, alreadyHere: 1, toFetch: 2, toUpload: 0, capped: false })
})

test('a place shows the gate that is closed', async () => {
  const { database } = machine
  await change(database, 7, async (c) => {
    await c.tx
      .insertInto('gates')
      .values({
        kind: 'source',
        ref: 'fake',
        reason: 'cooling',
        failure_class: 'blocked',
        closed_until: 9,
        probe_item_id: null,
        closed_at: 7,
      })
      .execute()
  })
  const places = await listPlaces(database.db, machine.settings)
  expect(places.sources[0]).toMatchObject({ id: 'fake', playlists: 2, pools: 1, gate: { reason: 'cooling' } })
  expect(places.backends).toEqual([{ id: 'nas', type: 'fake', gate: null }])
})
