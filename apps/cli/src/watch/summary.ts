import {
  openItems,
  type ItemCounts,
  type ItemView,
  type JobView,
  type Language,
  type StageType,
} from '@catalogsync/contract'
import type { UnusableLines } from '@catalogsync/core'
import { itemText } from '../messages/item.ts'
import { jobText } from '../messages/job.ts'
import { stateWords } from '../messages/states.ts'
import { count } from '../text/format.ts'
import { plain } from '../text/width.ts'

/** What came of a job, in numbers; songs for `fetched`, files for `uploaded`, items for the rest. */
export interface Summary {
  fetched: number
  uploaded: number
  alreadyThere: number
  failed: number
  held: number
  canceled: number
  open: number
  /** The job was to fetch, its fetching is over, and no song came of it. */
  nothingNew: boolean
}

export function summaryOf(job: JobView): Summary {
  const of = (type: StageType): ItemCounts | undefined =>
    job.stages.find((stage) => stage.stageType === type)?.counts
  const sum = (n: (counts: ItemCounts) => number) =>
    job.stages.reduce((total, { counts }) => total + n(counts), 0)
  const download = of('download')
  const fetched = download?.succeeded ?? 0
  const open = sum(openItems)
  const ended = job.status === 'completed' || job.status === 'completed_with_errors'
  return {
    fetched,
    uploaded: of('upload')?.succeeded ?? 0,
    alreadyThere: download?.skipped ?? 0,
    failed: sum((counts) => counts.failed),
    held: sum((counts) => counts.held),
    canceled: sum((counts) => counts.canceled),
    open,
    nothingNew: download !== undefined && fetched === 0 && ended,
  }
}

/** The last words about a job: what came of it, and each failed item by name with its reason. */
export function summaryLines(
  job: JobView,
  failures: readonly ItemView[],
  unusable: UnusableLines,
  language: Language,
): string[] {
  const text = jobText(language)
  const words = stateWords(language)
  const { fetched, uploaded, alreadyThere, failed, held, canceled, open, nothingNew } = summaryOf(job)
  const has = (type: StageType) => job.stages.some((stage) => stage.stageType === type)
  const synced = job.stages.find((stage) => stage.stageType === 'sync')?.counts.succeeded ?? 0
  const parts = [
    has('sync') && !has('download') ? text.synced(count(synced)) : '',
    has('download') ? text.fetched(count(fetched)) : '',
    alreadyThere > 0 ? text.alreadyThere(count(alreadyThere)) : '',
    has('upload') ? text.uploaded(count(uploaded)) : '',
    has('download') || has('upload') || failed > 0 ? text.failed(count(failed)) : '',
    held > 0 ? text.held(count(held)) : '',
    canceled > 0 ? text.canceledItems(count(canceled)) : '',
    open > 0 ? text.notDone(count(open)) : '',
  ].filter(Boolean)
  const status = words.job[job.status]
  return [
    parts.length > 0 ? text.summary(job.id, status, parts.join(', ')) : text.ended(job.id, status),
    ...(job.reason === null ? [] : [text.reason(plain(job.reason))]),
    ...unusableText(job.id, unusable, language),
    ...(nothingNew ? [text.nothingNew(whyNothing(job, language))] : []),
    ...failureLines(job.id, failures, failed, language),
  ]
}

/** Songs that a playlist names and nobody can fetch: they fail no item, so they are told here. */
export function unusableText(
  jobId: number,
  { lines, playlists }: UnusableLines,
  language: Language,
): string[] {
  if (lines === 0) return []
  const text = jobText(language)
  return [`${text.unusable(count(lines), count(playlists))} ${text.whichUnusable(jobId)}`]
}

/** From the counts alone, so that it is true. */
function whyNothing(job: JobView, language: Language): string {
  const { why } = jobText(language)
  const { alreadyThere } = summaryOf(job)
  const failed = job.stages.find((stage) => stage.stageType === 'download')?.counts.failed ?? 0
  const sync = job.stages.find((stage) => stage.stageType === 'sync')?.counts
  const parts = [
    sync ? (sync.succeeded > 0 ? why.synced(count(sync.succeeded)) : why.noPlaylists) : '',
    alreadyThere > 0 ? why.skipped(count(alreadyThere)) : '',
    failed > 0 ? why.failed(count(failed)) : '',
  ].filter(Boolean)
  return parts.length > 0 ? parts.join(', ') : why.noneMissing
}

export function failureLines(
  jobId: number,
  failures: readonly ItemView[],
  failed: number,
  language: Language,
): string[] {
  if (failures.length === 0) return []
  const text = jobText(language)
  const named = failures.map((item) => `  ${failureLine(item, language)}`)
  const rest = failed - failures.length
  return [text.failures, ...named, ...(rest > 0 ? [`  ${text.moreFailures(count(rest), jobId)}`] : [])]
}

function failureLine(item: ItemView, language: Language): string {
  const words = stateWords(language)
  const what = `${words.stageType[item.stageType]} ${item.id} ${plain(item.label)}`
  return `${what}: ${failureText(item, language)}`
}

/** What there is to say of a sync that succeeded: lines that cannot be used. */
export function unusableOf({ result }: ItemView, language: Language): string | null {
  const lines = (result as { unavailable_count?: number } | null | undefined)?.unavailable_count ?? 0 // of a sync
  return lines > 0 ? itemText(language).unusable(count(lines)) : null
}

/** `permanent: the file does not exist` */
export function failureText(item: ItemView, language: Language): string {
  const text = itemText(language)
  const reason = plain(item.reason ?? text.unknownReason)
  return item.class === null ? reason : text.failure(stateWords(language).class[item.class], reason)
}
