/** What a session may do: look, work the machine, change how it is set up. Each includes the ones before. */
export const roles = ['viewer', 'operator', 'admin'] as const
export type Role = (typeof roles)[number]

export function mayAct(as: Role, needed: Role): boolean {
  return roles.indexOf(as) >= roles.indexOf(needed)
}

/** The answer of GET /session. */
export interface SessionView {
  role: Role
  version: string
}
