import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { ExecutorContext, Progress } from '../executors/outcome.ts'
import { markerName } from '../library/marker.ts'
import { createHttpClient, type HttpClient } from '../ports/http/index.ts'
import type { SourceAdapter, StorageBackend } from '../ports/index.ts'

export interface ContextParts {
  libraryDir: string
  /** Default: whatever the marker holds. */
  libraryId?: string
  source?: SourceAdapter
  backend?: StorageBackend
  http?: HttpClient
  signal?: AbortSignal
  settings?: Partial<ExecutorContext['settings']>
  onProgress?: (progress: Progress) => void
}

/** What a runner lends to an executor, with one source and one backend, and the lines that were logged. */
export function executorContext(parts: ContextParts): ExecutorContext & { lines: string[] } {
  const { libraryDir, source, backend } = parts
  const lines: string[] = []
  const given = <T>(port: T | undefined, id: string): T => {
    if (port === undefined) throw new Error(`this test has no "${id}"`)
    return port
  }
  return {
    signal: parts.signal ?? new AbortController().signal,
    libraryId: parts.libraryId ?? markedAs(libraryDir),
    settings: { ...plainSettings(libraryDir), ...parts.settings },
    source: (id) => given(source, id),
    backend: (id) => given(backend, id),
    http: parts.http ?? createHttpClient(),
    progress: (progress) => parts.onProgress?.(progress),
    log: (level, message) => void lines.push(`${level} ${message}`),
    lines,
  }
}

function markedAs(libraryDir: string): string {
  try {
    return /^id=(.+)$/m.exec(readFileSync(path.join(libraryDir, markerName), 'utf8'))?.[1] ?? 'none'
  } catch {
    return 'none' // the test is about a library without one
  }
}

/** Settings for tests: small numbers, short waits, nothing configured. */
export const plainSettings = (libraryDir: string): ExecutorContext['settings'] => ({
  envFile: '/nowhere/catalogsync.env',
  appHome: '/nowhere',
  rootDir: '/nowhere',
  dbPath: '/nowhere/catalogsync.db',
  libraryDir,
  inputDir: '/nowhere/input',
  logDir: '/nowhere/log',
  downloadLayout: 'artist-album',
  webHost: '127.0.0.1',
  webPort: 0,
  webAllowedHosts: [],
  tz: 'UTC',
  recoveryMode: 'pause',
  fileMode: 0o644,
  dirMode: 0o755,
  puid: null,
  pgid: null,
  sources: [],
  downloadSources: [],
  backends: [],
  workers: { collect: 1, sync: 1, download: 1, upload: 1 },
  retryAttempts: 3,
  retryBaseMs: 1,
  retryMaxMs: 1,
})
