import { itemStatuses, stageTypes } from '@catalogsync/contract'
import { error } from '@sveltejs/kit'
import { api, isProblem } from '#lib/api.ts'
import { t } from '#lib/i18n/i18n.svelte.ts'
import { idIn, oneOf } from '#lib/url.ts'
import type { PageLoad } from './$types'
import { tabs } from './view.ts'

export const load: PageLoad = async ({ params, url, parent }) => {
  await parent()
  const id = idIn(params.id)
  if (id === undefined) error(404, t('job.missing', { id: params.id }))
  const tab = oneOf(url, 'tab', tabs) ?? 'progress'
  const filter = { status: oneOf(url, 'status', itemStatuses), stage: oneOf(url, 'stage', stageTypes) }
  try {
    const [job, failed, items, events, lines] = await Promise.all([
      api().jobs.get.query({ id }),
      tab === 'progress' ? api().items.list.query({ jobId: id, status: 'failed', limit: 50 }) : null,
      tab === 'items' ? api().items.list.query({ jobId: id, ...filter, limit: 200 }) : null,
      tab === 'events' ? api().events.list.query({ jobId: id, order: 'newest', limit: 200 }) : null,
      tab === 'logs' ? api().logs.list.query({ jobId: id, limit: 200 }) : null,
    ])
    return { id, tab, filter, job, failed, items, events, lines }
  } catch (problem) {
    if (isProblem(problem, 'job_not_found')) error(404, t('job.missing', { id: params.id }))
    throw problem
  }
}
