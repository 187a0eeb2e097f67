import type { CatalogEvent, LiveMessage, LiveSummary, StreamMessage } from '@catalogsync/contract'
import { setServerTime } from '../clock.svelte.ts'
import type { Client } from '@catalogsync/client'

/** `live`: the server was heard within the last seconds. Otherwise what is shown may be old, and says so. */
export type Link = 'connecting' | 'live' | 'lost'

/** The server sends a heartbeat every 2 s. */
const silenceMs = 5_000
const againMs = 1_000

const current = $state<{ link: Link; asOf: number | null }>({ link: 'connecting', asOf: null })
/** Longer than it takes to load a page. */
const loadMs = 20_000
const mostRecent = 500
let recent: { heard: number; event: CatalogEvent }[] = []
/** When the stream of events began; it goes on by itself after a lost connection. */
let readyAt: number | null = null
let summary = $state.raw<LiveSummary | null>(null)
// eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing that is shown reads who listens
const readers = new Set<EventReader>()

/** Gets each event once and in order, and `resync` when what was read before cannot be continued. */
export interface EventReader {
  event: (event: CatalogEvent) => void
  resync: () => void
}

export const link = (): Link => current.link
/** When the server was last heard. */
export const asOf = (): number | null => current.asOf
export const live = (): LiveSummary | null => summary

/**
 * Reads events from now on, and those of the last seconds first: a page reads its lists before it reads events, and
 * what happens in between would be told to nobody. Folding an event that a list knows already changes nothing.
 * @returns what stops reading
 */
export function readEvents(reader: EventReader): () => void {
  readers.add(reader)
  const since = Date.now() - loadMs
  const dropped = recent.length === mostRecent && (recent[0]?.heard ?? 0) > since
  if (readyAt === null || readyAt > since || dropped) {
    // Without a stream there is nothing to tell yet; its begin tells all readers to read again.
    if (readyAt !== null) reader.resync()
  } else {
    for (const { heard, event } of recent) if (heard > since) reader.event(event)
  }
  return () => readers.delete(reader)
}

/** Opens the two subscriptions that every page lives on; returns what closes them. */
export function goLive(client: Client['api']): () => void {
  let heard = Date.now()
  const hear = () => {
    heard = Date.now()
    current.link = 'live'
    current.asOf = heard
  }
  let closed = false
  let lastEventId: string | undefined
  // A lost socket comes back by itself; a stream that ended with an error has to be asked for again.
  const again = (open: () => void) => () => {
    connectionLost()
    if (!closed) setTimeout(() => !closed && open(), againMs)
  }
  let conflated = { unsubscribe: () => {} }
  let lossless = { unsubscribe: () => {} }
  const openSummary = () => {
    conflated = client.live.summary.subscribe(undefined, {
      onData: (message: LiveMessage) => {
        hear()
        setServerTime(message.type === 'summary' ? message.summary.at : message.at)
        if (message.type === 'summary') summary = message.summary
      },
      onError: again(openSummary),
    })
  }
  const openStream = () => {
    lossless = client.events.stream.subscribe(lastEventId === undefined ? undefined : { lastEventId }, {
      onData: (message) => {
        lastEventId = message.id
        tell(message.data)
      },
      onError: again(openStream),
    })
  }
  openSummary()
  openStream()
  const watch = setInterval(() => {
    if (Date.now() - heard > silenceMs) current.link = current.asOf === null ? 'connecting' : 'lost'
  }, 1000)
  return () => {
    closed = true
    readyAt = null
    recent = []
    conflated.unsubscribe()
    lossless.unsubscribe()
    clearInterval(watch)
  }
}

/** What is shown is old from this moment on. */
export function connectionLost(): void {
  if (current.link === 'live') current.link = 'lost'
}

function tell(message: StreamMessage): void {
  if (message.type === 'event') {
    recent = [...recent.slice(1 - mostRecent), { heard: Date.now(), event: message.event }]
    for (const reader of readers) reader.event(message.event)
  }
  const begins = message.type === 'ready' && readyAt === null
  if (begins) readyAt = Date.now()
  if (begins || message.type === 'resync') for (const reader of readers) reader.resync()
}
