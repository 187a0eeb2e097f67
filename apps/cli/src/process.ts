import type { WriteStream } from 'node:tty'
import type { Screen } from './io.ts'

/** A process that was asked to stop and has not after this long is not going to. */
const stopMs = 12_000

/**
 * Aborts when the process is asked to end: by a signal, or because the parent that forked it has gone.
 * A second signal ends it at once; what was acknowledged is safe.
 */
export function stopOn(process: NodeJS.Process): AbortSignal {
  const stop = new AbortController()
  const ask = (why: string): void => {
    if (stop.signal.aborted) process.exit(130)
    stop.abort(why)
    setTimeout(() => process.exit(1), stopMs).unref()
  }
  process.on('SIGTERM', () => ask('SIGTERM'))
  process.on('SIGINT', () => ask('SIGINT'))
  if (process.connected) {
    process.once('disconnect', () => {
      if (!stop.signal.aborted) ask('its parent has gone')
    })
  }
  return stop.signal
}

export function screenOf(stream: WriteStream): Screen {
  // `| head` closes the pipe: that is how a reader says that it has seen enough.
  stream.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))
  return {
    write: (text) => void stream.write(text),
    isTTY: stream.isTTY,
    columns: () => (stream.isTTY ? stream.columns : 100),
  }
}
