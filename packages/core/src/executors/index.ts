import type { StageType } from '@catalogsync/contract'
import { collect } from './collect.ts'
import { download } from './download.ts'
import type { Executor } from './outcome.ts'
import { sync } from './sync.ts'
import { upload } from './upload.ts'

/** One item in, one outcome out. */
export const executors = { collect, sync, download, upload } satisfies { [S in StageType]: Executor<S> }

export * from './outcome.ts'
export { libraryGate, reasonKey } from './classify.ts'
