import type { Role } from '@catalogsync/contract'

/** Who is asking. */
export interface Session {
  /** Names the session without opening it: the hash of its id, or `token`. */
  key: string
  role: Role
  /** What is written down about who asked. */
  by: string
  /** It was shown with this very request, by a program; no browser sends it by itself. */
  bearer: boolean
}
