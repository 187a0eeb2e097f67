import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import type { ItemView, JobView } from '@catalogsync/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { catalogsync, endAll, start, type Started } from './testing/cli.ts'

let data: string
let served: Started
const serveDemo = () =>
  start(['serve', '--demo', '--data', data, '--host', '127.0.0.1', '--port', '0', '--json'])

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'catalogsync-demo-run-'))
  served = serveDemo()
  await served.line((line) => line['kind'] === 'summary')
})
afterAll(async () => {
  await endAll()
  rmSync(data, { recursive: true, force: true })
})

const cli = (...args: string[]) => catalogsync([...args, '--data', data])
const jobs = async () => {
  const { code, lines } = await cli('job', 'list', '--json')
  expect(code).toBe(0)
  return lines()[0] as { rows: (JobView & { failures: ItemView[] })[]; next: number | null } // what --json gives
}

/** sha256 by path of all audio files below a folder of the data folder. */
function hashes(folder: string): Map<string, string> {
  const root = join(data, folder)
  const paths = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(flac|wav)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
  return new Map(
    paths.map((path) => [
      relative(root, path),
      createHash('sha256').update(readFileSync(path)).digest('hex'),
    ]),
  )
}

describe('serve --demo', () => {
  test('runs one job, which names the one song that cannot be had, and why', async () => {
    const { rows } = await jobs()
    expect(rows).toHaveLength(1)
    const [job] = rows
    expect(job).toMatchObject({ jobType: 'full', status: 'completed_with_errors', requestedBy: 'demo' })
    expect(job?.failures).toMatchObject([{ stageType: 'download', class: 'permanent', status: 'failed' }])
    expect(job?.failures[0]?.reason).toContain('Lost Tapes/Side B/01 - Gone.flac')
    const failed = await cli('item', 'list', '1', '--status', 'failed')
    expect(failed.out).toMatch(/permanent: .*Gone\.flac/)
  })

  test('brings every other song into the library and the bucket, byte for byte', () => {
    const original = [...hashes('demo').values()].sort()
    expect(original).toHaveLength(40)
    expect([...hashes('library').values()].sort()).toEqual(original)
    expect([...hashes('bucket').values()].sort()).toEqual(original)
  })

  test('fetches the song that a playlist names twice once, and lists it twice', async () => {
    const { lines } = await cli('events', '--json')
    const events = lines() as { kind: string; payload: { name: string; linked: number; songId: number } }[] // of --json
    const synced = events.find(
      ({ kind, payload }) => kind === 'playlist_synced' && payload.name === 'Harbour Loop',
    )
    const text = readFileSync(join(data, 'demo/Playlists/Harbour Loop.m3u8'), 'utf8')
    const entries = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
    expect(entries.length).toBe(new Set(entries).size + 1)
    expect(synced?.payload.linked).toBe(entries.length)
    const published = events
      .filter(({ kind }) => kind === 'file_published')
      .map(({ payload }) => payload.songId)
    expect(published).toHaveLength(40)
    expect(new Set(published).size).toBe(40)
  })

  test('leaves data that pass the audit, every byte', async () => {
    const { code, lines } = await cli('audit', '--bytes', 'all', '--json')
    expect(lines()[0]).toMatchObject({ ok: true, checked: { files_hashed: 40 } })
    expect(code).toBe(0)
  })

  test('is made once: the second start says that it is there, and starts nothing', async () => {
    expect(await served.stop()).toBe(0)
    const again = serveDemo()
    const line = await again.line(({ kind }) => kind === 'demo_job')
    expect(line).toEqual({ kind: 'demo_job', jobId: 1, status: 'completed_with_errors', created: false })
    expect((await jobs()).rows).toHaveLength(1)
    served = again
  })

  test('a second full job fetches nothing and says so', async () => {
    const { code, out } = await cli('job', 'start', '--type', 'full', '--watch')
    expect(out).toContain('fetched 0, uploaded 0, 1 failed')
    expect(out).toContain('Nothing new to fetch: 4 playlists were synced')
    expect(out).toMatch(/Gone.*permanent/)
    expect(code).toBe(7)
    const shown = await cli('job', 'show', '2', '--json')
    expect(shown.lines()[0]).toMatchObject({ summary: { fetched: 0, nothingNew: true, failed: 1 } })
  })
})
