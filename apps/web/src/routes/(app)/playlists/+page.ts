import { api } from '#lib/api.ts'
import { idIn } from '#lib/url.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async ({ url, parent }) => {
  await parent()
  const filter = {
    poolId: idIn(url.searchParams.get('pool')),
    search: url.searchParams.get('q') ?? undefined,
  }
  const [pools, page] = await Promise.all([
    api().playlists.pools.query(),
    api().playlists.list.query({ ...filter, limit: 200 }),
  ])
  return { filter, pools, page }
}
