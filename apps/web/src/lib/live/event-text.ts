import type { CatalogEvent, GateKind, Language } from '@catalogsync/contract'
import { bytes } from '../format/format.ts'
import type { Translate } from '../i18n/translate.ts'
import type { Tone } from '../states/look.ts'

/** An event as a sentence in the reader's language. */
export function eventText(event: CatalogEvent, t: Translate, language: Language): string {
  switch (event.kind) {
    case 'job_created':
      return t('event.job_created', { type: t(`job.type.${event.payload.jobType}`) })
    case 'job_status': {
      const from = t(`job.status.${event.payload.from}`)
      const to = t(`job.status.${event.payload.to}`)
      const { reason } = event.payload
      return reason === undefined
        ? t('event.job_status', { from, to })
        : t('event.job_status_because', { from, to, reason })
    }
    case 'stage_status': {
      const { stageType, from, to } = event.payload
      const stage = t(`stage.${stageType}`)
      return t('event.stage_status', { stage, from: t(`stage.status.${from}`), to: t(`stage.status.${to}`) })
    }
    case 'items_planned': {
      const { stageType, added, reopened } = event.payload
      const stage = t(`stage.${stageType}`)
      return reopened === 0
        ? t('event.items_planned', { stage, added })
        : t('event.items_reopened', { stage, added, reopened })
    }
    case 'items_started':
      return t('event.items_started', {
        stage: t(`stage.${event.payload.stageType}`),
        n: event.payload.itemIds.length,
      })
    case 'item_settled': {
      const { stageType, key, outcome, attempt, reason } = event.payload
      const facts = { stage: t(`stage.${stageType}`), key, outcome: t(`outcome.${outcome}`), attempt }
      return reason === undefined
        ? t('event.item_settled', facts)
        : t('event.item_settled_because', { ...facts, reason })
    }
    case 'item_requeued':
    case 'item_held':
    case 'item_released':
      return t(`event.${event.kind}`, {
        stage: t(`stage.${event.payload.stageType}`),
        key: event.payload.key,
      })
    case 'command_ended':
      return t(`event.command_${event.payload.status}`, {
        command: t(`command.${event.payload.commandType}`),
      })
    case 'recovery_requeued': {
      const { runnerId, count, reason } = event.payload
      return t('event.recovery_requeued', { runner: runnerId, n: count, reason })
    }
    case 'playlist_synced': {
      const { name, added, removed } = event.payload
      return t('event.playlist_synced', { name, added, removed })
    }
    case 'file_published':
      return t('event.file_published', {
        path: event.payload.path,
        size: bytes(event.payload.size, language),
      })
    case 'object_stored': {
      const { backend, key, size } = event.payload
      return t('event.object_stored', { backend, key, size: bytes(size, language) })
    }
    case 'gate_closed':
    case 'gate_opened': {
      const { gate, ref, reason } = event.payload
      return t(`event.${event.kind}`, { gate: gateText(gate, ref, t), reason })
    }
    case 'runner_started':
      return t('event.runner_started', { runner: event.payload.runnerId, host: event.payload.host })
    case 'runner_stopped':
      return t('event.runner_stopped', { runner: event.payload.runnerId, reason: event.payload.reason })
  }
}

export const gateText = (kind: GateKind, ref: string, t: Translate): string =>
  kind === 'all' ? t('gate.all') : t(`gate.${kind}`, { ref })

/** How an event is coloured in a list: only what went wrong or well stands out. */
export function eventTone(event: CatalogEvent): Tone {
  if (event.kind === 'item_settled') {
    if (event.payload.outcome === 'failed') return 'bad'
    return event.payload.outcome === 'retry' ? 'wait' : 'idle'
  }
  if (event.kind === 'gate_closed' || event.kind === 'recovery_requeued') return 'wait'
  if (event.kind === 'gate_opened') return 'good'
  if (event.kind === 'command_ended') return event.payload.status === 'rejected' ? 'bad' : 'idle'
  if (event.kind !== 'job_status') return 'idle'
  const { to } = event.payload
  if (to === 'failed' || to === 'completed_with_errors') return 'bad'
  return to === 'completed' ? 'good' : 'idle'
}
