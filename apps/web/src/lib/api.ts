import { createClient, errorOf } from '@catalogsync/client'
import type { Client } from '@catalogsync/client'
import type { ErrorCode, Language } from '@catalogsync/contract'
import { t } from './i18n/i18n.svelte.ts'
import { connectionLost } from './live/live.svelte.ts'

export type Api = Client['api']

let made: Client | undefined

/** The one connection of this page to the server that it came from. Routes use it; parts do not. */
export function api(): Api {
  made ??= createClient({
    url: location.origin,
    onConnection: (state) => state === 'lost' && connectionLost(),
  })
  return made.api
}

/** What went wrong, in the reader's language: the server sends a code and its facts, never only a sentence. */
export function problemText(thrown: unknown, language: Language): string {
  const error = errorOf(thrown)
  return error.code === 'unreachable' ? t('signin.unreachable') : error.text(language)
}

export const isProblem = (thrown: unknown, code: ErrorCode): boolean => errorOf(thrown).code === code
