import { api } from '#lib/api.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async ({ parent, depends }) => {
  depends('app:dashboard')
  await parent()
  const [places, system, latest, failed, withErrors] = await Promise.all([
    api().config.places.query(),
    api().system.info.query(),
    api().jobs.list.query({ limit: 10 }),
    api().jobs.list.query({ status: 'failed', limit: 5 }),
    api().jobs.list.query({ status: 'completed_with_errors', limit: 5 }),
  ])
  return { places, system, latest: latest.rows, attention: [...failed.rows, ...withErrors.rows] }
}
