import type { ItemStatus, ItemView, StageType } from '@catalogsync/contract'
import { listItems } from '@catalogsync/core'
import { withDatabase, type Context } from '../context.ts'
import { exitCodes, type ExitCode } from '../exit-codes.ts'
import { commonText } from '../messages/common.ts'
import { itemText } from '../messages/item.ts'
import { stateWords } from '../messages/states.ts'
import { table } from '../text/table.ts'
import { readProgress } from '../watch/progress.ts'
import { failureText, unusableOf } from '../watch/summary.ts'
import { whyPending } from '../watch/waits.ts'

export interface ItemListOptions {
  status?: ItemStatus
  stage?: StageType
  after?: number
  limit?: number
}

/** With `--json`: a page `{rows, next}` of items; a pending one says in `waiting` why it has not begun. */
export function itemList(ctx: Context, jobId: number, options: ItemListOptions): Promise<ExitCode> {
  return withDatabase(ctx, 'readonly', async (database, { settings }) => {
    const { out, language } = ctx
    const text = itemText(language)
    const words = stateWords(language)
    const progress = await readProgress(database, jobId)
    const page = await listItems(database.db, jobId, options)
    const view = { language, tz: settings.tz, now: Date.now() }
    const waiting = (item: ItemView) => (item.status === 'pending' ? whyPending(item, progress, view) : null)
    out.give({ rows: page.rows.map((item) => ({ ...item, waiting: waiting(item) })), next: page.next })
    const why = (item: ItemView): string => {
      if (item.status === 'failed' || item.status === 'held') return failureText(item, language)
      if (item.status === 'succeeded') return unusableOf(item, language) ?? ''
      return waiting(item) ?? (item.status === 'interrupted' ? (item.reason ?? '') : '')
    }
    const { id, stage, status, attempts, label } = text.columns
    if (page.rows.length === 0) out.say(text.none(jobId))
    else {
      out.say(
        ...table(
          [
            { title: id, align: 'right' },
            { title: stage },
            { title: status },
            { title: attempts, align: 'right' },
            { title: label, max: 50 },
            { title: text.columns.why },
          ],
          page.rows.map((item) => [
            String(item.id),
            words.stageType[item.stageType],
            words.item[item.status],
            String(item.attempts),
            item.label,
            why(item),
          ]),
        ),
      )
    }
    if (page.next !== null) out.say(commonText(language).more(page.next, '--after'))
    return exitCodes.fine
  })
}
