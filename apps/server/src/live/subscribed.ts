import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '@catalogsync/contract'
import type { ReaderSocket } from './reader-socket.ts'
import type { Tailer } from './tailer.ts'

/** One reader of one subscription. */
export interface Reader {
  socket: ReaderSocket
  signal: AbortSignal
  /** Waits until the reader has room for more; one who does not read at all is cut, and comes back by its last id. */
  room: () => Promise<void>
}

/** Runs a subscription: the database is watched while it lasts, and one socket has so many of them at most. */
export async function* subscribed<T>(
  ctx: { tailer: Tailer; socket: ReaderSocket | null },
  signal: AbortSignal | undefined,
  messages: (reader: Reader) => AsyncGenerator<T>,
): AsyncGenerator<T> {
  const { socket } = ctx
  if (!socket || !signal) throw new Error('a subscription without a socket') // `procedure` lets none through
  const { limits } = socket
  if (socket.subscriptions >= limits.subscriptions) {
    throw new AppError('too_many', { what: 'subscriptions', limit: limits.subscriptions })
  }
  socket.subscriptions += 1
  let watch: { release: () => void } | null = null
  try {
    watch = await ctx.tailer.watch()
    yield* messages({ socket, signal, room: () => room(socket, signal) })
  } finally {
    socket.subscriptions -= 1
    watch?.release()
  }
}

const lookEveryMs = 20
/** "Try again later" (RFC 6455 registry): the client connects anew. */
const tryAgainLater = 1013

async function room({ ws, limits }: ReaderSocket, signal: AbortSignal): Promise<void> {
  if (ws.bufferedAmount <= limits.buffered) return
  const until = performance.now() + limits.graceMs
  while (ws.bufferedAmount > limits.buffered && !signal.aborted) {
    if (performance.now() > until) {
      ws.close(tryAgainLater, 'resync: too slow a reader')
      // The close frame waits behind what is not read.
      ws.terminate()
      return
    }
    await sleep(lookEveryMs, undefined, { signal }).catch(() => undefined)
  }
}
