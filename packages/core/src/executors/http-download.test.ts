import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { initLibrary } from '../library/marker.ts'
import { PortError, type RefusedAnswer, type ResolvedUrl } from '../ports/index.ts'
import { createHttpClient, type HttpClient } from '../ports/http/index.ts'
import { executorContext, type ContextParts } from '../testing/executor-context.ts'
import { fakeSong, fakeSource } from '../testing/fakes.ts'
import { localServer, type LocalServer } from '../testing/local-server.ts'
import { tinyWav } from '../testing/wav.ts'
import { download } from './download.ts'
import type { CatalogSong } from './outcome.ts'

const bytes = tinyWav({ seconds: 2 })
const many = tinyWav({ seconds: 400 }) // 6.1 MiB
const sha256 = (content: Buffer) => createHash('sha256').update(content).digest('hex')

let folder: string
let libraryDir: string
let http: HttpClient
let server: LocalServer
let answer: (response: ServerResponse, request: IncomingMessage) => void
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'http-download-'))
  libraryDir = path.join(folder, 'library')
  await initLibrary(libraryDir, null)
  http = createHttpClient()
  answer = (response) => response.writeHead(200, { 'content-length': bytes.length }).end(bytes)
  server = await localServer((request, response) => answer(response, request))
})
afterEach(async () => {
  await http.close()
  await server.close()
  await rm(folder, { recursive: true })
})

interface Run extends Partial<ContextParts> {
  song?: Partial<CatalogSong>
  resolved?: Partial<ResolvedUrl>
}

function run({ song = {}, resolved = {}, ...parts }: Run = {}) {
  const where: ResolvedUrl = {
    kind: 'url',
    url: `${server.url}/download?id=7&p=secret`,
    headers: { 'x-token': 'secret' },
    expiresAt: null,
    size: null,
    mime: null,
    hash: null,
    privateHost: true,
    ...resolved,
  }
  const wanted: CatalogSong = { ...fakeSong('s1', { title: 'Ночь' }), id: 7, sourceId: 'fake', ...song }
  const ctx = executorContext({ libraryDir, source: fakeSource({ resolve: () => where }), http, ...parts })
  return download({ stage: 'download', song: wanted, downloadSources: [], currentPath: null }, ctx)
}

const partsLeft = async () =>
  (await readdir(libraryDir, { recursive: true })).filter((name) => name.endsWith('.part'))
const part = async () => path.join(libraryDir, (await partsLeft())[0] ?? 'none')
const type = (contentType: string) => ({ 'content-type': contentType })
const chunked = { 'transfer-encoding': 'chunked' }
const sourceGate = { kind: 'source', ref: 'fake' }

describe('a song that can be had', () => {
  test('arrives whole and hashed, with its length or without', async () => {
    for (const headers of [{ 'content-length': many.length }, chunked]) {
      answer = (response) => response.writeHead(200, headers).end(many)
      const seen: number[] = []
      const outcome = await run({
        onProgress: ({ bytesDone }) => bytesDone !== undefined && seen.push(bytesDone),
      })
      expect(outcome).toMatchObject({
        kind: 'done',
        product: { file: { size: many.length, sha256: sha256(many), container: 'wav' } },
      })
      expect((await readFile(await part())).equals(many)).toBe(true)
      expect(seen.at(-1)).toBe(many.length)
      expect(seen.length).toBeGreaterThan(5)
    }
  })

  test('sends the headers that the source gave, and asks for no compression', async () => {
    await run()
    expect(server.requests[0]?.headers).toMatchObject({ 'x-token': 'secret' })
    expect(server.requests[0]?.headers['accept-encoding']).toBeUndefined()
  })

  test('is checked against the hash that the source promised', async () => {
    const md5 = createHash('md5').update(bytes).digest('hex')
    expect(await run({ resolved: { hash: { algorithm: 'md5', hex: md5.toUpperCase() } } })).toMatchObject({
      kind: 'done',
      product: { file: { sha256: sha256(bytes) } },
    })
    const wrong = await run({ resolved: { hash: { algorithm: 'sha1', hex: '00' } } })
    expect(wrong).toMatchObject({ kind: 'failed', class: 'invalid' })
    expect(await partsLeft()).toEqual([])
  })

  test('may come as plain text, from servers that do not know its type', async () => {
    answer = (response) => response.writeHead(200, type('text/plain')).end(bytes)
    expect(await run()).toMatchObject({ kind: 'done' })
  })
})

