import type { CatalogEvent, ItemStatus, ItemView, StageType } from '@catalogsync/contract'

export interface ItemFilter {
  status: ItemStatus | undefined
  stage: StageType | undefined
}

export interface Folded {
  rows: ItemView[]
  /** The event may have brought rows that are not among these: the list has to be read again. */
  reread: boolean
}

/** A job's item list after an event: known rows change in place, so that nothing jumps under the reader's hand. */
export function foldItems(rows: ItemView[], event: CatalogEvent, filter: ItemFilter): Folded {
  switch (event.kind) {
    case 'items_planned':
      return { rows, reread: couldMatch(filter, event.payload.stageType, 'pending') }
    case 'items_started': {
      const ids = new Set(event.payload.itemIds)
      const next = rows.map((row) => (ids.has(row.id) ? started(row, event.at) : row))
      return { rows: next, reread: filter.status === 'running' }
    }
    case 'item_settled': {
      const { status, attempt, worker, reason, availableAt, stageType } = event.payload
      const settle = (row: ItemView): ItemView => ({
        ...row,
        status,
        attempts: attempt,
        worker,
        class: event.payload.class ?? null,
        reason: reason ?? null,
        availableAt: availableAt ?? null,
        endedAt: status === 'pending' ? null : event.at,
      })
      return changed(rows, event, settle, couldMatch(filter, stageType, status))
    }
    case 'item_requeued':
    case 'item_released': {
      const to = event.kind === 'item_requeued' ? 'pending' : event.payload.to
      const requeue = (row: ItemView): ItemView => ({ ...row, status: to, endedAt: null, availableAt: null })
      return changed(rows, event, requeue, couldMatch(filter, event.payload.stageType, to))
    }
    case 'item_held':
      return changed(
        rows,
        event,
        (row) => ({ ...row, status: 'held' }),
        couldMatch(filter, event.payload.stageType, 'held'),
      )
    case 'recovery_requeued':
      return { rows, reread: true }
    case 'job_created':
    case 'job_status':
    case 'stage_status':
    case 'command_ended':
    case 'playlist_synced':
    case 'file_published':
    case 'object_stored':
    case 'gate_closed':
    case 'gate_opened':
    case 'runner_started':
    case 'runner_stopped':
      return { rows, reread: false }
  }
}

function changed(
  rows: ItemView[],
  event: CatalogEvent,
  change: (row: ItemView) => ItemView,
  mayBeNew: boolean,
): Folded {
  const known = rows.some((row) => row.id === event.itemId)
  if (!known) return { rows, reread: mayBeNew }
  return { rows: rows.map((row) => (row.id === event.itemId ? change(row) : row)), reread: false }
}

const started = (row: ItemView, at: number): ItemView => ({
  ...row,
  status: 'running',
  startedAt: at,
  endedAt: null,
})

/** Only a list that is narrowed to a state or stage can lack a row that matches now; the whole list grows by plans. */
function couldMatch(filter: ItemFilter, stage: StageType, status: ItemStatus): boolean {
  if (filter.stage !== undefined && filter.stage !== stage) return false
  return filter.status === undefined ? status === 'pending' : filter.status === status
}
