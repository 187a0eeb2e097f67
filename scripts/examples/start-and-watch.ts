/** Starts a full job and prints what becomes of each item until it ends.
 * node scripts/examples/start-and-watch.ts http://nas:8421 /data/admin-token */
import { readFileSync } from 'node:fs'
import { isSettledJob } from '@catalogsync/contract'
import { createClient } from '@catalogsync/client'

const [url = '', tokenFile = ''] = process.argv.slice(2)
const { api, close } = createClient({ url, token: readFileSync(tokenFile, 'utf8').trim() })

const { cursor } = await api.system.info.query()
const { id } = await api.jobs.start.mutate({ jobType: 'full' })
console.log(`job ${id} is queued`)

await new Promise<void>((resolve, reject) => {
  api.events.stream.subscribe(
    { jobId: id, lastEventId: cursor }, // from before the start, so that nothing is missed
    {
      onError: reject,
      onData: ({ data: message }) => {
        if (message.type === 'event' && message.event.kind === 'item_settled') {
          const { key, status, reason = '' } = message.event.payload
          console.log(`${key} ${status} ${reason}`)
        } else if (message.type === 'event' && message.event.kind === 'job_status') {
          if (isSettledJob(message.event.payload.to)) resolve()
        } else if (message.type === 'resync') {
          reject(new Error('the database was restored meanwhile: look at the job again'))
        }
      },
    },
  )
})

const { status, stages } = await api.jobs.get.query({ id })
console.log(`job ${id} is ${status}`)
for (const { stageType, counts } of stages) console.log(stageType, counts)
await close()
