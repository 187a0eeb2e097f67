import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { givenDoor, type GivenDoor } from './testing/given-door.ts'

let door: GivenDoor
beforeEach(async () => {
  door = await givenDoor()
})
afterEach(() => door.end())

const json = { 'content-type': 'application/json' }
const upgrade = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
}
const own = () => `http://127.0.0.1:${door.server.port}`
const signIn = (token: string, headers: Record<string, string> = {}) =>
  door.raw({
    path: '/session',
    method: 'POST',
    headers: { ...json, ...headers },
    body: JSON.stringify({ token }),
  })
const cookieIn = ({ headers }: { headers: string }) => /set-cookie: ([^;]+)/i.exec(headers)?.[1] ?? ''
const jobs = () => door.machine.database.db.selectFrom('job_runs').selectAll().execute()

test('the admin token is in a file that only its owner reads, and stays the same', async () => {
  const mode = statSync(join(door.machine.folder, 'admin-token')).mode & 0o777
  expect(mode).toBe(0o600)
  await door.restart()
  expect((await door.call('jobs.list?input={}')).status).toBe(200)
})

test('the token is swapped for a cookie that scripts of a page cannot read, and that outlives a restart', async () => {
  expect((await signIn('wrong')).status).toBe(401)
  const reply = await signIn(door.token, { origin: own() })
  expect(reply.status).toBe(200)
  const attributes = /set-cookie: (.*)/i.exec(reply.headers)?.[1] ?? ''
  expect(attributes).toMatch(new RegExp(`^catalogsync_${door.server.port}=`))
  for (const part of ['HttpOnly', 'SameSite=Strict', 'Path=/']) expect(attributes).toContain(part)
  const headers = { cookie: cookieIn(reply) }
  await door.restart()
  expect(await door.raw({ path: '/session', headers })).toMatchObject({ status: 200 })
  expect((await door.raw({ path: '/trpc/jobs.list?input={}', headers })).status).toBe(200)
  const stored = await door.machine.database.db.selectFrom('sessions').selectAll().execute()
  expect(JSON.stringify(stored)).not.toContain(headers.cookie.split('=')[1])
})

test('a session that was signed out, or is too old, is nobody', async () => {
  const headers = { cookie: cookieIn(await signIn(door.token)) }
  const other = { cookie: cookieIn(await signIn(door.token)) }
  const out = await door.raw({ path: '/session', method: 'DELETE', origin: own(), headers })
  expect(out.status).toBe(200)
  expect((await door.raw({ path: '/session', headers })).status).toBe(401)
  expect((await door.raw({ path: '/session', headers: other })).status).toBe(200)
  writeFileSync(join(door.machine.folder, 'admin-token'), 'another token\n')
  await door.restart()
  expect((await door.raw({ path: '/session', headers: other })).status).toBe(401)
  writeFileSync(join(door.machine.folder, 'admin-token'), `${door.token}\n`)
  await door.restart()
  expect((await door.raw({ path: '/session', headers: other })).status).toBe(200)
  await door.machine.database.db.updateTable('sessions').set({ expires_at: 1 }).execute()
  expect((await door.raw({ path: '/session', headers: other })).status).toBe(401)
})

test('under a name that is not ours nothing is answered, not even an upgrade', async () => {
  const port = door.server.port
  for (const host of [
    'evil.example',
    `evil.example:${port}`,
    '192.0.2.1',
    'localhost.evil.example',
    '127.0.0.1.nip.example',
    '',
  ]) {
    const origin = `http://${host}`
    for (const path of ['/', '/healthz', '/session', '/trpc/jobs.list', '/trpc', '/any/page'])
      expect((await door.raw({ path, host, origin, token: true })).status, `${host} ${path}`).toBe(421)
    expect((await door.raw({ path: '/trpc', host, origin, token: true, headers: upgrade })).status).toBe(421)
  }
})

const foreign = (port: number): Record<string, string | undefined> => ({
  none: undefined,
  null: 'null',
  'another port': `http://127.0.0.1:${port + 1}`,
  'no port': 'http://127.0.0.1',
  https: `https://127.0.0.1:${port}`,
  'another name of this machine': `http://localhost:${port}`,
  suffix: `http://127.0.0.1:${port}.evil.example`,
  prefix: `http://evil.example/127.0.0.1:${port}`,
  userinfo: `http://127.0.0.1:${port}@evil.example`,
  'a path': `http://127.0.0.1:${port}/`,
  stranger: 'http://evil.example',
  file: 'file://',
})

