import { statSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { WebSocket as WsSocket } from 'ws'
import type { CatalogEvent, LiveMessage, StreamMessage } from '@catalogsync/contract'
import { eventCursor, eventsAfter } from '@catalogsync/core'
import { until } from '@catalogsync/core/testing'
import { givenDoor, type GivenDoor } from '@catalogsync/server/testing'
import { createClient, errorOf, type Client } from '@catalogsync/client'

let door: GivenDoor
let clients: Client[]
beforeEach(async () => {
  door = await givenDoor({ songs: 8, server: { socketLimits: { graceMs: 300 } } })
  clients = []
})
afterEach(async () => {
  for (const client of clients) await client.close()
  await door.end()
})

function client(): Client {
  const made = createClient({ url: door.url, token: door.token })
  clients.push(made)
  return made
}

/** Everything that one reader is told. */
function reader(from: Client, input?: { lastEventId?: string; jobId?: number }) {
  const messages: StreamMessage[] = []
  const seen = {
    messages,
    events: (): CatalogEvent[] =>
      messages.flatMap((message) => (message.type === 'event' ? [message.event] : [])),
    of: <K extends StreamMessage['type']>(type: K) => messages.filter((message) => message.type === type),
    error: null as unknown,
    stop: () => subscription.unsubscribe(),
  }
  const subscription = from.api.events.stream.subscribe(input, {
    onData: ({ data }) => void messages.push(data),
    onError: (error) => (seen.error = error),
  })
  return seen
}

const ready = (seen: ReturnType<typeof reader>) =>
  until('the stream to be ready', async () => seen.of('ready').length > 0)

/** The table, as far as a reader has to have been told. */
async function table(after: number) {
  return eventsAfter(door.machine.database.db, after, 1_000_000)
}

test('two pages are told every event once, in order, while a job runs', async () => {
  const from = (await eventCursor(door.machine.database.db)).lastId
  const tabs = [reader(client()), reader(client())]
  for (const tab of tabs) await ready(tab)
  await door.machine.start()
  const { id } = await client().api.jobs.start.mutate({ jobType: 'full' })
  await door.machine.jobIs(id, 'completed')
  const { lastId } = await eventCursor(door.machine.database.db)
  for (const tab of tabs) {
    await until('the last event', async () => tab.events().at(-1)?.id === lastId)
    expect(tab.events()).toEqual(await table(from))
  }
  expect(tabs[0]?.events().length).toBeGreaterThan(20)
})

test('a page goes on where it was when the server is started again, without a gap or a repeat', async () => {
  const from = (await eventCursor(door.machine.database.db)).lastId
  const page = reader(client())
  await ready(page)
  await door.machine.start()
  const first = await door.machine.job({ jobType: 'full' })
  await until('some events', async () => page.events().length > 5)
  await door.server.close()
  await door.machine.jobIs(first, 'completed')
  const second = await door.machine.job({ jobType: 'full' })
  await door.machine.jobIs(second, 'completed')
  await door.restart()
  const { lastId } = await eventCursor(door.machine.database.db)
  await until('the last event', async () => page.events().at(-1)?.id === lastId)
  expect(page.events()).toEqual(await table(from))
  expect(page.of('ready').length).toBeGreaterThanOrEqual(2)
  expect(page.of('resync')).toEqual([])
})

test('a cursor that leads nowhere is answered with the place to go on from', async () => {
  const { epoch, lastId } = await eventCursor(door.machine.database.db)
  const told = async (lastEventId: string) => {
    const seen = reader(client(), { lastEventId })
    await until('the first message', async () => seen.messages.length > 0)
    return seen.messages[0]
  }
  expect(await told('elsewhere.1')).toEqual({ type: 'resync', reason: 'epoch', epoch, lastId })
  expect(await told(`${epoch}.${lastId + 5}`)).toEqual({ type: 'resync', reason: 'ahead', epoch, lastId })
  expect(await told('nonsense')).toMatchObject({ type: 'resync', reason: 'epoch' })
  await door.machine.start()
  const job = await door.machine.job({ jobType: 'full' })
  await door.machine.jobIs(job, 'completed')
  await door.machine.database.db.deleteFrom('job_events').where('id', '<=', 5).execute()
  expect(await told(`${epoch}.2`)).toMatchObject({ type: 'resync', reason: 'retention' })
  expect(await told(`${epoch}.5`)).toEqual({ type: 'ready', epoch, lastId: 5 })
})

test("a reader of one job is told that job's events alone", async () => {
  await door.machine.start()
  const { epoch } = await eventCursor(door.machine.database.db)
  const one = await door.machine.job({ jobType: 'collect_only' })
  const other = await door.machine.job({ jobType: 'collect_only' })
  await door.machine.jobIs(one, 'completed')
  await door.machine.jobIs(other, 'completed')
  const seen = reader(client(), { lastEventId: `${epoch}.0`, jobId: other })
  const wanted = (await table(0)).filter((event) => event.jobRunId === other)
  await until('all of them', async () => seen.events().length >= wanted.length)
  expect(seen.events()).toEqual(wanted)
})

test('a reader who does not read is cut, and the others go on; it comes back by its last id', async () => {
  const live = reader(client())
  await ready(live)
  const stalled = new WsSocket(`${door.url.replace('http', 'ws')}/trpc`, {
    headers: { authorization: `Bearer ${door.token}` },
  })
  const got: number[] = []
  let closed = false
  stalled.on('close', () => (closed = true))
  stalled.on('message', (raw: Buffer) => {
    const { result } = JSON.parse(raw.toString()) as { result?: { data?: { data?: StreamMessage } } }
    const message = result?.data?.data
    if (message?.type === 'event') got.push(message.event.id)
    if (message?.type === 'ready') stalled.pause()
  })
  stalled.on('open', () =>
    stalled.send(JSON.stringify({ id: 1, method: 'subscription', params: { path: 'events.stream' } })),
  )
  await until('the second reader', async () => stalled.isPaused)
  const { epoch, lastId: before } = await eventCursor(door.machine.database.db)
  await manyEvents(60_000)
  const last = before + 60_000
  await until('all events for the live reader', async () => live.events().at(-1)?.id === last)
  expect(live.events()).toHaveLength(60_000)
  stalled.resume()
  await until('the stalled reader to be cut', async () => closed)
  expect(got.length).toBeLessThan(60_000)

  const again = reader(client(), { lastEventId: `${epoch}.${got.at(-1) ?? before}` })
  await until('the rest', async () => again.events().at(-1)?.id === last)
  const ids = [...got, ...again.events().map((event) => event.id)]
  expect(ids).toEqual(Array.from({ length: 60_000 }, (_, i) => before + 1 + i))
})

test('the summary is whole, follows what happens, and costs no write while nothing does', async () => {
  const messages: LiveMessage[] = []
  const subscription = client().api.live.summary.subscribe(undefined, {
    onData: (message) => void messages.push(message),
  })
  await until('the first summary', async () => messages[0]?.type === 'summary')
  const job = await door.machine.job({ jobType: 'full' })
  const latest = () =>
    messages.flatMap((message) => (message.type === 'summary' ? [message.summary] : [])).at(-1)
  await until('the new job', async () => latest()?.jobs[0]?.id === job)
  expect(latest()?.jobs[0]).toMatchObject({ status: 'queued', stages: { length: 4 } })
  await client().api.jobs.command.mutate({ type: 'pause', jobRunId: job })
  await until('its command', async () => latest()?.pendingCommands.length === 1)
  const wal = () => statSync(`${door.machine.settings.dbPath}-wal`)
  const { size, mtimeMs } = wal()
  messages.length = 0
  await until('a heartbeat', async () => messages.some((message) => message.type === 'heartbeat'))
  expect(wal()).toMatchObject({ size, mtimeMs })
  await door.machine.start()
  await until('a runner', async () => latest()?.runners[0]?.alive === true)
  await until('the command to be done', async () => latest()?.pendingCommands.length === 0)
  subscription.unsubscribe()
})

test('one socket has so many subscriptions, and the one too many says so', async () => {
  const one = client()
  const seen = Array.from({ length: 33 }, () => reader(one))
  await until('32 to be ready', async () => seen.filter((s) => s.of('ready').length > 0).length === 32)
  await until('one to be refused', async () => seen.some((s) => s.error !== null))
  const refused = seen.find((s) => s.error !== null)
  expect(errorOf(refused?.error)).toMatchObject({ code: 'too_many', facts: { limit: 32 } })
  seen[0]?.stop()
})

test('errors have our codes, and their sentence in the language of the reader', async () => {
  const { api } = client()
  const thrown: unknown = await api.jobs.get.query({ id: 7 }).catch((error: unknown) => error)
  expect(errorOf(thrown)).toMatchObject({ code: 'job_not_found', facts: { id: 7 }, status: 404 })
  expect(errorOf(thrown).text('zh-CN')).toContain('任务 7 不存在')
  const stranger = createClient({ url: door.url })
  clients.push(stranger)
  const refused: unknown = await stranger.api.jobs.list.query({}).catch((error: unknown) => error)
  expect(errorOf(refused)).toMatchObject({ code: 'not_signed_in', status: 401 })
  const nobody = createClient({ url: 'http://127.0.0.1:1' })
  clients.push(nobody)
  const lost: unknown = await nobody.api.jobs.list.query({}).catch((error: unknown) => error)
  expect(errorOf(lost)).toMatchObject({ code: 'unreachable', status: null })
})

test('a broken frame ends its own socket and nothing else', async () => {
  const live = reader(client())
  await ready(live)
  const headers = { authorization: `Bearer ${door.token}` }
  for (const frame of [
    'nonsense',
    '[]',
    '{}',
    '{"id":1}',
    '{"id":1,"method":"subscription","params":null}',
    'x'.repeat(300_000),
  ]) {
    const rude = new WsSocket(`${door.url.replace('http', 'ws')}/trpc`, { headers })
    const over = new Promise((resolve) => rude.once('close', resolve))
    rude.on('error', () => undefined)
    rude.once('open', () => {
      rude.send(frame)
      rude.once('message', () => rude.close())
      if (frame === '[]') rude.close()
    })
    await over
  }
  await door.machine.job({ jobType: 'full' })
  await until('the event', async () => live.events().length === 1)
})

async function manyEvents(n: number): Promise<void> {
  const { database } = door.machine
  await database.write(async (tx) => {
    const { last_id } = await tx
      .updateTable('event_seq')
      .set((eb) => ({ last_id: eb('last_id', '+', n) }))
      .returning('last_id')
      .executeTakeFirstOrThrow()
    const payload = JSON.stringify({ runnerId: 'r', reason: 'x'.repeat(200) })
    for (let first = last_id - n + 1; first <= last_id; first += 1_000) {
      const rows = Array.from({ length: Math.min(1_000, last_id - first + 1) }, (_, i) => ({
        id: first + i,
        at: 1,
        kind: 'runner_stopped' as const,
        job_run_id: null,
        job_stage_id: null,
        job_item_id: null,
        payload_json: payload,
      }))
      await tx.insertInto('job_events').values(rows).execute()
    }
  })
}
