import type { CommandType } from '@catalogsync/contract'
import { translated } from '../language.ts'

const en = {
  columns: {
    id: 'JOB',
    type: 'TYPE',
    status: 'STATUS',
    done: 'DONE',
    failed: 'FAILED',
    created: 'CREATED',
    took: 'TOOK',
    by: 'BY',
  },
  none: 'There are no jobs.',
  noneMatch: 'No job matches.',
  queued: (id: number, type: string) => `Job ${id} (${type}) is queued.`,
  known: (id: number, type: string, status: string) =>
    `Job ${id} (${type}) was started with this idempotency key before; it is ${status}.`,
  howToWatch: (id: number) => `Follow it with: catalogsync job watch ${id}`,
  title: (id: number, type: string, status: string) => `Job ${id}  ${type}  ${status}`,
  took: (text: string) => `took ${text}`,
  since: (text: string) => `for ${text}`,
  soFar: (n: string) => `${n} so far`,
  ofSoFar: (done: string, total: string) => `${done} of ${total} so far`,
  failed: (n: string) => `${n} failed`,
  held: (n: string) => `${n} held`,
  interrupted: (n: string) => `${n} interrupted`,
  runningNow: (n: string) => `${n} running`,
  waiting: (reason: string) => `waiting: ${reason}`,
  until: (time: string) => `until ${time}`,
  waitsFor: (commands: string) => `waits to be applied: ${commands}`,
  noRunner: 'waiting: no runner is alive',
  draining: (n: number) => `draining: ${n} ${n === 1 ? 'item' : 'items'} still running`,
  pausedHint: (id: number) => `paused; go on with: catalogsync job resume ${id}`,
  reason: (reason: string) => `reason: ${reason}`,
  created: (at: string, by: string | null) => `created ${at}${by === null ? '' : ` by ${by}`}`,
  scope: (sources: string, backends: string, mode: string) =>
    `sources: ${sources} · backends: ${backends} · ${mode}`,
  nothing: 'none',
  mode: { missing: 'what is missing', all: 'everything again' },
  failures: 'Failed:',
  moreFailures: (n: string, id: number) => `… and ${n} more: catalogsync item list ${id} --status failed`,

  fetched: (n: string) => `fetched ${n}`,
  uploaded: (n: string) => `uploaded ${n}`,
  synced: (n: string) => `synced ${n} ${n === '1' ? 'playlist' : 'playlists'}`,
  alreadyThere: (n: string) => `${n} already there`,
  canceledItems: (n: string) => `${n} canceled`,
  notDone: (n: string) => `${n} not done`,
  summary: (id: number, status: string, parts: string) => `Job ${id} ${status}: ${parts}.`,
  ended: (id: number, status: string) => `Job ${id} ${status}.`,
  unusable: (lines: string, playlists: string) =>
    `${lines} ${lines === '1' ? 'line' : 'lines'} of ${playlists} ${playlists === '1' ? 'playlist' : 'playlists'} cannot be used.`,
  whichUnusable: (id: number) => `Which: catalogsync item list ${id} --stage sync --json`,
  nothingNew: (why: string) => `Nothing new to fetch: ${why}.`,
  why: {
    synced: (playlists: string) =>
      playlists === '1'
        ? '1 playlist was synced and lacks no song that can be had'
        : `${playlists} playlists were synced and lack no song that can be had`,
    noPlaylists: 'no playlist was found',
    skipped: (n: string) => (n === '1' ? '1 song was there already' : `${n} songs were there already`),
    failed: (n: string) => `${n} could not be fetched`,
    noneMissing: 'no song is missing',
  },

  command: (type: CommandType, jobId: number): string =>
    ({
      pause: `Pausing job ${jobId}`,
      resume: `Resuming job ${jobId}`,
      cancel: `Canceling job ${jobId}`,
      retry_item: `Retrying an item of job ${jobId}`,
      force_retry_item: `Retrying an item of job ${jobId} by force`,
      hold_item: `Holding an item of job ${jobId}`,
      release_item: `Releasing an item of job ${jobId}`,
    })[type],
  applied: (what: string, status: string, reason: string | null) =>
    `${what}: applied${reason === null ? '' : ` (${reason})`}. The job is ${status}.`,
  rejected: (what: string, reason: string) => `${what}: rejected, because ${reason}.`,
  stopped: (what: string, reason: string) => `${what}: stopped${reason === '' ? '' : `, because ${reason}`}.`,
  notYet: (what: string) =>
    `${what}: a runner is alive, and has not applied it within 10 s. It stays in line.`,
  waitsForRunner: (what: string) =>
    `${what}: waits for a runner. Start "catalogsync serve" or "catalogsync runner".`,
}

