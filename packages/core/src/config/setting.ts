import type { ValueType, Words } from './value-types.ts'

/** When a change of a setting counts: for the next call, for jobs started from then on, or after a restart. */
export type TakesEffect = 'now' | 'next job' | 'restart'

export type Group = 'paths' | 'library' | 'sources' | 'backends' | 'runner' | 'console' | 'system'

export interface Setting<T = unknown> {
  type: ValueType<T>
  /** As it would be written after `KEY=`. A relative path is below ROOT_DIR. */
  default: string
  /** What the example file sets, where that differs from the default. */
  example?: string
  description: Words
  group: Group
  takesEffect: TakesEffect
  /** Decides where everything else is found, so the console shows it and does not change it. */
  bootstrap?: true
}
