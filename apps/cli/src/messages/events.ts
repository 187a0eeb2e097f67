import type { EventKind, EventPayloads, Language } from '@catalogsync/contract'
import { bytes } from '../text/format.ts'
import { stateWords } from './states.ts'

type Sentences = { [K in EventKind]: (payload: EventPayloads[K]) => string }

const because = (reason: string | undefined) => (reason === undefined ? '' : `: ${reason}`)

function en(words: ReturnType<typeof stateWords>): Sentences {
  return {
    job_created: (p) => `created (${words.jobType[p.jobType]})${p.by === null ? '' : ` by ${p.by}`}`,
    job_status: (p) => `${words.job[p.from]} → ${words.job[p.to]}${because(p.reason)}`,
    stage_status: (p) => `${words.stageType[p.stageType]}: ${words.stage[p.from]} → ${words.stage[p.to]}`,
    items_planned: (p) =>
      `${words.stageType[p.stageType]}: ${p.added} planned${p.reopened > 0 ? `, ${p.reopened} reopened` : ''}`,
    items_started: (p) => `${words.stageType[p.stageType]}: ${p.itemIds.length} started`,
    item_settled: (p) =>
      `${words.stageType[p.stageType]} ${p.key}: ${words.item[p.status]} (try ${p.attempt}${p.class ? `, ${words.class[p.class]}` : ''})${because(p.reason)}`,
    item_requeued: (p) =>
      `${words.stageType[p.stageType]} ${p.key}: put back in line${p.force ? ' by force' : ''}`,
    item_held: (p) => `${words.stageType[p.stageType]} ${p.key}: held`,
    item_released: (p) => `${words.stageType[p.stageType]} ${p.key}: released, ${words.item[p.to]}`,
    command_ended: (p) =>
      `${words.commandType[p.commandType]}: ${words.command[p.status]}${because(p.reason)}`,
    recovery_requeued: (p) =>
      `${p.count} ${p.count === 1 ? 'item' : 'items'} of runner ${p.runnerId} ${p.resumed ? 'put back in line' : 'interrupted'}: ${p.reason}`,
    playlist_synced: (p) => `playlist "${p.name}": ${p.linked} songs, ${p.added} added, ${p.removed} removed`,
    file_published: (p) => `in the library: ${p.path} (${bytes(p.size)})`,
    object_stored: (p) => `stored in ${p.backend}: ${p.key} (${bytes(p.size)})`,
    gate_closed: (p) => `gate ${p.gate}${p.ref === '' ? '' : ` ${p.ref}`} closed: ${p.reason}`,
    gate_opened: (p) => `gate ${p.gate}${p.ref === '' ? '' : ` ${p.ref}`} opened: ${p.reason}`,
    runner_started: (p) =>
      `runner ${p.runnerId} started (process ${p.pid} on ${p.host}, version ${p.version})`,
    runner_stopped: (p) => `runner ${p.runnerId} stopped: ${p.reason}`,
  }
}

const becauseZh = (reason: string | undefined) => (reason === undefined ? '' : `：${reason}`)

function zh(words: ReturnType<typeof stateWords>): Sentences {
  return {
    job_created: (p) => `已创建（${words.jobType[p.jobType]}）${p.by === null ? '' : `，发起者 ${p.by}`}`,
    job_status: (p) => `${words.job[p.from]} → ${words.job[p.to]}${becauseZh(p.reason)}`,
    stage_status: (p) => `${words.stageType[p.stageType]}：${words.stage[p.from]} → ${words.stage[p.to]}`,
    items_planned: (p) =>
      `${words.stageType[p.stageType]}：计划 ${p.added} 个${p.reopened > 0 ? `，重新打开 ${p.reopened} 个` : ''}`,
    items_started: (p) => `${words.stageType[p.stageType]}：开始 ${p.itemIds.length} 个`,
    item_settled: (p) =>
      `${words.stageType[p.stageType]} ${p.key}：${words.item[p.status]}（第 ${p.attempt} 次${p.class ? `，${words.class[p.class]}` : ''}）${becauseZh(p.reason)}`,
    item_requeued: (p) => `${words.stageType[p.stageType]} ${p.key}：${p.force ? '强制' : ''}重新排队`,
    item_held: (p) => `${words.stageType[p.stageType]} ${p.key}：已搁置`,
    item_released: (p) => `${words.stageType[p.stageType]} ${p.key}：已放回，${words.item[p.to]}`,
    command_ended: (p) =>
      `${words.commandType[p.commandType]}：${words.command[p.status]}${becauseZh(p.reason)}`,
    recovery_requeued: (p) =>
      `执行器 ${p.runnerId} 的 ${p.count} 个条目${p.resumed ? '已重新排队' : '被中断'}：${p.reason}`,
    playlist_synced: (p) => `歌单“${p.name}”：共 ${p.linked} 首，新增 ${p.added}，移除 ${p.removed}`,
    file_published: (p) => `已进入音乐库：${p.path}（${bytes(p.size)}）`,
    object_stored: (p) => `已存入 ${p.backend}：${p.key}（${bytes(p.size)}）`,
    gate_closed: (p) => `闸门 ${p.gate}${p.ref === '' ? '' : ` ${p.ref}`} 关闭：${p.reason}`,
    gate_opened: (p) => `闸门 ${p.gate}${p.ref === '' ? '' : ` ${p.ref}`} 打开：${p.reason}`,
    runner_started: (p) => `执行器 ${p.runnerId} 启动（${p.host} 上的进程 ${p.pid}，版本 ${p.version}）`,
    runner_stopped: (p) => `执行器 ${p.runnerId} 停止：${p.reason}`,
  }
}

/** What an event says, in a sentence. */
export function eventText<K extends EventKind>(
  kind: K,
  payload: EventPayloads[K],
  language: Language,
): string {
  const sentences = (language === 'zh-CN' ? zh : en)(stateWords(language))
  return sentences[kind](payload)
}
