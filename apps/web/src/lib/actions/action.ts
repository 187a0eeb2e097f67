import type { CommandInput } from '@catalogsync/contract'
import type { MessageKey } from '../i18n/translate.ts'
import type { Shape } from '../states/look.ts'

/** What a person can do to a thing: said once, read by buttons, menus and later by the palette. */
export interface Action<T> {
  id: string
  title: ActionTitle
  shape: Shape
  /** Only actions that are valid in the thing's state are offered. */
  shown: (thing: T) => boolean
  command: (thing: T) => CommandInput
  /** Risky ones ask first, and say what cannot be taken back. */
  confirm?: { title: 'action.cancel.title'; text: 'action.cancel.text' }
}

export const shownActions = <T>(actions: readonly Action<T>[], thing: T): Action<T>[] =>
  actions.filter((action) => action.shown(thing))

/** A message that needs no facts. */
export type ActionTitle =
  Extract<MessageKey, `action.${string}`> extends infer K ? Exclude<K, 'action.cancel.title'> : never
