import { jobStatuses } from '@catalogsync/contract'
import { api } from '#lib/api.ts'
import { oneOf } from '#lib/url.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async ({ url, parent }) => {
  await parent()
  const status = oneOf(url, 'status', jobStatuses)
  return { status, page: await api().jobs.list.query({ status, limit: 100 }) }
}
