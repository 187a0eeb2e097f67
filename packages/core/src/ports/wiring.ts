import type { BackendSettings, SourceSettings } from '../config/settings.ts'
import type { SourceAdapter } from './source-adapter.ts'
import type { StorageBackend } from './storage-backend.ts'

/** What the apps put into core: how to make an adapter or a backend of each type. */
export interface Wiring {
  sources: Record<string, (settings: SourceSettings) => SourceAdapter>
  backends: Record<string, (settings: BackendSettings, known: KnownBackend) => StorageBackend>
}

/** What the catalog remembers of a backend. */
export interface KnownBackend {
  /** Objects have been stored there before: an empty place is an unmounted one, not a new one. */
  hasObjects: boolean
}
