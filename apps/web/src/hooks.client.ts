import type { ClientInit } from '@sveltejs/kit'
import { startLanguage } from '#lib/i18n/i18n.svelte.ts'
import { signIn, takeTokenFromAddress } from '#lib/session.ts'

/** Before the first page: the reader's language, and the session that the printed address carries. */
export const init: ClientInit = async () => {
  const token = takeTokenFromAddress()
  await Promise.all([startLanguage(), token === null ? undefined : signIn(token)])
}
