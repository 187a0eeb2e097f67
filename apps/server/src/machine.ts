import type { Database } from '@catalogsync/core'
import type { LoadedSettings } from '@catalogsync/core/config'

/** What the door opens onto. */
export interface Machine {
  database: Database
  /** The settings as they are in the file now; called whenever they are needed. @throws AppError `env_invalid` */
  loadSettings: () => LoadedSettings
  /** Folder of the runners' locks. */
  lockFolder: string
}
