import type { CatalogEvent, PoolView } from '@catalogsync/contract'
import type { Tab } from '#lib/parts/tab.ts'

/** Events after which what is here and what is missing may be different. */
export const changesPlaylists = (event: CatalogEvent): boolean =>
  event.kind === 'playlist_synced' ||
  event.kind === 'file_published' ||
  (event.kind === 'item_settled' && event.payload.stageType === 'collect')

/** One tab for each pool; two pools of the same name are told apart by their source. */
export function poolTabs(
  pools: readonly PoolView[],
  all: string,
  href: (pool: string | null) => string,
): Tab[] {
  const twice = (name: string) => pools.filter((pool) => pool.name === name).length > 1
  return [
    { value: '', label: all, href: href(null) },
    ...pools.map((pool) => ({
      value: String(pool.id),
      label: twice(pool.name) ? `${pool.name} · ${pool.source}` : pool.name,
      count: String(pool.playlists),
      href: href(String(pool.id)),
    })),
  ]
}
