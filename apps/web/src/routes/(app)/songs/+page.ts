import { songStates } from '@catalogsync/contract'
import { api } from '#lib/api.ts'
import { oneOf } from '#lib/url.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async ({ url, parent }) => {
  await parent()
  // Read one by one: what else stands in the address (which song is open) must not read the list again.
  const filter = { search: url.searchParams.get('q') ?? undefined, state: oneOf(url, 'state', songStates) }
  return { filter, page: await api().songs.list.query({ ...filter, limit: 200 }) }
}
