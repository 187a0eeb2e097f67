import { redirect } from '@sveltejs/kit'
import { signedIn } from '#lib/session.ts'
import type { LayoutLoad } from './$types'

export const ssr = false
export const prerender = false

/** Nobody gets past the sign-in page without a session; every page's own load waits for this. */
export const load: LayoutLoad = async ({ url, untrack }) => {
  const path = untrack(() => url.pathname + url.search)
  if (path.startsWith('/signin')) return
  const session = await signedIn()
  if (session === 'yes') return
  redirect(307, `/signin?next=${encodeURIComponent(path)}${session === 'unreachable' ? '&unreachable' : ''}`)
}
