import type {
  AttemptOutcome,
  CommandStatus,
  ItemStatus,
  JobStatus,
  LogLevel,
  StageStatus,
} from '@catalogsync/contract'

/** A state is shown by a shape and a word; the tone only helps the eye to find it again. */
export type Tone = 'idle' | 'run' | 'good' | 'wait' | 'bad'
export type Shape =
  | 'clock'
  | 'retry'
  | 'play'
  | 'pausing'
  | 'pause'
  | 'stopping'
  | 'check'
  | 'warn'
  | 'cross'
  | 'stop'
  | 'skip'
  | 'unplug'
  | 'hand'
  | 'info'
  | 'dot'

export interface Look {
  tone: Tone
  shape: Shape
}

export const jobLook = {
  queued: { tone: 'idle', shape: 'clock' },
  running: { tone: 'run', shape: 'play' },
  pause_requested: { tone: 'wait', shape: 'pausing' },
  paused: { tone: 'wait', shape: 'pause' },
  cancel_requested: { tone: 'wait', shape: 'stopping' },
  completed: { tone: 'good', shape: 'check' },
  completed_with_errors: { tone: 'bad', shape: 'warn' },
  failed: { tone: 'bad', shape: 'cross' },
  canceled: { tone: 'idle', shape: 'stop' },
} as const satisfies Record<JobStatus, Look>

export const stageLook = {
  pending: { tone: 'idle', shape: 'clock' },
  running: { tone: 'run', shape: 'play' },
  pause_requested: { tone: 'wait', shape: 'pausing' },
  paused: { tone: 'wait', shape: 'pause' },
  completed: { tone: 'good', shape: 'check' },
  completed_with_errors: { tone: 'bad', shape: 'warn' },
  skipped: { tone: 'idle', shape: 'skip' },
  canceled: { tone: 'idle', shape: 'stop' },
} as const satisfies Record<StageStatus, Look>

export const itemLook = {
  pending: { tone: 'idle', shape: 'clock' },
  running: { tone: 'run', shape: 'play' },
  succeeded: { tone: 'good', shape: 'check' },
  skipped: { tone: 'idle', shape: 'skip' },
  failed: { tone: 'bad', shape: 'cross' },
  canceled: { tone: 'idle', shape: 'stop' },
  interrupted: { tone: 'wait', shape: 'unplug' },
  held: { tone: 'wait', shape: 'hand' },
} as const satisfies Record<ItemStatus, Look>

export const commandLook = {
  pending: { tone: 'wait', shape: 'clock' },
  applying: { tone: 'run', shape: 'play' },
  applied: { tone: 'good', shape: 'check' },
  rejected: { tone: 'bad', shape: 'cross' },
  stopped: { tone: 'idle', shape: 'stop' },
} as const satisfies Record<CommandStatus, Look>

export const levelLook = {
  debug: { tone: 'idle', shape: 'dot' },
  info: { tone: 'run', shape: 'info' },
  warn: { tone: 'wait', shape: 'warn' },
  error: { tone: 'bad', shape: 'cross' },
} as const satisfies Record<LogLevel, Look>

export const outcomeLook = {
  succeeded: { tone: 'good', shape: 'check' },
  skipped: { tone: 'idle', shape: 'skip' },
  failed: { tone: 'bad', shape: 'cross' },
  retry: { tone: 'wait', shape: 'clock' },
  canceled: { tone: 'idle', shape: 'stop' },
  released: { tone: 'idle', shape: 'clock' },
  interrupted: { tone: 'wait', shape: 'unplug' },
} as const satisfies Record<AttemptOutcome, Look>
