import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClient, type Client } from '@catalogsync/client'

const run = promisify(execFile)
const root = join(import.meta.dirname, '..')
const node = ['--conditions=source', '--']

let data: string
let served: ChildProcess
let url: string
let client: Client
const tokenFile = () => join(data, 'admin-token')

/** A real `serve` with its runner and the demo library. */
beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'catalogsync-api-'))
  const args = ['serve', '--data', data, '--host', '127.0.0.1', '--port', '0', '--demo', '--json']
  served = spawn(process.execPath, [...node, join(root, 'apps/cli/src/main.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'], RETRY_ATTEMPTS: '1' },
  })
  url = await listening(served)
  client = createClient({ url, token: readFileSync(tokenFile(), 'utf8').trim() })
  await until('the demo to be copied', async () => {
    const { rows } = await client.api.jobs.list.query({})
    return rows[0]?.endedAt != null
  })
})

afterAll(async () => {
  await client.close()
  const ended = once(served, 'exit')
  served.kill('SIGTERM')
  await ended
  rmSync(data, { recursive: true, force: true })
})

async function example(name: string): Promise<string> {
  const script = join(root, 'scripts/examples', `${name}.ts`)
  return (await run(process.execPath, [...node, script, url, tokenFile()], { timeout: 120_000 })).stdout
}

test('start-and-watch starts a job and follows it to its end', async () => {
  const out = await example('start-and-watch')
  expect(out).toMatch(/^job \d+ is queued/)
  expect(out).toMatch(/job \d+ is completed/)
  expect(out).toMatch(/playlist:\d+ succeeded/)
})

test('retry-last-night puts what failed back in line', async () => {
  const songs = readdirSync(join(data, 'demo'), { recursive: true, encoding: 'utf8' })
  const song = songs.find((name) => name.endsWith('.flac')) ?? ''
  writeFileSync(join(data, 'demo', song), 'no music any more')
  const { id } = await client.api.jobs.start.mutate({
    jobType: 'download_only',
    scope: { playlists: [], songs: [], mode: 'all' },
  })
  const job = await until('the job to end', async () => {
    const view = await client.api.jobs.get.query({ id })
    return view.endedAt !== null && view
  })
  expect(job.status).toBe('completed_with_errors')
  const { rows: failed } = await client.api.items.list.query({ jobId: id, status: 'failed' })
  expect(failed.length).toBeGreaterThan(0)
  const out = await example('retry-last-night')
  expect(out.match(new RegExp(`^job ${id}: `, 'gm'))).toHaveLength(failed.length)
  const commands = await client.api.jobs.commands.query({ jobId: id })
  expect(commands.map(({ type, targetItemId }) => [type, targetItemId])).toEqual(
    failed.map((item) => ['retry_item', item.id]),
  )
})

test('pause-everything pauses what is open, and says so', async () => {
  const { id } = await client.api.jobs.start.mutate({ jobType: 'full' })
  const out = await example('pause-everything')
  const { status } = await client.api.jobs.get.query({ id })
  // So small a job may have ended before the pause came.
  if (out === '') expect(status).toMatch(/^completed/)
  else expect(out).toMatch(/^(job \d+: the pause is (pending|applied|rejected)\n)+$/)
})

test('what docs/api.md says with curl works as it stands there', async () => {
  const text = readFileSync(join(root, 'docs/api.md'), 'utf8')
  const blocks = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = '']) => block)
  expect(blocks.length).toBeGreaterThan(4)
  const env = { PATH: process.env['PATH'], URL: url, TOKEN: readFileSync(tokenFile(), 'utf8').trim() }
  for (const block of blocks) {
    const { stdout } = await run('sh', ['-eu', '-c', block], { env, timeout: 60_000 })
    const answers = stdout.match(/\{"result":\{"data"|\{"status":"ok"/g) ?? []
    expect(answers.length, block).toBe(block.match(/^curl /gm)?.length)
  }
})

async function listening(child: ChildProcess): Promise<string> {
  let out = ''
  child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()))
  return until('the server to listen', () => {
    if (child.exitCode !== null) throw new Error(`serve ended with ${child.exitCode}:\n${out}`)
    const found = /"urls":\["([^"]+?)\/?"/.exec(out)?.[1]
    return Promise.resolve(found)
  })
}

async function until<T>(what: string, ask: () => Promise<T | undefined | false>): Promise<T> {
  const deadline = performance.now() + 90_000
  while (performance.now() < deadline) {
    const answer = await ask().catch((error: unknown) => {
      if (error instanceof Error && error.message.startsWith('serve ended')) throw error
      return undefined
    })
    if (answer !== undefined && answer !== false) return answer
    await delay(50)
  }
  throw new Error(`waited in vain for ${what}`)
}
