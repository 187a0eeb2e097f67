/** The browser's session: an HttpOnly cookie that this code never sees. */
export type SignedIn = 'yes' | 'no' | 'unreachable'
export type SignIn = 'done' | 'refused' | 'unreachable'

export async function signedIn(): Promise<SignedIn> {
  const reply = await fetch('/session', { headers: { accept: 'application/json' } }).catch(() => undefined)
  if (reply === undefined || reply.status >= 500) return 'unreachable'
  return reply.ok ? 'yes' : 'no'
}

/** Swaps the admin token for the cookie. */
export async function signIn(token: string): Promise<SignIn> {
  const reply = await fetch('/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  }).catch(() => undefined)
  if (reply === undefined || reply.status >= 500) return 'unreachable'
  return reply.ok ? 'done' : 'refused'
}

export async function signOut(): Promise<void> {
  await fetch('/session', { method: 'DELETE' }).catch(() => undefined)
}

/** Takes `#token=…` out of the address, so that it is in no bookmark and no history. */
export function takeTokenFromAddress(): string | null {
  const token = new URLSearchParams(location.hash.slice(1)).get('token')
  if (token !== null) history.replaceState(history.state, '', location.pathname + location.search)
  return token
}
