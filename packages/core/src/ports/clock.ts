/** Time, as a dependency. Wall time is for people; waiting and liveness use the monotonic clock. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now: () => number
  /** Milliseconds on a clock that never jumps. */
  monotonic: () => number
  /** Resolves after `ms`, or at once when `signal` aborts. Never rejects. */
  sleep: (ms: number, signal: AbortSignal) => Promise<void>
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve()
      const timer = setTimeout(done, ms)
      signal.addEventListener('abort', done, { once: true })
      function done() {
        clearTimeout(timer)
        signal.removeEventListener('abort', done)
        resolve()
      }
    }),
}
