import { AppError, type Command, type CommandStatus, type CommandView } from '@catalogsync/contract'
import type { Selectable } from 'kysely'
import type { Queries, Tx } from '../db/open.ts'
import { literals } from '../db/sqlite/rows.ts'
import type { JobCommandsTable } from '../db/tables.ts'

export type CommandRow = Selectable<JobCommandsTable>

/** Writes the wish down. The same idempotency key again gives the id of the first. */
export async function insertCommand(
  tx: Tx,
  command: Command,
  requestedBy: string | null,
  now: number,
): Promise<number> {
  const { type, jobRunId, idempotencyKey, ...rest } = command
  const { targetItemId, ...params } = { targetItemId: null, ...rest }
  const inserted = await tx
    .insertInto('job_commands')
    .values({
      command_type: type,
      job_run_id: jobRunId,
      target_item_id: targetItemId,
      params_json: JSON.stringify(params),
      requested_by: requestedBy,
      idempotency_key: idempotencyKey ?? null,
      created_at: now,
    })
    .onConflict((oc) => oc.column('idempotency_key').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (inserted) return inserted.id
  const first = await tx
    .selectFrom('job_commands')
    .select('id')
    .where('idempotency_key', '=', idempotencyKey ?? '')
    .executeTakeFirstOrThrow()
  return first.id
}

/** Commands that wait for a runner, in the order in which they were given. */
export function openCommands(db: Queries): Promise<CommandRow[]> {
  return db
    .selectFrom('job_commands')
    .selectAll()
    .where('status', 'in', literals(['pending', 'applying']))
    .orderBy('id')
    .limit(200)
    .execute()
}

/** @returns false if another runner has ended it first */
export async function endCommand(
  tx: Tx,
  command: CommandRow,
  to: Extract<CommandStatus, 'applied' | 'rejected' | 'stopped'>,
  reason: string | null,
  now: number,
): Promise<boolean> {
  const row = await tx
    .updateTable('job_commands')
    .set({ status: to, reason, ended_at: now })
    .where('id', '=', command.id)
    .where('status', '=', command.status)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

export async function getCommand(db: Queries, id: number): Promise<CommandView | null> {
  const row = await db.selectFrom('job_commands').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? commandView(row) : null
}

/** @throws AppError `command_not_found` */
export async function commandStatus(db: Queries, id: number): Promise<CommandView> {
  const command = await getCommand(db, id)
  if (!command) throw new AppError('command_not_found', { id })
  return command
}

export async function listCommands(db: Queries, jobId: number): Promise<CommandView[]> {
  const rows = await db
    .selectFrom('job_commands')
    .selectAll()
    .where('job_run_id', '=', jobId)
    .orderBy('id')
    .execute()
  return rows.map(commandView)
}

export function commandView(row: CommandRow): CommandView {
  return {
    id: row.id,
    type: row.command_type,
    jobRunId: row.job_run_id,
    targetItemId: row.target_item_id,
    status: row.status,
    reason: row.reason,
    createdAt: row.created_at,
    endedAt: row.ended_at,
  }
}
