import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { AppError } from '@catalogsync/contract'
import { parseFile } from 'music-metadata'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDemo, type DemoLibrary } from './create.ts'
import { missingSong } from './playlists.ts'
import { demoSongs } from './songs.ts'

let dir: string
let demo: DemoLibrary
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'catalogsync-demo-'))
  demo = await createDemo(dir)
}, 60_000)
afterAll(() => rmSync(dir, { recursive: true }))

const files = (): string[] =>
  readdirSync(demo.source, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(demo.source, join(entry.parentPath, entry.name)))
    .sort()

const state = () => files().map((path) => [path, statSync(join(demo.source, path), { bigint: true }).ctimeNs])

/** Entries of every playlist, relative to the demo folder. */
function playlists(): Map<string, string[]> {
  const paths = files().filter((path) => path.endsWith('.m3u8'))
  return new Map(
    paths.map((path) => {
      const lines = readFileSync(join(demo.source, path), 'utf8').split('\n')
      const entries = lines.filter((line) => line !== '' && !line.startsWith('#'))
      return [path, entries.map((entry) => relative('/', join('/', dirname(path), entry)))]
    }),
  )
}

describe('the demo library', () => {
  test('has about 40 short songs of several albums, in less than 25 MB', () => {
    const audio = files().filter((path) => /\.(flac|wav)$/.test(path))
    expect(audio).toEqual(
      demoSongs()
        .map((song) => song.path)
        .sort(),
    )
    expect(audio).toHaveLength(demo.songs)
    expect(demo).toMatchObject({ songs: 40, playlists: 4, created: true })
    expect(audio.filter((path) => path.endsWith('.wav'))).toHaveLength(4)
    const bytes = audio.reduce((sum, path) => sum + statSync(join(demo.source, path)).size, 0)
    expect(bytes).toBeLessThan(25e6)
    const hashes = audio.map((path) =>
      createHash('sha256')
        .update(readFileSync(join(demo.source, path)))
        .digest('hex'),
    )
    expect(new Set(hashes).size).toBe(40)
  })

  test('has files that say of themselves what they are', async () => {
    for (const { path, tags, durationSeconds } of demoSongs()) {
      const { common, format } = await parseFile(join(demo.source, path))
      expect(common).toMatchObject({
        title: tags.title,
        artists: tags.artists,
        album: tags.album,
        albumartist: tags.albumArtist,
        track: { no: tags.trackNo },
        disk: { no: tags.discNo },
        year: tags.year,
        genre: [tags.genre],
      })
      expect(format.duration).toBeCloseTo(durationSeconds, 2)
      expect(format.duration).toBeGreaterThan(2)
      expect(format.duration).toBeLessThan(6)
    }
    const names = demoSongs().flatMap(({ tags }) => [tags.album, ...tags.artists])
    for (const name of ['Amélie Brûlé', 'Ночь', '夜', 'TX/RX']) expect(names).toContain(name)
    expect(demoSongs().filter(({ tags }) => tags.discNo === 2)).toHaveLength(5)
  })

  test('has four playlists: all alphabets, a song twice, a missing file, and none; together they name every song', () => {
    const lists = playlists()
    expect(lists.size).toBe(4)
    const named = [...lists.values()].flat()
    expect([...new Set(named)].sort()).toEqual([...demoSongs().map((song) => song.path), missingSong].sort())

    const alphabets = [...lists].find(([path]) => /é.*[а-я].*夜/u.test(path))
    expect(alphabets?.[1].join()).toMatch(/é/)
    expect(alphabets?.[1].join()).toMatch(/Ночь/)
    expect(alphabets?.[1].join()).toMatch(/夜/)
    const twice = [...lists.values()].filter((entries) => new Set(entries).size === entries.length - 1)
    expect(twice).toHaveLength(1)
    expect([...lists.values()].filter((entries) => entries.includes(missingSong))).toHaveLength(1)
    expect(files()).not.toContain(missingSong)
    expect([...lists.values()].filter((entries) => entries.length === 0)).toHaveLength(1)
  })

  test('is made once: a second call touches no file, and what was deleted stays deleted', async () => {
    const gone = join(demo.source, demoSongs()[0]?.path ?? '')
    const bytes = readFileSync(gone)
    rmSync(gone)
    const before = state()
    expect(await createDemo(dir)).toEqual({ ...demo, created: false })
    expect(state()).toEqual(before)
    writeFileSync(gone, bytes)
  })

  test('is completed if the first call was cut short, without touching what is there', async () => {
    const song = demoSongs()[3]
    const path = join(demo.source, song?.path ?? '')
    const bytes = readFileSync(path)
    rmSync(path)
    rmSync(join(demo.source, '.catalogsync-demo'))
    const before = state()
    expect((await createDemo(dir)).created).toBe(true)
    expect(readFileSync(path).equals(bytes)).toBe(true)
    const after = new Map(state() as [string, bigint][]) // pairs of a path and a time
    for (const [name, time] of before as [string, bigint][]) expect(after.get(name)).toBe(time)
    expect(files().filter((name) => name.endsWith('.tmp'))).toEqual([])
  })
})

test('a data folder that cannot be written to is a clear error', async () => {
  const file = join(dir, 'a-file')
  writeFileSync(file, '')
  const error: unknown = await createDemo(join(file, 'data')).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(AppError)
  expect(error).toMatchObject({ code: 'folder_not_writable', facts: { cause: 'ENOTDIR' } })
})
