import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { tinyWav } from '@catalogsync/core/testing'

const entry = join(import.meta.dirname, '../main.ts')

export interface Ran {
  code: number | null
  out: string
  err: string
  /** The lines of stdout, each as JSON. */
  lines: () => unknown[]
}

/** Runs the real command line in a process and waits for its end. */
export async function catalogsync(
  args: readonly string[],
  options: { nodeArgs?: string[]; env?: Record<string, string> } = {},
): Promise<Ran> {
  const started = start(args, options)
  const code = await started.ended
  const out = started.out()
  return { code, out, err: started.err(), lines: () => jsonLines(out) }
}

export interface Started {
  child: ChildProcess
  ended: Promise<number | null>
  out: () => string
  err: () => string
  /** The first line of stdout, as JSON, that is so; the process must not have ended before. */
  line: (is: (line: Record<string, unknown>) => boolean) => Promise<Record<string, unknown>>
  stop: () => Promise<number | null>
}

const running = new Set<Started>()

export function start(
  args: readonly string[],
  options: { nodeArgs?: string[]; env?: Record<string, string> } = {},
): Started {
  const child = spawn(
    process.execPath,
    ['--conditions=source', ...(options.nodeArgs ?? []), '--', entry, ...args],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { LANG: 'C.UTF-8', ...options.env } },
  )
  let out = ''
  let err = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  const ended = once(child, 'close').then(([code]) => code as number | null) // the arguments of `close`
  const started: Started = {
    child,
    ended,
    out: () => out,
    err: () => err,
    line: (is) =>
      until(`a line of ${args.join(' ')}`, () => {
        const found = jsonLines(out).find(is)
        if (!found && child.exitCode !== null)
          throw new Error(`it ended with ${child.exitCode}:\n${out}${err}`)
        return found
      }),
    stop: () => {
      child.kill('SIGTERM')
      return ended
    },
  }
  running.add(started)
  void ended.then(() => running.delete(started))
  return started
}

/** What a test has left running is ended; runners follow their parent. */
export async function endAll(): Promise<void> {
  for (const { child, ended } of running) {
    child.kill('SIGKILL')
    await ended
  }
}

/** Asks again and again until there is an answer; after two minutes and a half it is none. */
export async function until<T>(what: string, ask: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + 150_000
  while (performance.now() < deadline) {
    const answer = await ask()
    if (answer !== undefined) return answer
    await delay(20)
  }
  throw new Error(`waited in vain for ${what}`)
}

function jsonLines(out: string): Record<string, unknown>[] {
  const whole = out.slice(0, out.lastIndexOf('\n') + 1)
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>) // the command line gives objects
}

export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** A data folder with a folder source of `songs` songs in one playlist, and a backend. */
export function library(songs: number): { data: string; remove: () => void } {
  const data = mkdtempSync(join(tmpdir(), 'catalogsync-cli-'))
  const music = join(data, 'music')
  mkdirSync(music)
  const names = Array.from({ length: songs }, (_, at) => `${String(at + 1).padStart(4, '0')} song.wav`)
  names.forEach((name, at) =>
    writeFileSync(
      join(music, name),
      tinyWav({ seconds: 2, hz: 200 + at, title: `Song ${at + 1}`, artist: 'Nobody' }),
    ),
  )
  writeFileSync(join(music, 'all.m3u8'), names.join('\n'))
  writeFileSync(
    join(data, 'catalogsync.env'),
    [
      'SOURCES=home',
      'SOURCE_HOME_TYPE=folder',
      `SOURCE_HOME_PATH=${music}`,
      'BACKENDS=bucket',
      'BACKEND_BUCKET_TYPE=filesystem',
      `BACKEND_BUCKET_PATH=${join(data, 'bucket')}`,
      'WORKERS_DOWNLOAD=1',
      '',
    ].join('\n'),
  )
  mkdirSync(join(data, 'bucket'))
  return { data, remove: () => rmSync(data, { recursive: true, force: true }) }
}
