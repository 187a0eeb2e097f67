import type { ItemStatus, ItemView } from '@catalogsync/contract'
import type { Action } from './action.ts'

type Item = Pick<ItemView, 'id' | 'jobRunId' | 'status'>
const when =
  (...statuses: ItemStatus[]) =>
  (item: Item): boolean =>
    statuses.includes(item.status)
const target = ({ id, jobRunId }: Item) => ({ jobRunId, targetItemId: id })

export const itemActions: readonly Action<Item>[] = [
  {
    id: 'retry',
    title: 'action.retry',
    shape: 'retry',
    shown: when('failed'),
    command: (item) => ({ type: 'retry_item', ...target(item) }),
  },
  {
    id: 'run_next',
    title: 'action.run_next',
    shape: 'play',
    shown: when('pending', 'interrupted'),
    command: (item) => ({ type: 'retry_item', ...target(item) }),
  },
  {
    id: 'force_retry',
    title: 'action.force_retry',
    shape: 'retry',
    shown: when('succeeded', 'skipped', 'failed', 'held'),
    command: (item) => ({ type: 'force_retry_item', ...target(item) }),
  },
  {
    id: 'hold',
    title: 'action.hold',
    shape: 'hand',
    shown: when('pending', 'failed'),
    command: (item) => ({ type: 'hold_item', ...target(item) }),
  },
  {
    id: 'release',
    title: 'action.release',
    shape: 'clock',
    shown: when('held'),
    command: (item) => ({ type: 'release_item', ...target(item) }),
  },
]
