import { error } from '@sveltejs/kit'
import { api, isProblem } from '#lib/api.ts'
import { t } from '#lib/i18n/i18n.svelte.ts'
import { idIn } from '#lib/url.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async ({ params, parent }) => {
  await parent()
  const id = idIn(params.id)
  if (id === undefined) error(404, t('playlists.unknown', { id: params.id }))
  try {
    const [playlist, page] = await Promise.all([
      api().playlists.get.query({ id }),
      api().playlists.songs.query({ id, limit: 200 }),
    ])
    return { playlist, page }
  } catch (problem) {
    if (isProblem(problem, 'playlist_not_found')) error(404, t('playlists.unknown', { id: params.id }))
    throw problem
  }
}
