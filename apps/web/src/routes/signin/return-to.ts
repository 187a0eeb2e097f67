/** Where to go behind the sign-in: a path of this console, never another site. */
export function pathToReturnTo(next: string | null): string {
  return next !== null && /^\/(?![/\\])/.test(next) && !next.startsWith('/signin') ? next : '/dashboard'
}
