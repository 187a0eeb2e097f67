import { test as base } from '@playwright/test'
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const entry = join(import.meta.dirname, '../apps/cli/dist/main.js')

/** Tests that get a real `catalogsync serve` of their own: `served.url`, an empty data folder, no runner. */
export const test = base.extend<{ served: { url: string; dataDir: string } }>({
  served: async ({}, use) => {
    const dataDir = await mkdtemp(join(tmpdir(), 'catalogsync-e2e-'))
    const port = await freePort()
    const server = start(dataDir, port)
    try {
      await answering(`http://127.0.0.1:${port}/healthz`, server)
      await use({ url: `http://127.0.0.1:${port}`, dataDir })
    } finally {
      await stop(server.child)
      await rm(dataDir, { recursive: true, force: true })
    }
  },
})

interface Started {
  child: ChildProcess
  said: () => string
}

function start(dataDir: string, port: number): Started {
  const args = [
    entry,
    'serve',
    '--data',
    dataDir,
    '--port',
    String(port),
    '--host',
    '127.0.0.1',
    '--no-runner',
  ]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (text += chunk.toString()))
  return { child, said: () => text }
}

async function answering(url: string, server: Started): Promise<void> {
  const deadline = AbortSignal.timeout(20_000)
  while (!deadline.aborted) {
    if (server.child.exitCode !== null)
      throw new Error(`serve ended with ${server.child.exitCode}:\n${server.said()}`)
    const reply = await fetch(url, { signal: deadline }).catch(() => undefined)
    if (reply?.ok) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`serve did not answer at ${url} within 20 s:\n${server.said()}`)
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const insist = setTimeout(() => child.kill('SIGKILL'), 5_000)
  await ended
  clearTimeout(insist)
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo // listening on TCP, so never a pipe's name
  probe.close()
  await once(probe, 'close')
  return port
}
