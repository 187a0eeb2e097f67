import type { CatalogEvent, LiveMessage, LiveSummary, StreamMessage } from '@catalogsync/contract'
import { setServerTime } from '../clock.svelte.ts'
import type { Client } from '@catalogsync/client'

/** `live`: the server was heard within the last seconds. Otherwise what is shown may be old, and says so. */
export type Link = 'connecting' | 'live' | 'lost'

/** The server sends a heartbeat every 2 s. */
const silenceMs = 5_000

const current = $state<{ link: Link; asOf: number | null }>({ link: 'connecting', asOf: null })
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

/** @returns what stops reading */
export function readEvents(reader: EventReader): () => void {
  readers.add(reader)
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
  const conflated = client.live.summary.subscribe(undefined, {
    onData: (message: LiveMessage) => {
      hear()
      setServerTime(message.type === 'summary' ? message.summary.at : message.at)
      if (message.type === 'summary') summary = message.summary
    },
    onError: connectionLost,
  })
  const lossless = client.events.stream.subscribe(undefined, {
    onData: (message) => tell(message.data),
    onError: connectionLost,
  })
  const watch = setInterval(() => {
    if (Date.now() - heard > silenceMs) current.link = current.asOf === null ? 'connecting' : 'lost'
  }, 1000)
  return () => {
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
  if (message.type === 'event') for (const reader of readers) reader.event(message.event)
  if (message.type === 'resync') for (const reader of readers) reader.resync()
}
