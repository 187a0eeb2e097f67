import { isSettledJob } from '@catalogsync/contract'
import type { CatalogEvent, GateView, JobView, Language, PlacesView } from '@catalogsync/contract'
import { duration } from '#lib/format/format.ts'
import type { Translate } from '#lib/i18n/translate.ts'

export interface Attention {
  job: JobView
  failed: number
}

/**
 * Jobs with something that only a person can put right: those that cannot go on, and those with failed items, also
 * while they still run. The newest first.
 */
export function needsSomebody(ended: readonly JobView[], live: readonly JobView[]): Attention[] {
  const jobs = new Map([...ended, ...live].map((job) => [job.id, job]))
  return [...jobs.values()]
    .map((job) => ({ job, failed: job.stages.reduce((n, stage) => n + stage.counts.failed, 0) }))
    .filter(({ job, failed }) => failed > 0 || job.status === 'failed')
    .sort((a, b) => b.job.id - a.job.id)
    .slice(0, 6)
}

/** Jobs that have ended, of those that were read, without one that has begun again since. */
export const endedLately = (read: readonly JobView[], live: readonly JobView[]): JobView[] =>
  read.filter((job) => isSettledJob(job.status) && !live.some(({ id }) => id === job.id)).slice(0, 6)

/** Nobody has named a source yet: there is only the drop folder, which is always there, and nobody has used it. */
export const isFirstRun = (places: PlacesView, jobs: readonly JobView[]): boolean =>
  jobs.length === 0 && places.sources.every(({ id }) => id === 'input')

/** When a gate opens, as a countdown. */
export function gateWait(gate: GateView, now: number, t: Translate, language: Language): string {
  if (gate.closedUntil === null) return t('gate.unknown')
  if (gate.closedUntil <= now) return t('gate.probing')
  return t('gate.until', { time: duration(gate.closedUntil - now, language) })
}

/** Events after which the totals and the ended jobs are read again. */
export const changesTotals = (event: CatalogEvent): boolean =>
  event.kind === 'job_status' ||
  event.kind === 'playlist_synced' ||
  event.kind === 'file_published' ||
  event.kind === 'object_stored' ||
  event.kind === 'runner_started' ||
  event.kind === 'runner_stopped'
