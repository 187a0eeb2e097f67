import { createServer, type AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { rejection } from '../../testing/call-context.ts'
import { localServer, type LocalServer } from '../../testing/local-server.ts'
import { createHttpClient, type HttpClient, type HttpRequest } from './client.ts'
import type { Resolve } from './guard.ts'
import { statusFailure } from './failures.ts'
import { readText } from './text.ts'

const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

async function server(...args: Parameters<typeof localServer>): Promise<LocalServer> {
  const made = await localServer(...args)
  ends.push(made.close)
  return made
}

function client(resolve?: Resolve): HttpClient {
  const made = createHttpClient(resolve ? { resolve } : {})
  ends.push(made.close)
  return made
}

const signal = new AbortController().signal
const ask = (url: string, more: Partial<HttpRequest> = {}, http = client()) =>
  http.request({ url, privateHost: true, signal, ...more })
const refusal = async (url: string, more: Partial<HttpRequest> = {}, http = client()) =>
  (await rejection(ask(url, more, http))) as Error & { class: string; reason: string; afterMs: number | null }

test('an answer has its status, headers and body', async () => {
  const { url } = await server((_, response) => response.writeHead(418, { 'x-tea': 'yes' }).end('夜'))
  const answer = await ask(`${url}/a?b=c`)
  expect(answer).toMatchObject({ status: 418, origin: url, headers: { 'x-tea': 'yes' } })
  expect(await readText(answer, 100)).toBe('夜')
})

test('a body above its limit is refused', async () => {
  const { url } = await server((_, response) => response.end('x'.repeat(100_000)))
  expect(await rejection(readText(await ask(url), 99_999))).toMatchObject({ class: 'invalid' })
  expect(await readText(await ask(url), 100_000)).toHaveLength(100_000)
})

test('a form is posted', async () => {
  const { url } = await server((request, response) => request.pipe(response))
  const answer = await ask(url, { form: 'a=1&b=%E5%A4%9C' })
  expect(await readText(answer, 100)).toBe('a=1&b=%E5%A4%9C')
})

test('a server that is not there is blocked, and named without path and query', async () => {
  const gone = await localServer(() => undefined)
  await gone.close()
  const error = await refusal(`${gone.url}/rest?password=secret`)
  expect(error).toMatchObject({
    class: 'blocked',
    reason: `${gone.url} cannot be reached: connection refused, nothing listens there`,
  })
})

test('a name that nobody knows is blocked', async () => {
  const unknown: Resolve = (_, __, callback) =>
    callback(Object.assign(new Error('no'), { code: 'ENOTFOUND' }), [])
  expect(await refusal('http://nas.example/', {}, client(unknown))).toMatchObject({
    class: 'blocked',
    reason: 'http://nas.example cannot be reached: the name is not known',
  })
})

test('a kept connection that the server had closed is made anew', async () => {
  let asked = 0
  const { url } = await server((request, response) => {
    asked += 1
    if (asked === 2) request.socket.destroy()
    else response.end('well')
  })
  const http = client()
  await readText(await ask(url, {}, http), 10)
  expect(await readText(await ask(url, {}, http), 10)).toBe('well')
  expect(asked).toBe(3)
})

test('a connection that is closed again before an answer is transient', async () => {
  const { url } = await server((request) => request.socket.destroy())
  expect(await refusal(url)).toMatchObject({
    class: 'transient',
    reason: `${url} closed the connection too early`,
  })
})

test('an answer that breaks off is transient while its server stands, and blocked when it is gone', async () => {
  for (const stays of [true, false]) {
    const place = await server((request, response) => {
      response.writeHead(200, { 'content-length': 100_000 })
      response.write('x'.repeat(1_000), () => {
        if (!stays) place.server.close()
        request.socket.destroy()
      })
    })
    const error = await rejection(readText(await ask(place.url), 1e6))
    expect(error).toMatchObject({ class: stays ? 'transient' : 'blocked' })
  }
})

test('an answer without its last chunk is no whole answer', async () => {
  const raw = createServer((socket) => {
    socket.once('data', () =>
      socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n'),
    )
  })
  await new Promise<void>((resolve) => raw.listen(0, '127.0.0.1', resolve))
  ends.push(() => new Promise((resolve) => raw.close(resolve)))
  const { port } = raw.address() as AddressInfo
  const answer = await ask(`http://127.0.0.1:${port}`)
  expect(await rejection(readText(answer, 100))).toMatchObject({ class: 'transient' })
})

test('an abort ends a request that gets no answer', async () => {
  const abort = new AbortController()
  const { url } = await server(() => abort.abort(new Error('stop now')))
  await expect(ask(url, { signal: abort.signal })).rejects.toThrow()
  expect(abort.signal.aborted).toBe(true)
})

test('a server may take no longer than it was given', async () => {
  const { url } = await server(() => undefined)
  expect(await refusal(url, { answerWithinMs: 1 })).toMatchObject({
    class: 'transient',
    reason: `${url} took the request and did not answer in time`,
  })
})

test.each([
  [429, { 'retry-after': '7' }, 'blocked', 7_000],
  [503, {}, 'blocked', null],
  [502, {}, 'blocked', null],
  [504, { 'retry-after': 'soon' }, 'blocked', null],
  [401, {}, 'auth', null],
  [403, {}, 'auth', null],
  [404, {}, 'permanent', null],
  [410, {}, 'permanent', null],
  [500, {}, 'transient', null],
  [501, {}, 'permanent', null],
  [206, {}, 'invalid', null],
])('status %i with %j is %s', (status, headers, failureClass, afterMs) => {
  const failure = statusFailure({ status, headers, origin: 'http://nas' }, 0)
  expect(failure).toMatchObject({ class: failureClass, afterMs })
  expect(failure.reason).toContain(`http://nas answers ${status}`)
})

test.each([
  'file:///etc/passwd',
  'ftp://127.0.0.1/',
  'gopher://127.0.0.1/',
  'data:text/plain,x',
  'not a url',
  'http://169.254.169.254/latest/meta-data',
  'http://[fe80::1]/',
  'http://[fd00:ec2::254]/',
  'http://[::ffff:169.254.169.254]/',
  'http://2852039166/',
  'http://0xa9.0xfe.0xa9.0xfe/',
  'http://0251.0376.0251.0376/',
  'http://0.0.0.0/',
])('%s is never fetched', async (url) => {
  expect(await refusal(url)).toMatchObject({ class: 'permanent' })
})

test('a private address is fetched from only where it was allowed, by whatever name it goes', async () => {
  const canary = await server((_, response) => response.end('inside'))
  const local: Resolve = (_, __, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }])
  const http = client(local)
  for (const host of [
    '127.0.0.1',
    'localhost',
    '[::ffff:127.0.0.1]',
    '2130706433',
    '127.1',
    'rebound.example',
  ]) {
    const error = await refusal(`http://${host}:${canary.port}/`, { privateHost: false }, http)
    expect(error, host).toMatchObject({ class: 'permanent' })
  }
  expect(canary.requests).toEqual([])
  await readText(await ask(`http://named.example:${canary.port}/`, {}, http), 100)
  expect(canary.requests).toHaveLength(1)
})

