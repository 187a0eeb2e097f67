import { mkdir, rename, rm, symlink, unlink, utimes, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { markerName } from '../library/marker.ts'
import { partName, pathKey } from '../library/file-names.ts'
import { filesByIds, setSongFile } from '../repositories/files.ts'
import { journalPublish } from '../repositories/journal.ts'
import { audited, breakRows } from '../testing/audited.ts'
import { tempDatabase, type TempDatabase } from '../testing/database.ts'
import { givenFile, givenRunner } from '../testing/given-files.ts'
import { givenJob, type JobGiven } from '../testing/given-job.ts'
import { judgeOnDisk } from './on-disk.ts'
import { createReporter, type AuditReport } from './report.ts'

let home: TempDatabase
beforeEach(async () => {
  home = await tempDatabase()
})
afterEach(() => home.remove())

const told = ({ findings }: AuditReport) =>
  findings.map((f) => `${f.severity} ${f.check}: ${f.message}`).sort()
const audit = async (bytes: 'none' | 'sample' | 'all' = 'none') => told(await audited(home, { bytes }))

describe('a library file', () => {
  test('that lies there as it was published is clean, by size and time and by its bytes', async () => {
    await givenFile(home, 'A/one.wav')
    await givenFile(home, 'A/two.wav')
    await writeFile(path.join(home.libraryDir, 'A/stranger.flac'), 'not ours')
    const report = await audited(home, { bytes: 'all' })
    expect(report.findings).toEqual([])
    expect(report.checked).toMatchObject({ files: 2, files_hashed: 2 })
    expect((await audited(home)).checked).not.toHaveProperty('files_hashed')
  })

  test('that is missing, cut short, or not a file is found', async () => {
    const [one, two, three] = [
      await givenFile(home, '1.wav'),
      await givenFile(home, '2.wav'),
      await givenFile(home, '3.wav'),
    ]
    await unlink(one.at)
    await writeFile(two.at, 'short')
    await unlink(three.at)
    await mkdir(three.at)
    expect(await audit()).toEqual([
      'violation files: library file "1.wav": it is missing',
      `violation files: library file "2.wav": ${two.size} bytes were published, it has 5`,
      'violation files: library file "3.wav": it is not a file any more',
    ])
  })

  test('with other bytes of the same size is found when it is read', async () => {
    const { at, size } = await givenFile(home, '1.wav')
    await writeFile(at, 'x'.repeat(size))
    expect(await audit()).toEqual([])
    const found = ['violation files: library file "1.wav": its bytes are not those that were published']
    expect(await audit('all')).toEqual(found)
    expect(await audit('sample')).toEqual(found)
  })

  test('that was touched is a notice, and none when its bytes were read', async () => {
    const { at } = await givenFile(home, '1.wav')
    await utimes(at, 1_000, 1_000)
    expect(await audit()).toEqual([
      'notice files: library file "1.wav": somebody has touched it since it was published; its size is right',
    ])
    expect(await audit('all')).toEqual([])
  })

  test('whose time an SMB server has rounded is clean', async () => {
    const file = await givenFile(home, '1.wav')
    breakRows(home, `update file_locations set mtime_ms = mtime_ms - 1900 where id = ${file.fileId}`)
    expect(await audit()).toEqual([])
  })

  test('whose path leads out of the library, or has another key, is found', async () => {
    const [one, two] = [await givenFile(home, '1.wav'), await givenFile(home, 'B/2.wav')]
    breakRows(home, `update file_locations set path = '../1.wav' where id = ${one.fileId}`)
    await rename(path.join(home.libraryDir, 'B'), path.join(home.folder, 'B'))
    await symlink(path.join(home.folder, 'B'), path.join(home.libraryDir, 'B'))
    const found = await audit()
    expect(found).toHaveLength(3)
    expect(found[0]).toContain('a segment is ".."')
    expect(found[1]).toContain(`"${two.path}": path "B/2.wav": a symbolic link on the way leads out`)
    expect(found[2]).toContain('violation paths: file 1 is kept under another key')
  })

  test('that a song has and that is none is found', async () => {
    const { songId } = await givenFile(home, '1.wav')
    breakRows(home, `update songs set file_location_id = 77 where id = ${songId}`)
    expect(await audit()).toContain(`violation songs: the file 77 of song ${songId} does not exist`)
  })

  test('of a sample: at least twenty are read, and one in a hundred', async () => {
    for (let i = 0; i < 45; i++) await givenFile(home, `${i}.wav`)
    const { checked } = await audited(home, { bytes: 'sample' })
    expect(checked['files']).toBe(45)
    expect(checked['files_hashed']).toBeGreaterThanOrEqual(20)
    expect(checked['files_hashed']).toBeLessThan(45)
  })

  test('that is just being published anew is not judged', async () => {
    const lock = await givenRunner(home)
    const { at, songId } = await givenFile(home, '1.wav')
    const { items } = await givenJob(home.database, { items: { running: 1 }, about: [songId] })
    await writeFile(at, 'the new file, whose row is not yet written')
    expect(await audit()).toHaveLength(1)
    await home.database.write((tx) => journalPublish(tx, journalRow(items.running[0] ?? 0, songId)))
    expect(await audit('all')).toEqual([])
    lock.release()
  })

  test('that is replaced while the audit looks is judged by its new row', async () => {
    const { at, songId, fileId, path: name } = await givenFile(home, '1.wav')
    const [before] = await filesByIds(home.database.db, [fileId])
    await writeFile(at, 'new')
    const facts = { path: name, pathKey: pathKey(name), container: 'wav', durationMs: null }
    const found = { size: 3, sha256: sha256OfNew, mtimeMs: Date.now() }
    await home.database.write((tx) => setSongFile(tx, songId, { ...facts, ...found }, Date.now()))
    const report = createReporter()
    const { database, settings, lockFolder } = home
    const signal = new AbortController().signal
    const ctx = {
      database,
      settings,
      lockFolder,
      bytes: 'all',
      backends: null,
      signal,
      now: Date.now,
      report,
    } as const
    expect(await judgeOnDisk(ctx, before!, true)).toBeNull()
    expect(report.report()).toEqual({ ok: true, findings: [], checked: { files_hashed: 1 } })
  })
})

const sha256OfNew = '11507a0e2f5e69d5dfa40a62a1bd7b6ee57e6bcd85c67c9b8431b36fff21c437'

const journalRow = (item: number, song: number) => ({
  job_item_id: item,
  runner_id: 'given',
  lease_token: 'given.1',
  song_id: song,
  part_path: '/nowhere',
  final_path: '1.wav',
  path_key: '1.wav',
  size: 1,
  sha256: '',
  facts_json: '{}',
})

describe('a library', () => {
  test.each([
    ['has no marker', (dir: string) => unlink(path.join(dir, markerName))],
    ['is not mounted', (dir: string) => rm(dir, { recursive: true })],
    ['is another one', (dir: string) => writeFile(path.join(dir, markerName), `id=${'0'.repeat(36)}\n`)],
  ])('that %s is a notice: its files are not called missing', async (_, act) => {
    await givenFile(home, '1.wav')
    await rm(path.join(home.libraryDir, '1.wav'))
    await act(home.libraryDir)
    const report = await audited(home)
    expect(report).toMatchObject({ ok: true, findings: [{ check: 'library', severity: 'notice' }] })
    expect(report.findings[0]?.message).toContain('cannot be checked')
  })
})

describe('a part file', () => {
  const part = async (songId: number, folder = 'A/B') => {
    await mkdir(path.join(home.libraryDir, folder), { recursive: true })
    await writeFile(path.join(home.libraryDir, folder, partName('Song', songId)), 'half')
  }

  test.each([
    ['is in line', { items: { pending: 1 } }],
    ['runs', { items: { running: 1 } }],
    ['was interrupted', { status: 'paused', items: { interrupted: 1 } }],
    ['is held', { status: 'completed_with_errors', items: { held: 1 } }],
  ] as [string, JobGiven][])('of a download that %s is its own', async (_, given) => {
    const lock = await givenRunner(home)
    await givenJob(home.database, given)
    await part(1)
    const report = await audited(home)
    expect(report.findings).toEqual([])
    expect(report.checked).toMatchObject({ parts: 1 })
    lock.release()
  })

  test.each([
    ['has succeeded', { status: 'completed', items: { succeeded: 1 } }],
    ['has failed', { status: 'completed_with_errors', items: { failed: 1 } }],
    ['was canceled', { status: 'canceled', items: { pending: 1 } }],
    ['nobody asked for', { items: { pending: 1 }, about: [2] }],
  ] as [string, JobGiven][])('of a download that %s is an orphan', async (_, given) => {
    await givenJob(home.database, given)
    await part(1)
    expect(await audit()).toEqual([
      'violation parts: "A/B/.Song.s1.part" is left over: no download of song 1 is open',
    ])
  })

  test('of a download that has just ended is still being removed, if a runner is there to do it', async () => {
    await givenJob(home.database, { status: 'canceled', items: { canceled: 1 }, now: 100_000 })
    await part(1)
    const at = async (now: number) => (await audited(home, { now: () => now })).findings[0]?.severity
    expect(await at(101_000)).toBe('violation')
    const lock = await givenRunner(home)
    expect(await at(101_000)).toBe('notice')
    expect(await at(120_000)).toBe('violation')
    lock.release()
  })

  test('of another program is left to it, as is what a NAS keeps in its own folders', async () => {
    await writeFile(path.join(home.libraryDir, 'movie.part'), '')
    await writeFile(path.join(home.libraryDir, '.movie.part'), '')
    await part(1, '#recycle')
    await part(1, '.stversions')
    expect(await audit()).toEqual([])
  })
})

describe('a journalled publication', () => {
  test('of an item that does not run, or that somebody else holds, is found', async () => {
    const lock = await givenRunner(home)
    const { items } = await givenJob(home.database, { items: { running: 1, pending: 1 } })
    const [running, pending] = [items.running[0] ?? 0, items.pending[0] ?? 0]
    await home.database.write((tx) => journalPublish(tx, journalRow(running, 1)))
    expect(await audit()).toEqual([])
    breakRows(home, `update publish_journal set lease_token = 'other', path_key = '1.WAV'`)
    expect(await audit()).toEqual([
      `violation journal: "1.wav" is journalled for item ${running}, which is held by somebody else`,
      'violation paths: "1.wav" is journalled under another key than it has',
    ])
    breakRows(home, `update publish_journal set job_item_id = ${pending}, path_key = '1.wav'`)
    expect(await audit()).toEqual([
      `violation journal: "1.wav" is journalled for item ${pending}, which is pending`,
    ])
    lock.release()
  })

  test('of a dead runner waits for recovery', async () => {
    const lock = await givenRunner(home)
    const { items } = await givenJob(home.database, { items: { running: 1 } })
    await home.database.write((tx) => journalPublish(tx, journalRow(items.running[0] ?? 0, 1)))
    lock.release()
    const report = await audited(home)
    expect(report.ok).toBe(true)
    expect(report.findings.map(({ check }) => check)).toEqual(['runners', 'journal'])
  })
})
