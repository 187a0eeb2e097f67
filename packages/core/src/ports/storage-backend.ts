import type { CallContext } from './source-adapter.ts'

export interface StoredObject {
  key: string
  size: number
  /** Lower-case hex, of the content; null where the backend cannot tell without reading it all. */
  sha256: string | null
  etag: string | null
}

export interface PutRequest {
  /** NFC, `/` between segments, no leading `/`, no `.` or `..` segment, at most 1,024 bytes. */
  key: string
  /** The file to store, by absolute path; it is not changed while it is stored. */
  path: string
  size: number
  sha256: string
  onProgress: (bytesDone: number) => void
}

/** What this server can do; found out once by `probe` and remembered. */
export interface BackendAbilities {
  /** `head` answers with a content hash. */
  hashes: boolean
  /** Free bytes, null if it cannot tell. */
  freeBytes: number | null
}

/** An object store that library files are uploaded to. Errors are `PortError`s. */
export interface StorageBackend {
  readonly id: string
  readonly type: string
  /** null: there is no such object. */
  head(key: string, ctx: CallContext): Promise<StoredObject | null>
  /**
   * Stores the file and returns what `head` then says. The object is visible only when it is whole
   * and its size and hash agree with the request.
   */
  put(request: PutRequest, ctx: CallContext): Promise<StoredObject>
  get(key: string, ctx: CallContext): Promise<ReadableStream<Uint8Array>>
  /** Keys that begin with `prefix`, in order, a page at a time. */
  list(prefix: string, after: string | null, limit: number, ctx: CallContext): Promise<StoredObject[]>
  /** Deleting what is not there is no error. */
  delete(key: string, ctx: CallContext): Promise<void>
  /** Ends this product's own unfinished uploads; returns how many. Strangers' are left alone. */
  sweep(ctx: CallContext): Promise<number>
  /** Throws a `PortError` when the backend cannot be used now. */
  probe(ctx: CallContext): Promise<BackendAbilities>
  close(): Promise<void>
}