test('a name is resolved once and only its allowed addresses are connected to', async () => {
  const canary = await server((_, response) => response.end())
  let asked = 0
  const mixed: Resolve = (_, __, callback) => {
    asked += 1
    callback(null, [
      { address: 'fe80::1', family: 6 },
      { address: asked === 1 ? '127.0.0.1' : '169.254.169.254', family: 4 },
    ])
  }
  const http = client(mixed)
  await readText(await ask(`http://rebinding.example:${canary.port}/`, {}, http), 10)
  expect(asked).toBe(1)
})

test('at most five redirects are followed', async () => {
  const loop = await server((_, response) => response.writeHead(302, { location: '/again' }).end())
  expect(await refusal(loop.url)).toMatchObject({
    class: 'permanent',
    reason: `${loop.url} redirects more than 5 times`,
  })
  expect(loop.requests).toHaveLength(6)
})

test('a redirect on the same host keeps credentials; headers stay with their origin', async () => {
  const target = await server((_, response) => response.end('here'))
  const first = await server((_, response) =>
    response.writeHead(307, { location: `${target.url}/b?token=secret` }).end(),
  )
  await readText(
    await ask(`${first.url}/a?token=secret`, { headers: { 'x-api-key': 'k' }, secretParams: ['token'] }),
    9,
  )
  expect(first.requests[0]?.headers['x-api-key']).toBe('k')
  expect(target.requests[0]?.headers['x-api-key']).toBeUndefined()
  expect(target.requests[0]?.url.search).toBe('?token=secret')
})

test.each([
  ['file:///etc/passwd', 'only http and https'],
  ['http://169.254.169.254/', '169.254.169.254'],
  ['http://10.0.0.1/', '10.0.0.1'],
  ['http://localhost:1/', 'localhost'],
  ['http://', 'not an address'],
])('a redirect to %s is refused', async (location, words) => {
  const first = await server((_, response) => response.writeHead(301, { location }).end())
  const error = await refusal(`${first.url}/?p=secret`)
  expect(error.reason).toContain(words)
  expect(error.reason).not.toContain('secret')
  expect(['permanent', 'invalid']).toContain(error.class)
})

test('a form follows no redirect to another host', async () => {
  const first = await server((_, response) =>
    response.writeHead(308, { location: 'http://other.example/' }).end(),
  )
  expect(await refusal(first.url, { form: 'p=secret' })).toMatchObject({
    class: 'permanent',
    reason: `${first.url} redirects to another host, other.example`,
  })
})
