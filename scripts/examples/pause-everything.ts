/** Pauses every job that waits or runs; what is in the middle of something finishes it first.
 * node scripts/examples/pause-everything.ts http://nas:8421 /data/admin-token */
import { readFileSync } from 'node:fs'
import { createClient } from '@catalogsync/client'

const [url = '', tokenFile = ''] = process.argv.slice(2)
const { api, close } = createClient({ url, token: readFileSync(tokenFile, 'utf8').trim() })

const open = await Promise.all(
  (['queued', 'running'] as const).map((status) => api.jobs.list.query({ status, limit: 200 })),
)
for (const { id } of open.flatMap((page) => page.rows)) {
  const { commandId } = await api.jobs.command.mutate({ type: 'pause', jobRunId: id })
  const { status } = await api.jobs.commandStatus.query({ id: commandId })
  // A runner applies it within a moment; without one it waits for the next.
  console.log(`job ${id}: the pause is ${status}`)
}
await close()
