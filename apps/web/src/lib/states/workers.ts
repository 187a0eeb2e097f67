import type { WorkerView } from '@catalogsync/contract'

export const busyWorkers = (workers: readonly WorkerView[]): WorkerView[] =>
  workers.filter(({ itemId }) => itemId !== null)

/** How far a worker is with its item, 0 to 1; null where the size is not known. */
export function workerShare({ bytesDone, bytesTotal }: WorkerView): number | null {
  return bytesDone === null || bytesTotal === null || bytesTotal <= 0
    ? null
    : Math.min(1, bytesDone / bytesTotal)
}
