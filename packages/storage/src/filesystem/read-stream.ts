import type { FileHandle } from 'node:fs/promises'

const chunkBytes = 256 * 1024

/** The file's bytes. The file is closed at the end, on cancel, on an error and when `signal` aborts. */
export function readStream(
  file: FileHandle,
  signal: AbortSignal,
  toError: (error: unknown) => Error,
): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          signal.throwIfAborted()
          const { bytesRead, buffer } = await file.read(new Uint8Array(chunkBytes), 0, chunkBytes, null)
          if (bytesRead > 0) return controller.enqueue(buffer.subarray(0, bytesRead))
          await file.close()
          controller.close()
        } catch (error) {
          await file.close().catch(() => {})
          throw signal.aborted ? signal.reason : toError(error)
        }
      },
      cancel: () => file.close(),
    },
    { highWaterMark: 0 },
  )
}
