import { createHash } from 'node:crypto'
import { rmSync } from 'node:fs'
import {
  mkdir,
  truncate,
  open,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  unlink,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { initLibrary, markerName } from '../library/marker.ts'
import { keptFree } from '../library/volume.ts'
import type { Resolved } from '../ports/index.ts'
import { executorContext, type ContextParts } from '../testing/executor-context.ts'
import { fakeSong, fakeSource } from '../testing/fakes.ts'
import { tinyWav } from '../testing/wav.ts'
import { download } from './download.ts'
import type { CatalogSong } from './outcome.ts'

let folder: string
let libraryDir: string
let source: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'download-'))
  libraryDir = path.join(folder, 'library')
  source = path.join(folder, 'source.wav')
  await initLibrary(libraryDir, null)
  await writeFile(source, tinyWav({ seconds: 2 }))
})
afterEach(() => rm(folder, { recursive: true }))

const song = (changes: Partial<CatalogSong> = {}): CatalogSong => ({
  ...fakeSong('s1', { title: 'Ночь', artists: ['Café'], trackNo: 3, suffix: 'wav' }),
  id: 7,
  sourceId: 'fake',
  ...changes,
})

interface Run extends Partial<ContextParts> {
  song?: CatalogSong
  resolved?: Resolved | (() => Promise<Resolved>)
  downloadSources?: string[]
}

function run({ song: wanted = song(), resolved, downloadSources = [], ...parts }: Run = {}) {
  const answer = resolved ?? { kind: 'file', path: source, size: null }
  const adapter = fakeSource({ resolve: () => (typeof answer === 'function' ? answer() : answer) })
  const ctx = executorContext({ libraryDir, source: adapter, ...parts })
  return download({ stage: 'download', song: wanted, downloadSources, currentPath: null }, ctx)
}

const album = () => path.join(libraryDir, 'Café/Singles')
const filesOf = (at: string) => readdir(at).catch(() => [])

describe('a song that can be had', () => {
  test('lies beside its place, hashed and looked into, and not under its name', async () => {
    const bytes = await readFile(source)
    const seen: number[] = []
    const outcome = await run({ onProgress: (p) => p.bytesDone !== undefined && seen.push(p.bytesDone) })
    expect(outcome).toEqual({
      kind: 'done',
      product: {
        kind: 'file',
        file: {
          partPath: path.join(album(), '.03 - Ночь.s7.part'),
          path: 'Café/Singles/03 - Ночь.wav',
          size: bytes.length,
          sha256: createHash('sha256').update(bytes).digest('hex'),
          container: 'wav',
          durationMs: 2000,
        },
      },
    })
    expect(await readdir(album())).toEqual(['.03 - Ночь.s7.part'])
    expect(seen.at(-1)).toBe(bytes.length)
  })

  test('a file of many chunks arrives whole', async () => {
    const bytes = tinyWav({ seconds: 220 }) // 3.4 MiB
    await writeFile(source, bytes)
    const outcome = await run({ resolved: { kind: 'file', path: source, size: bytes.length } })
    const expected = createHash('sha256').update(bytes).digest('hex')
    expect(outcome).toMatchObject({ product: { file: { sha256: expected, size: bytes.length } } })
    const part = await readFile(path.join(album(), '.03 - Ночь.s7.part'))
    expect(part.equals(bytes)).toBe(true)
  })

  test('its extension is what the bytes are, not what the source calls them', async () => {
    expect(await run({ song: song({ suffix: 'mp3' }) })).toMatchObject({
      product: { file: { path: 'Café/Singles/03 - Ночь.wav', container: 'wav' } },
    })
  })

  test('an older part is replaced by a new file, so that a frozen worker cannot write into it', async () => {
    await mkdir(album(), { recursive: true })
    const part = path.join(album(), '.03 - Ночь.s7.part')
    await writeFile(part, 'old bytes')
    const frozen = await open(part, 'a') // held open: its inode cannot be given out again
    const outcome = await run()
    expect(outcome.kind).toBe('done')
    await frozen.write('late bytes')
    await frozen.close()
    expect((await readFile(part)).equals(await readFile(source))).toBe(true)
  })

  test('a length that differs by rounding and padding passes', async () => {
    for (const durationMs of [2_000, 4_900, 0, null]) {
      expect(await run({ song: song({ durationMs }) }), String(durationMs)).toMatchObject({ kind: 'done' })
    }
  })
})

