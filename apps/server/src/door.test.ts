import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { hostname } from 'node:os'
import { startServer, type Server } from './index.ts'

let server: Server
beforeEach(async () => {
  server = await startServer({ host: '127.0.0.1', port: 0, version: '1.2.3', webFolder: 'nowhere' })
  server.open()
})
afterEach(() => server.close())

const get = (path: string, init: RequestInit = {}) => fetch(`http://127.0.0.1:${server.port}${path}`, init)

test('the door says that it is starting, and then that it is well', async () => {
  const starting = await startServer({ host: '127.0.0.1', port: 0, version: '1.2.3', webFolder: 'nowhere' })
  const health = () => fetch(`http://127.0.0.1:${starting.port}/healthz`)
  expect((await health()).status).toBe(503)
  starting.open()
  const reply = await health()
  expect([reply.status, await reply.json()]).toEqual([200, { status: 'ok', version: '1.2.3' }])
  await starting.close()
})

test('the page is in the language that the browser wants most', async () => {
  const text = async (language: string) =>
    (await get('/', { headers: { 'accept-language': language } })).text()
  expect(await text('zh-TW;q=0.9, fr')).toContain('<html lang="zh-CN">')
  expect(await text('zh;q=0.3, en-GB;q=0.5')).toContain('<html lang="en">')
  expect(await text('fr, de')).toContain('console is on its way')
})

test("the page's style is the only thing that its policy lets in", async () => {
  const reply = await get('/')
  const style = /<style>(.*)<\/style>/s.exec(await reply.text())?.[1] ?? ''
  const policy = reply.headers.get('content-security-policy')
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("frame-ancestors 'none'")
  expect(policy).toContain(`'sha256-${createHash('sha256').update(style).digest('base64')}'`)
  expect(reply.headers.get('x-content-type-options')).toBe('nosniff')
})

test('what is not there is a 404, and nothing can be sent', async () => {
  const lost = await get('/nowhere')
  expect([lost.status, await lost.json()]).toEqual([404, { error: { code: 'not_found' } }])
  const post = await get('/', { method: 'POST', body: 'x' })
  expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
  const head = await get('/healthz?x=1', { method: 'HEAD' })
  expect([head.status, await head.text()]).toEqual([200, ''])
})

test('a name that a stranger could own is not answered', async () => {
  expect(await statusFor('evil.example.com')).toBe(421)
  expect(await statusFor('127.0.0.1.example.com:80')).toBe(421)
  expect(await statusFor('192.0.2.7:8421')).toBe(421)
  expect(await statusFor('localhost.example')).toBe(421)
  for (const host of ['127.0.0.1:9', '[::1]:9', 'localhost', hostname(), 'NAS.local:8421']) {
    expect(await statusFor(host), host).toBe(200)
  }
})

test('a port that is taken is a clear error', async () => {
  const again = startServer({ host: '127.0.0.1', port: server.port, version: '1' })
  await expect(again).rejects.toMatchObject({ code: 'port_in_use', facts: { port: server.port } })
  const elsewhere = startServer({ host: '192.0.2.1', port: 0, version: '1' })
  await expect(elsewhere).rejects.toMatchObject({ code: 'cannot_listen' })
})

async function statusFor(host: string): Promise<number> {
  const socket = connect(server.port, '127.0.0.1')
  socket.write(`GET /healthz HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
  let reply = ''
  socket.on('data', (chunk: Buffer) => (reply += chunk.toString()))
  await once(socket, 'close')
  return Number(reply.split(' ')[1])
}
