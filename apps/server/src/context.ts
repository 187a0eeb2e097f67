import type { WebSocket } from 'ws'
import type { Session } from './access/access.ts'
import type { Tailer } from './live/tailer.ts'
import type { SummaryMaker } from './live/summary.ts'
import type { Machine } from './machine.ts'

/** What every procedure is given. */
export interface Context extends Machine {
  version: string
  startedAt: number
  tailer: Tailer
  summaries: SummaryMaker
  session: Session
  /** The socket that a subscription writes to; null for a call over HTTP. */
  socket: ReaderSocket | null
}

/** A reader's socket, and how much it holds. */
export interface ReaderSocket {
  ws: WebSocket
  subscriptions: number
  limits: SocketLimits
}

export interface SocketLimits {
  /** Subscriptions on one socket. */
  subscriptions: number
  /** Bytes that may wait for a reader who does not read. */
  buffered: number
  /** How long it may be so before the reader is cut, in milliseconds. */
  graceMs: number
}
