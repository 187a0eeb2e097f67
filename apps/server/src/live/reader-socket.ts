import type { WebSocket } from 'ws'

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