const zh: typeof en = {
  columns: {
    id: '任务',
    type: '类型',
    status: '状态',
    done: '完成',
    failed: '失败',
    created: '创建时间',
    took: '耗时',
    by: '发起者',
  },
  none: '还没有任务。',
  noneMatch: '没有符合条件的任务。',
  queued: (id, type) => `任务 ${id}（${type}）已排队。`,
  known: (id, type, status) => `任务 ${id}（${type}）此前已用同一幂等键启动，当前${status}。`,
  howToWatch: (id) => `跟踪进度：catalogsync job watch ${id}`,
  title: (id, type, status) => `任务 ${id}  ${type}  ${status}`,
  took: (text) => `耗时 ${text}`,
  since: (text) => `已 ${text}`,
  soFar: (n) => `目前 ${n}`,
  ofSoFar: (done, total) => `${done}，目前共 ${total}`,
  failed: (n) => `${n} 失败`,
  held: (n) => `${n} 搁置`,
  interrupted: (n) => `${n} 被中断`,
  runningNow: (n) => `${n} 运行中`,
  waiting: (reason) => `等待：${reason}`,
  until: (time) => `至 ${time}`,
  waitsFor: (commands) => `等待执行的指令：${commands}`,
  noRunner: '等待：没有正在运行的执行器',
  draining: (n) => `正在收尾：还有 ${n} 个条目在运行`,
  pausedHint: (id) => `已暂停；继续请用：catalogsync job resume ${id}`,
  reason: (reason) => `原因：${reason}`,
  created: (at, by) => `创建于 ${at}${by === null ? '' : `，发起者 ${by}`}`,
  scope: (sources, backends, mode) => `来源：${sources} · 后端：${backends} · ${mode}`,
  nothing: '无',
  mode: { missing: '仅缺少的内容', all: '全部重做' },
  failures: '失败的条目：',
  moreFailures: (n, id) => `…… 另有 ${n} 个：catalogsync item list ${id} --status failed`,

  fetched: (n) => `获取 ${n}`,
  uploaded: (n) => `上传 ${n}`,
  synced: (n) => `同步 ${n} 个歌单`,
  alreadyThere: (n) => `${n} 已存在`,
  canceledItems: (n) => `${n} 已取消`,
  notDone: (n) => `${n} 未完成`,
  summary: (id, status, parts) => `任务 ${id} ${status}：${parts}。`,
  ended: (id, status) => `任务 ${id} ${status}。`,
  unusable: (lines, playlists) => `${playlists} 个歌单中有 ${lines} 行无法使用。`,
  whichUnusable: (id) => `查看是哪些：catalogsync item list ${id} --stage sync --json`,
  nothingNew: (why) => `没有新内容可获取：${why}。`,
  why: {
    synced: (playlists) => `已同步 ${playlists} 个歌单，能获取的歌曲都已具备`,
    noPlaylists: '没有找到歌单',
    skipped: (n) => `${n} 首歌曲已存在`,
    failed: (n) => `${n} 首无法获取`,
    noneMissing: '没有缺少的歌曲',
  },

  command: (type, jobId) =>
    ({
      pause: `暂停任务 ${jobId}`,
      resume: `恢复任务 ${jobId}`,
      cancel: `取消任务 ${jobId}`,
      retry_item: `重试任务 ${jobId} 的条目`,
      force_retry_item: `强制重试任务 ${jobId} 的条目`,
      hold_item: `搁置任务 ${jobId} 的条目`,
      release_item: `放回任务 ${jobId} 的条目`,
    })[type],
  applied: (what, status, reason) =>
    `${what}：已执行${reason === null ? '' : `（${reason}）`}。任务当前${status}。`,
  rejected: (what, reason) => `${what}：被拒绝，原因：${reason}。`,
  stopped: (what, reason) => `${what}：已停止${reason === '' ? '' : `，原因：${reason}`}。`,
  notYet: (what) => `${what}：执行器正在运行，但 10 秒内尚未执行。指令仍在排队。`,
  waitsForRunner: (what) => `${what}：等待执行器。请启动 "catalogsync serve" 或 "catalogsync runner"。`,
}

export const jobText = translated(en, zh)