test('a socket opens for our own page alone, or for a program that shows its token', async () => {
  const cookie = cookieIn(await signIn(door.token))
  const open = (origin: string | undefined, headers: Record<string, string>, token = false) =>
    door.raw({
      path: '/trpc',
      headers: { ...upgrade, ...headers },
      token,
      ...(origin === undefined ? {} : { origin }),
    })
  for (const [name, origin] of Object.entries(foreign(door.server.port))) {
    expect((await open(origin, { cookie })).status, name).toBe(403)
    if (origin !== undefined) expect((await open(origin, {}, true)).status, name).toBe(403)
  }
  expect((await open(own(), { cookie })).status).toBe(101)
  expect((await open(undefined, {}, true)).status).toBe(101)
  expect((await open(own(), {})).status).toBe(401)
  expect((await open(own(), { cookie: `catalogsync_${door.server.port}=x` })).status).toBe(401)
})

test('what changes something is taken from our own page alone, as JSON alone', async () => {
  const cookie = cookieIn(await signIn(door.token))
  const start = (origin: string | undefined, headers: Record<string, string>) =>
    door.raw({
      path: '/trpc/jobs.start',
      method: 'POST',
      headers: { ...headers, cookie },
      body: '{"jobType":"full"}',
      ...(origin === undefined ? {} : { origin }),
    })
  for (const [name, origin] of Object.entries(foreign(door.server.port)))
    expect((await start(origin, json)).status, name).toBe(403)
  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
    'text/plain; application/json',
    'application/octet-stream',
  ])
    expect((await start(own(), { 'content-type': type })).status, type).toBe(415)
  expect((await start(own(), {})).status).toBe(415)
  expect((await start(own(), { ...json, 'sec-fetch-site': 'same-site' })).status).toBe(403)
  expect(await jobs()).toEqual([])
  const started = await start(own(), { 'content-type': 'application/json; charset=utf-8' })
  expect(started.status).toBe(200)
  expect((await jobs()).map((job) => job.requested_by)).toEqual(['console'])
})

test('a change cannot be asked for by a link', async () => {
  const headers = { cookie: cookieIn(await signIn(door.token)) }
  const reply = await door.raw({ path: '/trpc/jobs.start?input={"jobType":"full"}', headers })
  expect(reply.status).toBe(405)
  expect(await jobs()).toEqual([])
})

test('bodies and batches have a limit', async () => {
  const body = JSON.stringify({ jobType: 'full', idempotencyKey: 'x'.repeat(1_100_000) })
  const large = await door.raw({ path: '/trpc/jobs.start', method: 'POST', token: true, headers: json, body })
  expect([413, 400]).toContain(large.status)
  const path = `/trpc/${Array(21).fill('gates.list').join(',')}?batch=1`
  expect((await door.raw({ path, token: true })).status).toBe(400)
  const fits = `/trpc/${Array(20).fill('gates.list').join(',')}?batch=1`
  expect((await door.raw({ path: fits, token: true })).status).toBe(200)
  const session = await door.raw({
    path: '/session',
    method: 'POST',
    headers: json,
    body: `{"token":"${'x'.repeat(5000)}"}`,
  })
  expect(session.status).toBe(400)
})

test('an error tells its code and its facts, and nothing of our insides', async () => {
  const lost = await door.raw({ path: '/trpc/jobs.get?input={"id":7}', token: true })
  expect(lost.status).toBe(404)
  expect(JSON.parse(lost.body)).toMatchObject({
    error: { data: { appCode: 'job_not_found', facts: { id: 7 } } },
  })
  const wrong = await door.raw({ path: '/trpc/jobs.get?input={"id":"7"}', token: true })
  expect(JSON.parse(wrong.body)).toMatchObject({
    error: { data: { appCode: 'invalid_input', facts: { what: 'jobs.get.id' } } },
  })
  await door.machine.database.db.schema.dropTable('gates').execute()
  const broken = await door.raw({ path: '/trpc/gates.list', token: true })
  expect(broken.status).toBe(500)
  expect(JSON.parse(broken.body)).toMatchObject({
    error: { data: { appCode: 'internal', facts: { what: 'gates.list' } } },
  })
  expect(broken.body).not.toMatch(/no such table|stack|\.ts/)
})

test('calls go over HTTP, subscriptions over WebSocket', async () => {
  expect((await door.raw({ path: '/trpc/live.summary', token: true })).status).toBe(405)
})
