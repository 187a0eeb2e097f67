import type { Wiring } from '@catalogsync/core/ports'
import { folderSource } from './folder/adapter.ts'
import { subsonicSource } from './subsonic/adapter.ts'

/** The types of sources that there are; each factory throws `AppError` if its settings are unusable. */
export const sourceTypes = {
  folder: folderSource,
  subsonic: subsonicSource,
} satisfies Wiring['sources']
