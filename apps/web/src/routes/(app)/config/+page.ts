import { api } from '#lib/api.ts'
import { oneOf } from '#lib/url.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async ({ url, parent }) => {
  await parent()
  const [config, system] = await Promise.all([api().config.show.query(), api().system.info.query()])
  return { show: oneOf(url, 'show', ['set', 'all']) ?? 'set', config, system }
}
