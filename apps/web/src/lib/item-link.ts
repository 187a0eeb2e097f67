import type { ItemStatus, StageView } from '@catalogsync/contract'

/** Every count is a link to what it counts. */
export function itemsHref(jobId: number, stage: StageView | null, status: ItemStatus | null): string {
  const params = new URLSearchParams({ tab: 'items' })
  if (stage !== null) params.set('stage', stage.stageType)
  if (status !== null) params.set('status', status)
  return `/jobs/${jobId}?${params.toString()}`
}
