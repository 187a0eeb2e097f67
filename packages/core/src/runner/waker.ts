import type { Database } from '../db/open.ts'
import type { Clock } from '../ports/index.ts'

/** How often a waiting runner asks whether another process has committed. Reads memory, not the disk. */
const pollMs = 50

export type Woken = 'woken' | 'time'

/** What the runner's loop waits on: its own outcomes, other processes' commits, and time. */
export function createWaker(database: Database, clock: Clock) {
  let pending = false
  let version = database.version()
  let interrupt: AbortController | null = null
  const closed = new AbortController()

  function wake(): void {
    pending = true
    interrupt?.abort()
  }

  async function nap(ms: number): Promise<void> {
    interrupt = new AbortController()
    await clock.sleep(ms, AbortSignal.any([interrupt.signal, closed.signal]))
    interrupt = null
  }

  function moved(): boolean {
    const now = database.version()
    if (now === version && !pending) return false
    version = now
    pending = false
    return true
  }

  return {
    wake,
    /** A short pause that nothing cuts short. */
    gap: (ms: number): Promise<void> => clock.sleep(ms, closed.signal),
    /** Until something happens, at most `ms`. */
    async sleep(ms: number): Promise<Woken> {
      const end = clock.monotonic() + ms
      for (;;) {
        if (moved()) return 'woken'
        const left = end - clock.monotonic()
        if (left <= 0 || closed.signal.aborted) return 'time'
        await nap(Math.min(pollMs, left))
      }
    },
    close: (): void => closed.abort(),
  }
}
