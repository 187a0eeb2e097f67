import type { CallContext } from '../ports/index.ts'

/** A context for calling an adapter or a backend, with the lines that it logged. */
export function callContext(
  signal: AbortSignal = new AbortController().signal,
): CallContext & { lines: string[] } {
  const lines: string[] = []
  return { signal, lines, log: (level, message) => void lines.push(`${level} ${message}`) }
}

/** What the promise is rejected with; fails if it is not. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error('it was expected to be rejected, and was not')
}
