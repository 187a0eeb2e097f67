/** HTTP for adapters and executors: one client with one set of limits, checks and failure classes. */
export { createHttpClient, type HttpAnswer, type HttpClient, type HttpRequest } from './client.ts'
export { addressKind } from './addresses.ts'
export { connectionFailure, statusFailure } from './failures.ts'
export { readStart, readText } from './text.ts'
export { retryAfterMs } from './retry-after.ts'
