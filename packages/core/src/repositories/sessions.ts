import type { Role } from '@catalogsync/contract'
import type { Queries, Tx } from '../db/open.ts'

export interface NewSession {
  idHash: string
  role: Role
  now: number
  expiresAt: number
}

/** Writes a new session down, and drops those that are over. */
export async function insertSession(tx: Tx, session: NewSession): Promise<void> {
  await tx.deleteFrom('sessions').where('expires_at', '<=', session.now).execute()
  await tx
    .insertInto('sessions')
    .values({
      id_hash: session.idHash,
      role: session.role,
      created_at: session.now,
      seen_at: session.now,
      expires_at: session.expiresAt,
    })
    .execute()
}

export function findSession(db: Queries, idHash: string) {
  return db.selectFrom('sessions').selectAll().where('id_hash', '=', idHash).executeTakeFirst()
}

export async function noteSessionSeen(tx: Tx, idHash: string, now: number): Promise<void> {
  await tx.updateTable('sessions').set({ seen_at: now }).where('id_hash', '=', idHash).execute()
}

export async function deleteSession(tx: Tx, idHash: string): Promise<void> {
  await tx.deleteFrom('sessions').where('id_hash', '=', idHash).execute()
}
