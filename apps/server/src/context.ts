import type { Session } from './access/access.ts'
import type { Tailer } from './live/tailer.ts'
import type { ReaderSocket } from './live/reader-socket.ts'
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
