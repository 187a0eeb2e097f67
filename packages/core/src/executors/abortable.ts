/** What `untilAborted` rejects with; an executor turns it into `released`. */
export class Aborted extends Error {
  override readonly name = 'AbortError'
}

/**
 * The promise, or a rejection with `Aborted` as soon as the signal aborts: adapters and mounts may hang,
 * a pause may not. What the promise becomes later is dropped.
 */
export async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) {
    promise.catch(() => undefined)
    throw new Aborted('aborted')
  }
  let onAbort: (() => void) | undefined
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(new Aborted('aborted'))
    signal.addEventListener('abort', onAbort, { once: true })
  })
  try {
    return await Promise.race([promise, aborted])
  } finally {
    if (onAbort) signal.removeEventListener('abort', onAbort)
  }
}
