import type { ClientInit, HandleClientError } from '@sveltejs/kit/hooks'
import { problemText } from '#lib/api.ts'
import { language, startLanguage } from '#lib/i18n/i18n.svelte.ts'
import { signIn, takeTokenFromAddress } from '#lib/session.ts'

/** Before the first page: the reader's language, and the session that the printed address carries. */
export const init: ClientInit = async () => {
  const token = takeTokenFromAddress()
  await Promise.all([startLanguage(), token === null ? undefined : signIn(token)])
}

/** A load that fails says why in the reader's language. */
export const handleError: HandleClientError = ({ error }) => ({ message: problemText(error, language()) })
