/** A sender that gives less than this over a whole window holds a worker for nothing. */
const windowMs = 60_000
const bytesPerWindow = 60 * 1024

/** Tells a drip from a slow line: 1 KB a second over a minute. The time that our own disk takes counts for nobody. */
export function minimumRate(now: () => number) {
  let [since, bytes] = [now(), 0]
  return {
    /** Notes bytes that arrived; false once a window has passed that brought too few. */
    enough(arrived: number): boolean {
      bytes += arrived
      if (now() - since < windowMs) return true
      const enough = bytes >= bytesPerWindow
      ;[since, bytes] = [now(), 0]
      return enough
    },
    /** The promise, while the clock of the window stands still. */
    async without<T>(work: Promise<T>): Promise<T> {
      const began = now()
      try {
        return await work
      } finally {
        since += now() - began
      }
    },
  }
}
