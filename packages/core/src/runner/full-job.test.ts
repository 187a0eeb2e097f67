import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { PortError } from '../ports/index.ts'
import { givenMachine, playlist, until, type Machine } from '../testing/machine.ts'

let machine: Machine
afterEach(() => machine.end())

test('a full job brings every song into the library and into the bucket, and a second one fetches nothing', async () => {
  machine = await givenMachine({ songs: 12 })
  await machine.start()
  const first = await machine.job({ jobType: 'full' })
  const view = await machine.jobIs(first, 'completed')
  expect(view.stages.map((stage) => [stage.stageType, stage.status, stage.counts.succeeded])).toEqual([
    ['collect', 'completed', 2],
    ['sync', 'completed', 1],
    ['download', 'completed', 12],
    ['upload', 'completed', 12],
  ])
  const published = await machine.events('file_published')
  expect(new Set(published.map((event) => event.payload.songId)).size).toBe(12)
  for (const { payload } of published) {
    const bytes = await readFile(path.join(machine.libraryDir, payload.path))
    expect(bytes.length).toBe(payload.size)
    expect(machine.backend.objects.get(payload.path)?.sha256).toBe(payload.sha256)
  }
  const second = await machine.job({ jobType: 'full' })
  const again = await machine.jobIs(second, 'completed')
  expect(again.stages.slice(2).map((stage) => stage.status)).toEqual(['skipped', 'skipped'])
  expect(machine.source.calls.filter((call) => call === 'resolve')).toHaveLength(12)
})

test('stages overlap: a song is uploaded while another playlist is still being synced', async () => {
  let release: (() => void) | undefined
  const held = new Promise<void>((resolve) => (release = resolve))
  machine = await givenMachine({ songs: 2 })
  const { songs, source } = machine
  const listSongs = source.listSongs.bind(source)
  source.listPlaylists = () =>
    Promise.resolve({ entries: [playlist('list'), playlist('slow')], complete: true })
  source.listSongs = async (wanted, ctx) => {
    if (wanted.remoteId === 'slow') await held
    return listSongs(wanted, ctx)
  }
  await machine.start()
  const id = await machine.job({ jobType: 'full' })
  await until('both objects', async () => machine.backend.objects.size === songs.length)
  const view = await machine.jobView(id)
  expect(view.stages.map((stage) => stage.status)).toEqual(['completed', 'running', 'running', 'running'])
  release?.()
  await machine.jobIs(id, 'completed')
})

test('a song that is gone fails for good, and its job ends with errors', async () => {
  machine = await givenMachine({
    songs: 3,
    source: {
      resolve: (song) => {
        if (song.remoteId === 's2') throw new PortError('permanent', 'gone from the source')
        return { kind: 'file', path: machine.songFile(song.remoteId), size: null }
      },
    },
  })
  await machine.start()
  const id = await machine.job({ jobType: 'full' })
  await machine.jobIs(id, 'completed_with_errors')
  const failed = (await machine.items(id)).filter((item) => item.status === 'failed')
  expect(failed).toMatchObject([
    {
      stageType: 'download',
      label: 'Song 2 / Artist',
      class: 'permanent',
      reason: 'gone from the source',
      attempts: 1,
    },
  ])
  expect(machine.backend.objects.size).toBe(2)
})

test('a song that is twice in a playlist is fetched once and listed twice', async () => {
  machine = await givenMachine({ songs: 2 })
  machine.songs.push(...machine.songs.slice(0, 1))
  await machine.start()
  await machine.jobIs(await machine.job({ jobType: 'full' }), 'completed')
  const entries = await machine.database.db
    .selectFrom('playlist_songs')
    .select('song_id')
    .orderBy('position')
    .execute()
  expect(entries).toHaveLength(3)
  expect(entries[2]).toEqual(entries[0])
  expect(machine.source.calls.filter((call) => call === 'resolve')).toHaveLength(2)
})

test('a listing that is not complete adds songs and never removes one', async () => {
  machine = await givenMachine({ songs: 3 })
  await machine.start()
  await machine.jobIs(await machine.job({ jobType: 'sync_only' }), 'completed') // knows no playlist yet
  await machine.jobIs(await machine.job({ jobType: 'full' }), 'completed')
  machine.source.listSongs = () =>
    Promise.resolve({ entries: machine.songs.slice(2), complete: false, unavailable: [], changeToken: null })
  machine.source.listPlaylists = () => Promise.resolve({ entries: [], complete: false })
  await machine.jobIs(await machine.job({ jobType: 'sync_only' }), 'completed')
  await machine.jobIs(await machine.job({ jobType: 'collect_only' }), 'completed')
  const { db } = machine.database
  expect(await db.selectFrom('playlist_songs').select('song_id').execute()).toHaveLength(3)
  expect(await db.selectFrom('pool_playlists').selectAll().execute()).toHaveLength(1)
})

test('two songs that want one name get two names', async () => {
  machine = await givenMachine({ songs: 4 })
  for (const song of machine.songs) song.title = 'Same'
  await machine.start()
  await machine.jobIs(await machine.job({ jobType: 'full' }), 'completed')
  const paths = (await machine.events('file_published')).map((event) => event.payload.path.toLowerCase())
  expect(new Set(paths).size).toBe(4)
  expect(machine.backend.objects.size).toBe(4)
})
