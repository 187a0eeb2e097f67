import type { Language } from '@catalogsync/contract'
import type { en } from './en.ts'

/** `{name}` is replaced; `{n|song|songs}` is the number and the word that goes with it. */
export type Messages = Record<MessageKey, string>
export type MessageKey = keyof typeof en

type Names<S extends string> = S extends `${string}{${infer Inner}}${infer Rest}`
  ? (Inner extends `${infer Name}|${string}` ? Name : Inner) | Names<Rest>
  : never
type Facts<K extends MessageKey> = Names<(typeof en)[K]>

/** The facts that a message names have to be given, and no others: the compiler reads them off the English text. */
export type Translate = <K extends MessageKey>(
  key: K,
  ...facts: Facts<K> extends never ? [] : [Record<Facts<K>, string | number>]
) => string

export function translator(messages: Messages, language: Language): Translate {
  const plural = new Intl.PluralRules(language)
  const number = new Intl.NumberFormat(language)
  const show = (value: string | number | undefined) =>
    typeof value === 'number' ? number.format(value) : (value ?? '')
  return (key, ...[facts]) =>
    messages[key].replace(placeholder, (_, name: string, one?: string, many?: string) => {
      const value = (facts as Record<string, string | number> | undefined)?.[name]
      if (one === undefined || many === undefined) return show(value)
      return `${show(value)} ${plural.select(Number(value)) === 'one' ? one : many}`
    })
}

export const placeholder = /\{(\w+)(?:\|([^|}]*)\|([^|}]*))?\}/g
