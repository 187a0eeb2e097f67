import { isClosedStage, totalItems } from '@catalogsync/contract'
import type { CatalogEvent, JobView, StageView } from '@catalogsync/contract'
import { doneItems, sumCounts, totalIsFinal } from '#lib/states/counts.ts'
import type { Translate } from '#lib/i18n/translate.ts'

/** The list with what is known of its jobs now; a job that has just been created comes on top. */
export function withLive(rows: JobView[], live: readonly JobView[]): JobView[] {
  const now = new Map(live.map((job) => [job.id, job]))
  return rows.map((row) => now.get(row.id) ?? row)
}

/** Events after which the list of jobs is read again: one is new, or has changed its state. */
export const changesJobs = (event: CatalogEvent): boolean =>
  event.kind === 'job_created' || event.kind === 'job_status'

/** The stage that work is in: the first that is not closed and has begun, or else the last that has items. */
export function currentStage(stages: readonly StageView[]): StageView | undefined {
  const begun = stages.filter((stage) => totalItems(stage.counts) > 0)
  return begun.find((stage) => !isClosedStage(stage.status)) ?? begun.at(-1)
}

/** `Download: 12 of 40`, or `Download: 12 done, 31 so far` while more may still come. */
export function progressText(job: JobView, t: Translate): string {
  const stage = currentStage(job.stages)
  if (stage === undefined) return t('job.stage.not_yet')
  const { failed } = jobCounts(job)
  const parts = [t(`stage.${stage.stageType}`), stageText(stage, job.stages, t)]
  if (failed > 0) parts.push(t('job.stage.failed', { n: failed }))
  return parts.join(' · ')
}

export function stageText(stage: StageView, stages: readonly StageView[], t: Translate): string {
  const facts = { done: doneItems(stage.counts), total: totalItems(stage.counts) }
  return totalIsFinal(stage, stages) ? t('job.stage.count', facts) : t('job.stage.so_far', facts)
}

export const jobCounts = (job: JobView) => sumCounts(job.stages.map(({ counts }) => counts))

/** What the job is about, in few words: its sources, and whether everything is done again. */
export function scopeText(job: JobView, t: Translate): string {
  const parts = [
    job.sources.join(', '),
    job.scope.mode === 'all' ? t('job.scope.all') : t('job.scope.missing'),
    job.scope.playlists.length > 0 ? t('job.scope.playlists', { n: job.scope.playlists.length }) : '',
    job.scope.songs.length > 0 ? t('job.scope.songs', { n: job.scope.songs.length }) : '',
  ]
  return parts.filter(Boolean).join(' · ')
}
