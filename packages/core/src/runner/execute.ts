import type { Settings } from '../config/settings.ts'
import { secretsOf } from '../config/snapshot.ts'
import type { executors as realExecutors } from '../executors/index.ts'
import type { ExecutorContext, Outcome, Work } from '../executors/outcome.ts'
import type { SourceAdapter, StorageBackend, Wiring } from '../ports/index.ts'
import { PortError } from '../ports/index.ts'
import { createHttpClient, type HttpClient } from '../ports/http/index.ts'
import type { Execute } from './slots.ts'

export type Executors = typeof realExecutors

/** Lines that one attempt may leave behind. */
const maxLogLines = 200

export interface Adapters {
  source: (id: string) => SourceAdapter
  backend: (id: string) => StorageBackend
  http: HttpClient
  close: () => Promise<void>
}

/** Makes each adapter when it is first asked for, and one of each. */
export function createAdapters(
  settings: Settings,
  wiring: Wiring,
  withObjects: ReadonlySet<string> = new Set(),
): Adapters {
  const sources = new Map<string, SourceAdapter>()
  const backends = new Map<string, StorageBackend>()
  const http = createHttpClient()
  return {
    http,
    source: (id) => once(sources, id, settings.sources, wiring.sources, 'source', undefined),
    backend: (id) => {
      const known = { hasObjects: withObjects.has(id) }
      return once(backends, id, settings.backends, wiring.backends, 'backend', known)
    },
    close: async () => {
      for (const adapter of [...sources.values(), ...backends.values()]) await adapter.close()
      await http.close()
    },
  }
}

function once<S extends { id: string; type: string }, A, K>(
  made: Map<string, A>,
  id: string,
  configured: readonly S[],
  makers: Record<string, (settings: S, known: K) => A>,
  what: string,
  known: K,
): A {
  const before = made.get(id)
  if (before) return before
  const settings = configured.find((place) => place.id === id)
  if (!settings) {
    // A restart reads the settings anew; till then its items wait at its gate.
    const reason = `the runner was started before "${id}" was configured, or it has been removed: restart the runner`
    throw new PortError('local', reason)
  }
  const make = makers[settings.type]
  if (!make) throw new PortError('permanent', `the ${what} "${id}" has the unknown type "${settings.type}"`)
  const adapter = make(settings, known)
  made.set(id, adapter)
  return adapter
}

/** Runs the executor of an item's stage; whatever happens, it ends in an outcome without secrets in it. */
export function createExecute(
  executors: Executors,
  settings: Settings,
  libraryId: string,
  adapters: Adapters,
  now: () => number,
): Execute {
  const redact = redactor(secretsOf(settings))
  return async ({ item, work }, { signal, progress, logs }) => {
    if (!work) {
      const reason = `${item.label}: it is no longer in the catalog`
      return { kind: 'failed', class: 'permanent', reason, unasked: true }
    }
    if ('needless' in work) return { kind: 'skipped', reason: work.needless, unasked: true }
    const ctx: ExecutorContext = {
      signal,
      settings,
      libraryId,
      source: adapters.source,
      backend: adapters.backend,
      http: adapters.http,
      progress,
      log: (level, message) => {
        if (logs.length >= maxLogLines) return
        const { jobId, id: itemId, attempt } = item
        logs.push({ at: now(), level, jobId, itemId, attempt, message: redact(message) })
      },
    }
    return redacted(await run(executors, work, ctx), redact)
  }
}

async function run(executors: Executors, work: Work, ctx: ExecutorContext): Promise<Outcome> {
  try {
    switch (work.stage) {
      case 'collect':
        return await executors.collect(work, ctx)
      case 'sync':
        return await executors.sync(work, ctx)
      case 'download':
        return await executors.download(work, ctx)
      case 'upload':
        return await executors.upload(work, ctx)
    }
  } catch (error) {
    if (ctx.signal.aborted) return { kind: 'released' }
    const reason = error instanceof Error ? error.message : String(error)
    ctx.log('error', `unexpected: ${reason}`)
    return { kind: 'retry', class: 'transient', reason, afterMs: null, gate: null }
  }
}

function redacted(outcome: Outcome, redact: (text: string) => string): Outcome {
  return 'reason' in outcome ? { ...outcome, reason: redact(outcome.reason) } : outcome
}

function redactor(secrets: readonly string[]): (text: string) => string {
  return (text) => secrets.reduce((clean, secret) => clean.replaceAll(secret, '‹secret›'), text)
}
