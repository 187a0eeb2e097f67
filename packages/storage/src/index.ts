import type { Wiring } from '@catalogsync/core/ports'
import { filesystemBackend } from './filesystem/backend.ts'

/** The types of backends that there are; each factory throws `AppError` if its settings are unusable. */
export const backendTypes = {
  filesystem: filesystemBackend,
} satisfies Wiring['backends']
