import type { CatalogEvent } from '@catalogsync/contract'

/** Events after which a song is here that was missing, or is new. */
export const changesSong = (event: CatalogEvent): boolean =>
  event.kind === 'playlist_synced' || event.kind === 'file_published' || event.kind === 'object_stored'
