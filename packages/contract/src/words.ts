/** The closed sets of the product's vocabulary. Each is a tuple (for CHECKs and pickers) and a type. */

export const stageTypes = ['collect', 'sync', 'download', 'upload'] as const
export type StageType = (typeof stageTypes)[number]

export const jobTypes = ['collect_only', 'sync_only', 'download_only', 'upload_only', 'full'] as const
export type JobType = (typeof jobTypes)[number]

/** The stages of each job type, in the order in which work flows through them. */
export const stagesOf = {
  collect_only: ['collect'],
  sync_only: ['sync'],
  download_only: ['download'],
  upload_only: ['upload'],
  full: ['collect', 'sync', 'download', 'upload'],
} as const satisfies Record<JobType, readonly StageType[]>

/** What one item of a stage is. The item key is `<item type>:<id>`; an upload's also names its backend. */
export const itemTypes = ['source', 'pool', 'playlist', 'song', 'file'] as const
export type ItemType = (typeof itemTypes)[number]

/**
 * How a failure is treated:
 * `transient` back off and try again · `blocked` close the source's gate, no attempt used ·
 * `auth` close the gate until a secret changes · `permanent` gone or refused ·
 * `invalid` the bytes are not what was promised · `local` our disk or permissions, closes the volume's gate ·
 * `poison` it kills its worker.
 */
export const failureClasses = [
  'transient',
  'blocked',
  'auth',
  'permanent',
  'invalid',
  'local',
  'poison',
] as const
export type FailureClass = (typeof failureClasses)[number]

/** The end of one attempt. `released` gave the item back unfinished; `interrupted` lost its runner. */
export const attemptOutcomes = [
  'succeeded',
  'skipped',
  'failed',
  'retry',
  'canceled',
  'released',
  'interrupted',
] as const
export type AttemptOutcome = (typeof attemptOutcomes)[number]

/** One word for every wait. `all` has the empty ref. */
export const gateKinds = ['source', 'backend', 'volume', 'window', 'all'] as const
export type GateKind = (typeof gateKinds)[number]

export const commandTypes = [
  'pause',
  'resume',
  'cancel',
  'retry_item',
  'force_retry_item',
  'hold_item',
  'release_item',
] as const
export type CommandType = (typeof commandTypes)[number]

/** `missing`: only what is not there yet. `all`: everything in scope, again. */
export const scopeModes = ['missing', 'all'] as const
export type ScopeMode = (typeof scopeModes)[number]

export const logLevels = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof logLevels)[number]

export const fileKinds = ['local', 'object'] as const
export type FileKind = (typeof fileKinds)[number]
