import { itemStatuses, stageTypes } from '@catalogsync/contract'
import type { ItemListOptions } from '../verbs/item-list.ts'
import { choice } from './command.ts'
import type { Program } from './hooks.ts'

export function itemCommands(program: Program): void {
  const { text, values, verb, does } = program
  const help = text.item
  const item = program.group('item', help.what)
  const job = values.whole('JOB', 1)

  const list = verb(item, 'list', help.list.what, help.list.example)
    .argument('<job>', text.job.id, job)
    .addOption(
      choice('--status <status>', help.list.status, itemStatuses, values.oneOf('--status', itemStatuses)),
    )
    .addOption(choice('--stage <stage>', help.list.stage, stageTypes, values.oneOf('--stage', stageTypes)))
    .option('--after <item>', help.list.after, values.whole('--after', 0))
    .option('--limit <n>', help.list.limit, values.whole('--limit', 1))
  does(list, async (ctx, jobId, options) => {
    const { itemList } = await import('../verbs/item-list.ts')
    return itemList(ctx, jobId as number, options as ItemListOptions) // as declared above
  })

  const retry = verb(item, 'retry', help.retry.what, help.retry.example)
    .argument('<job>', text.job.id, job)
    .argument('<item>', help.retry.item, values.whole('ITEM', 1))
    .option('--force', help.retry.force)
  does(retry, async (ctx, jobId, itemId, options) => {
    const { command } = await import('../verbs/command.ts')
    const { force } = options as { force?: boolean } // as declared above
    const about = { jobRunId: jobId as number, targetItemId: itemId as number } // read by `whole`
    return command(ctx, { type: force ? 'force_retry_item' : 'retry_item', ...about })
  })
}
