import { logLevels } from '@catalogsync/contract'
import { api } from '#lib/api.ts'
import { idIn, oneOf } from '#lib/url.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async ({ url, parent }) => {
  await parent()
  const show = oneOf(url, 'show', ['logs', 'events']) ?? 'logs'
  const level = oneOf(url, 'level', logLevels)
  const jobId = idIn(url.searchParams.get('job'))
  const [lines, events] = await Promise.all([
    show === 'logs' ? api().logs.list.query({ level, jobId, limit: 200 }) : null,
    show === 'events' ? api().events.list.query({ order: 'newest', jobId, limit: 200 }) : null,
  ])
  return { show, level, jobId, lines, events }
}