describe('an answer that is not the song', () => {
  const invalid = (reason: string) => ({
    kind: 'failed',
    class: 'invalid',
    reason: expect.stringContaining(reason) as string,
  })

  test.each([
    ['text/html; charset=utf-8', '<!doctype html><p>Please log in', 'sends text/html instead of audio'],
    ['Application/JSON', '{"ok":true}', 'sends application/json instead of audio'],
    ['text/xml', '<error/>', 'sends text/xml instead of audio'],
    ['application/problem+json', '{}', 'sends application/problem+json instead of audio'],
    ['application/zip', 'PK\x03\x04', 'sends application/zip instead of audio'],
    ['audio/flac', ' {"error":1}', 'sends a JSON answer instead of audio'],
    ['audio/flac', '\ufeff<html>', 'sends a page or an XML answer instead of audio'],
    ['audio/flac', 'PK\x03\x04 and more', 'a ZIP archive'],
    ['audio/flac', '', 'the file is empty'],
  ])('%s with %j fails, and leaves no part', async (contentType, body, reason) => {
    answer = (response) => response.writeHead(200, type(contentType)).end(body)
    expect(await run()).toMatchObject(invalid(reason))
    expect(await partsLeft()).toEqual([])
  })

  test('is explained by the source, if it can', async () => {
    const asked: RefusedAnswer[] = []
    const explain = (refused: RefusedAnswer) => {
      asked.push(refused)
      return refused.bodyStart.includes('70') ? new PortError('permanent', 'the song is gone') : null
    }
    answer = (response) => response.writeHead(200, type('application/json; a=b')).end('{"code":70}')
    expect(await run({ resolved: { explain } })).toMatchObject({
      class: 'permanent',
      reason: 'the song is gone',
    })
    answer = (response) => response.writeHead(404, type('text/html')).end('<p>')
    expect(await run({ resolved: { explain } })).toMatchObject({
      reason: `${server.url} answers 404 (not found)`,
    })
    expect(asked).toEqual([
      { status: 200, contentType: 'application/json', bodyStart: '{"code":70}' },
      { status: 404, contentType: 'text/html', bodyStart: '<p>' },
    ])
  })

  test('of another length than was promised is refused before a byte is kept', async () => {
    const promised = bytes.length + 1
    expect(await run({ resolved: { size: promised } })).toMatchObject(
      invalid(`${promised} bytes were promised, ${server.url} sends ${bytes.length}`),
    )
  })

  test('that is shorter or longer than promised, without saying so, is refused', async () => {
    answer = (response) => response.writeHead(200, chunked).end(bytes)
    expect(await run({ resolved: { size: bytes.length + 1 } })).toMatchObject(invalid('bytes were promised'))
    expect(await run({ resolved: { size: bytes.length - 1 } })).toMatchObject(invalid('sends more than'))
    expect(await partsLeft()).toEqual([])
  })

  test('that is endless ends at what was promised', async () => {
    answer = (response) => {
      const more = () => {
        while (!response.destroyed && response.write(bytes));
        if (!response.destroyed) response.once('drain', more)
      }
      more()
    }
    expect(await run({ resolved: { size: 100_000 } })).toMatchObject(invalid('sends more than 100000 bytes'))
  })

  test('that is compressed, or a part of it, is refused', async () => {
    answer = (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(bytes))
    expect(await run()).toMatchObject(invalid('compressed (gzip)'))
    answer = (response) =>
      response.writeHead(206, { 'content-range': `bytes 0-9/${bytes.length}` }).end(bytes)
    expect(await run()).toMatchObject(invalid('answers 206'))
  })

  test('breaks off: tried again, and the next try brings it', async () => {
    answer = (response) => {
      response.writeHead(200, { 'content-length': many.length })
      response.write(many.subarray(0, 3_000_000), () => response.destroy())
    }
    expect(await run()).toMatchObject({ kind: 'retry', class: 'transient', gate: null })
    answer = (response) => response.end(many)
    expect(await run()).toMatchObject({ kind: 'done', product: { file: { sha256: sha256(many) } } })
  })
})

describe('a server that cannot be used closes the gate of its source', () => {
  test('when it is away, also in the middle of a song', async () => {
    answer = (response, request) => {
      response.writeHead(200, { 'content-length': bytes.length })
      response.write(bytes.subarray(0, 10_000), () => {
        server.server.close()
        request.socket.destroy()
      })
    }
    expect(await run()).toMatchObject({
      kind: 'retry',
      class: 'blocked',
      gate: sourceGate,
      reason: `${server.url} went away in the middle of an answer`,
    })
    expect(await run()).toMatchObject({ kind: 'retry', class: 'blocked', gate: sourceGate })
  })

  test.each([
    [429, { 'retry-after': '9' }, 'blocked', 9_000],
    [503, {}, 'blocked', null],
    [401, {}, 'auth', null],
    [403, {}, 'auth', null],
  ])('when it answers %i', async (status, headers, failureClass, afterMs) => {
    answer = (response) => response.writeHead(status, headers).end('no')
    expect(await run()).toMatchObject({ kind: 'retry', class: failureClass, afterMs, gate: sourceGate })
  })
})

test('an abort in the middle ends at once and releases the song', async () => {
  const abort = new AbortController()
  answer = (response) => {
    response.writeHead(200, { 'content-length': bytes.length })
    response.write(bytes.subarray(0, 1_000))
  }
  const onProgress = ({ bytesDone }: { bytesDone?: number }) =>
    bytesDone !== undefined && abort.abort('pause')
  expect(await run({ signal: abort.signal, onProgress })).toEqual({ kind: 'released' })
})

test('no reason and no line holds the URL or a header of it', async () => {
  const statuses = [200, 206, 401, 404, 429, 500]
  for (const status of statuses) {
    answer = (response) => response.writeHead(status, type('text/html')).end('<p>')
    expect(JSON.stringify(await run())).not.toContain('secret')
  }
  await server.close()
  expect(JSON.stringify(await run())).not.toContain('secret')
})
