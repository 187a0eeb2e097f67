import { test as base } from '@playwright/test'
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const entry = join(import.meta.dirname, '../apps/cli/dist/main.js')

export interface Served {
  url: string
  /** The address that signs in. */
  signInUrl: () => Promise<string>
  stop: () => Promise<void>
}

/** A folder for a server's data, and a port for it. */
export interface Place {
  dataDir: string
  port: number
}

interface Fixtures {
  place: Place
  served: Served
}

/** Tests that get a place of their own, and a real `catalogsync serve` in it, with an empty data folder and no runner. */
export const test = base.extend<Fixtures>({
  place: async ({}, use) => {
    const dataDir = await mkdtemp(join(tmpdir(), 'catalogsync-e2e-'))
    await use({ dataDir, port: await freePort() })
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 })
  },
  served: async ({ place }, use) => {
    const served = await serve(place, '--no-runner')
    await use(served)
    await served.stop()
  },
})

/** Starts `catalogsync serve` and waits until it answers. */
export async function serve({ dataDir, port }: Place, ...flags: string[]): Promise<Served> {
  const url = `http://127.0.0.1:${port}`
  const args = [entry, 'serve', '--data', dataDir, '--port', String(port), '--host', '127.0.0.1', ...flags]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (text += chunk.toString()))
  try {
    await answering(`${url}/healthz`, child, () => text)
  } catch (error) {
    await stop(child)
    throw error
  }
  return {
    url,
    signInUrl: async () => `${url}/#token=${(await readFile(join(dataDir, 'admin-token'), 'utf8')).trim()}`,
    stop: () => stop(child),
  }
}

async function answering(url: string, child: ChildProcess, said: () => string): Promise<void> {
  const deadline = AbortSignal.timeout(30_000)
  while (!deadline.aborted) {
    if (child.exitCode !== null) throw new Error(`serve ended with ${child.exitCode}:\n${said()}`)
    const reply = await fetch(url, { signal: deadline }).catch(() => undefined)
    if (reply?.ok) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`serve did not answer at ${url} within 30 s:\n${said()}`)
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const insist = setTimeout(() => child.kill('SIGKILL'), 15_000)
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
