import type { ItemView, JobView, Language } from '@catalogsync/contract'
import { duration, relative } from '#lib/format/format.ts'
import type { Translate } from '#lib/i18n/translate.ts'

export const tabs = ['progress', 'items', 'events', 'logs'] as const
export type JobTab = (typeof tabs)[number]

/** The job as it is now: what is live wins over what was read, until it has ended and is live no more. */
export const jobNow = (read: JobView, live: readonly JobView[]): JobView =>
  live.find(({ id }) => id === read.id) ?? read

/** How many items still run: what a draining job waits for. */
export const runningItems = (job: JobView): number =>
  job.stages.reduce((n, stage) => n + stage.counts.running, 0)

/** What a row says beside its state: why it failed or waits, and until when. */
export function itemDetail(item: ItemView, now: number, t: Translate, language: Language): string {
  const waits =
    item.status === 'pending' && item.availableAt !== null && item.availableAt > now
      ? t('job.waits_until', { time: relative(item.availableAt, now, language) })
      : ''
  const kind = item.class === null ? '' : t(`class.${item.class}`)
  return [item.reason ?? '', item.reason === null ? kind : '', waits].filter(Boolean).join(' · ')
}

/** `Running for 2 min 5 s`, `Took 4 s`, or nothing before the start. */
export function jobTime(job: JobView, now: number, t: Translate, language: Language): string {
  if (job.startedAt === null) return ''
  if (job.endedAt !== null) return t('job.took', { time: duration(job.endedAt - job.startedAt, language) })
  return t('job.runs_for', { time: duration(now - job.startedAt, language) })
}
