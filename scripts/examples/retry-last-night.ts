/** Puts back in line whatever failed in the jobs of the last 24 hours.
 * node scripts/examples/retry-last-night.ts http://nas:8421 /data/admin-token */
import { readFileSync } from 'node:fs'
import { createClient } from '@catalogsync/client'

const [url = '', tokenFile = ''] = process.argv.slice(2)
const { api, close } = createClient({ url, token: readFileSync(tokenFile, 'utf8').trim() })
const since = Date.now() - 24 * 3_600_000

async function* recentJobs() {
  let before: number | null = null
  do {
    const page: Awaited<ReturnType<typeof api.jobs.list.query>> = await api.jobs.list.query({ before })
    for (const job of page.rows) if ((job.endedAt ?? Infinity) > since) yield job
    before = page.next
  } while (before !== null)
}

async function* failedItems(jobId: number) {
  let after: number | null = null
  do {
    const wanted = { jobId, status: 'failed', after } as const
    const page: Awaited<ReturnType<typeof api.items.list.query>> = await api.items.list.query(wanted)
    yield* page.rows
    after = page.next
  } while (after !== null)
}

for await (const job of recentJobs()) {
  for await (const { id, label, reason } of failedItems(job.id)) {
    await api.jobs.command.mutate({ type: 'retry_item', jobRunId: job.id, targetItemId: id })
    console.log(`job ${job.id}: ${label} again (${reason ?? 'no reason'})`)
  }
}
await close()