describe('a song that is not what was promised', () => {
  test('a size that differs is known before a byte is copied', async () => {
    for (const wrong of [
      run({ song: song({ size: 5 }) }),
      run({ resolved: { kind: 'file', path: source, size: 5 } }),
    ]) {
      expect(await wrong).toMatchObject({
        kind: 'failed',
        class: 'invalid',
        reason: expect.stringMatching(/^5 bytes were promised, the source now has \d+$/) as string,
      })
    }
    expect(await readdir(libraryDir)).toEqual([markerName])
  })

  test('what the source says now outweighs what it said when it was listed', async () => {
    const size = (await stat(source)).size
    const outcome = await run({ song: song({ size: 5 }), resolved: { kind: 'file', path: source, size } })
    expect(outcome.kind).toBe('done')
  })

  test('a length that differs fails, and the part is gone', async () => {
    expect(await run({ song: song({ durationMs: 60_000 }) })).toEqual({
      kind: 'failed',
      class: 'invalid',
      reason: 'it plays 2.0 s instead of 60.0 s',
    })
    expect(await filesOf(album())).toEqual([])
  })

  test('the length of the file that was there before is not held against another one', async () => {
    const size = (await stat(source)).size
    const resolved = { kind: 'file', path: source, size } as const
    const another = await run({ song: song({ size: 5, durationMs: 60_000 }), resolved })
    expect(another).toMatchObject({ kind: 'done', product: { file: { durationMs: 2_000 } } })
    const same = await run({ song: song({ size, durationMs: 60_000 }), resolved })
    expect(same).toMatchObject({ kind: 'failed', class: 'invalid' })
  })

  test('a page instead of audio fails in words, and the part is gone', async () => {
    await writeFile(source, '<!DOCTYPE html><p>Please log in')
    expect(await run()).toMatchObject({ kind: 'failed', class: 'invalid', reason: 'not audio: an HTML page' })
    expect(await filesOf(album())).toEqual([])
  })

  test('a file that changes while it is copied is tried again', async () => {
    let touched = Promise.resolve()
    const onProgress = ({ bytesDone }: { bytesDone?: number }) => {
      if (bytesDone !== undefined) touched = utimes(source, 1, 1)
    }
    const outcome = await run({ onProgress })
    await touched
    expect(outcome).toMatchObject({ kind: 'retry', class: 'transient', gate: null })
    expect(outcome).toHaveProperty('reason', expect.stringContaining('changed while it was copied'))
  })

  test('a file that is gone, or none, fails for good', async () => {
    await unlink(source)
    expect(await run()).toMatchObject({ kind: 'failed', class: 'permanent' })
    expect(await run({ resolved: { kind: 'file', path: folder, size: null } })).toMatchObject({
      kind: 'failed',
      class: 'permanent',
      reason: expect.stringContaining('not a regular file') as string,
    })
  })

  test('what this version cannot do is said', async () => {
    expect(await run({ downloadSources: ['other'] })).toMatchObject({ kind: 'failed', class: 'permanent' })
    expect(await run({ downloadSources: ['other', 'fake'] })).toMatchObject({ kind: 'done' })
  })
})

describe('a library that cannot be used', () => {
  const closed = { kind: 'retry', class: 'local', gate: { kind: 'volume', ref: 'library' } }

  test('without its marker nothing is created in it', async () => {
    await unlink(path.join(libraryDir, markerName))
    expect(await run()).toMatchObject({ ...closed, reason: expect.stringContaining(markerName) as string })
    expect(await readdir(libraryDir)).toEqual([])
  })

  test('another one in its place gets nothing', async () => {
    const reason = expect.stringContaining('another library') as string
    expect(await run({ libraryId: 'ours' })).toMatchObject({ ...closed, reason })
    expect(await readdir(libraryDir)).toEqual([markerName])
  })

  test('one that is gone is not created again', async () => {
    await rm(libraryDir, { recursive: true })
    expect(await run()).toMatchObject(closed)
    expect(await readdir(folder)).toEqual(['source.wav'])
  })

  test('one that vanishes after it was checked is blamed, not the song', async () => {
    const outcome = run({
      onProgress: ({ bytesDone }) => {
        if (bytesDone !== undefined) rmNow(libraryDir)
      },
    })
    expect(await outcome).toMatchObject(closed)
  })

  test('a full disk says how much is missing, and how much must be free', async () => {
    // A promise larger than any disk: the size comes from the file itself, so it is a sparse one.
    const sparse = path.join(folder, 'sparse.wav')
    await writeFile(sparse, '')
    await truncate(sparse, 2 ** 43)
    expect(await run({ resolved: { kind: 'file', path: sparse, size: null } })).toMatchObject({
      ...closed,
      reason: expect.stringMatching(/^disk full on ".*library": \d+ MB short$/) as string,
      needBytes: 2 ** 43 + keptFree,
    })
    expect(await readdir(libraryDir)).toEqual([markerName])
  })

  test('a folder that is a link out of the library is refused', async () => {
    await mkdir(path.join(folder, 'outside'))
    await symlink(path.join(folder, 'outside'), path.join(libraryDir, 'Café'))
    expect(await run()).toMatchObject({ kind: 'failed', class: 'permanent' })
    expect(await readdir(path.join(folder, 'outside'))).toEqual([])
  })
})

describe('an abort', () => {
  test('in the middle of the copy releases the item and keeps the part', async () => {
    await writeFile(source, tinyWav({ seconds: 220 }))
    const abort = new AbortController()
    const onProgress = ({ bytesDone }: { bytesDone?: number }) => {
      if (bytesDone !== undefined) abort.abort()
    }
    expect(await run({ signal: abort.signal, onProgress })).toEqual({ kind: 'released' })
    expect(await filesOf(album())).toEqual(['.03 - Ночь.s7.part'])
  })

  test('while the adapter hangs releases at once, and a late answer touches no part', async () => {
    const abort = new AbortController()
    let answer: (resolved: Resolved) => void = () => undefined
    const late = new Promise<Resolved>((resolve) => (answer = resolve))
    const outcome = run({ signal: abort.signal, resolved: () => late })
    abort.abort()
    expect(await outcome).toEqual({ kind: 'released' })
    answer({ kind: 'file', path: source, size: null })
    for (let turn = 0; turn < 50; turn += 1) await stat(source)
    expect(await readdir(libraryDir)).toEqual([markerName])
  })
})

const rmNow = (at: string) => rmSync(at, { recursive: true, force: true })
