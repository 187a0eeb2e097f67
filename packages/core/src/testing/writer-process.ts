import { openDatabase } from '../db/open.ts'
import { change } from '../repositories/change.ts'

/** A writer in a process of its own: reads a counter, and then writes it and an event, many times. */
const [file = '', name = '', times = '0'] = process.argv.slice(2)
const database = await openDatabase(file)
process.send?.('ready')
await new Promise((resolve) => process.once('message', resolve))
for (let i = 0; i < Number(times); i++) {
  await change(database, Date.now(), async (c) => {
    const row = await c.tx.selectFrom('meta').select('value').where('key', '=', 'n').executeTakeFirstOrThrow()
    const next = String(Number(row.value) + 1)
    await c.tx.updateTable('meta').set({ value: next }).where('key', '=', 'n').execute()
    c.emit('runner_stopped', {}, { runnerId: name, reason: next })
    if (i % 3 === 0) c.emit('runner_stopped', {}, { runnerId: name, reason: 'again' })
  })
}
await database.close()
process.disconnect()
