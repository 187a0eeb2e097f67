import { afterAll, beforeAll, expect, test } from 'vitest'
import { roles } from '@catalogsync/contract'
import { appRouter } from './router.ts'
import { startServer, type Server } from './index.ts'
import { givenDoor, type GivenDoor } from './testing/given-door.ts'

interface AnyProcedure {
  _def: { type: 'query' | 'mutation' | 'subscription'; meta?: { role?: string } }
}
/** Every procedure that there is, from the router itself. */
const procedures = Object.entries(appRouter._def.procedures as unknown as Record<string, AnyProcedure>) // tRPC flattens them by path

let door: GivenDoor
let server: Server
beforeAll(async () => {
  door = await givenDoor()
  server = door.server
})
afterAll(() => door.end())

test('the router has the procedures of the plan', () => {
  expect(procedures.map(([path]) => path).sort()).toEqual([
    'config.places',
    'config.show',
    'events.list',
    'events.stream',
    'gates.list',
    'items.get',
    'items.list',
    'jobs.command',
    'jobs.commandStatus',
    'jobs.commands',
    'jobs.get',
    'jobs.list',
    'jobs.preview',
    'jobs.start',
    'live.summary',
    'logs.list',
    'playlists.get',
    'playlists.list',
    'playlists.pools',
    'playlists.songs',
    'songs.get',
    'songs.list',
    'system.info',
    'workers.list',
  ])
})

test.each(procedures)('%s says which role it needs', (_, { _def }) => {
  expect(roles).toContain(_def.meta?.role)
  if (_def.type === 'mutation') expect(_def.meta?.role).not.toBe('viewer')
})

test.each(procedures)('%s is refused to a stranger, by every method and in a batch', async (path) => {
  const url = `http://127.0.0.1:${server.port}/trpc/${path}`
  const json = { 'content-type': 'application/json' }
  for (const request of [
    fetch(url),
    fetch(`${url},${path}?batch=1`),
    fetch(url, { method: 'POST', headers: json, body: '{}' }),
    fetch(url, { headers: { authorization: 'Bearer wrong' } }),
    fetch(url, { headers: { cookie: `catalogsync_${server.port}=wrong` } }),
  ]) {
    const reply = await request
    expect(reply.status).toBe(401)
    expect(await reply.json()).toMatchObject({ error: { data: { appCode: 'not_signed_in' } } })
  }
})

test.each(procedures)('%s is refused under a name that is not ours', async (path) => {
  expect(await door.raw({ path: `/trpc/${path}`, host: 'evil.example', token: true })).toMatchObject({
    status: 421,
  })
})

test('before there is a machine behind it, the door lets nobody in', async () => {
  const early = await startServer({ host: '127.0.0.1', port: 0, version: '1', webFolder: 'nowhere' })
  for (const path of ['/trpc/jobs.list', '/session']) {
    expect((await fetch(`http://127.0.0.1:${early.port}${path}`)).status).toBe(503)
  }
  await early.close()
})
