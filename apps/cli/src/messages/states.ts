import type {
  CommandStatus,
  CommandType,
  FailureClass,
  ItemStatus,
  JobStatus,
  JobType,
  StageStatus,
  StageType,
} from '@catalogsync/contract'
import { translated } from '../language.ts'

interface StateWords {
  job: Record<JobStatus, string>
  stage: Record<StageStatus, string>
  item: Record<ItemStatus, string>
  command: Record<CommandStatus, string>
  commandType: Record<CommandType, string>
  jobType: Record<JobType, string>
  stageType: Record<StageType, string>
  class: Record<FailureClass, string>
}

const en: StateWords = {
  job: {
    queued: 'queued',
    running: 'running',
    pause_requested: 'draining',
    paused: 'paused',
    cancel_requested: 'being canceled',
    completed: 'completed',
    completed_with_errors: 'completed with errors',
    failed: 'failed',
    canceled: 'canceled',
  },
  stage: {
    pending: 'pending',
    running: 'running',
    pause_requested: 'draining',
    paused: 'paused',
    completed: 'completed',
    completed_with_errors: 'completed with errors',
    skipped: 'nothing to do',
    canceled: 'canceled',
  },
  item: {
    pending: 'pending',
    running: 'running',
    succeeded: 'succeeded',
    skipped: 'skipped',
    failed: 'failed',
    canceled: 'canceled',
    interrupted: 'interrupted',
    held: 'held',
  },
  command: {
    pending: 'pending',
    applying: 'being applied',
    applied: 'applied',
    rejected: 'rejected',
    stopped: 'stopped',
  },
  commandType: {
    pause: 'pause',
    resume: 'resume',
    cancel: 'cancel',
    retry_item: 'retry',
    force_retry_item: 'forced retry',
    hold_item: 'hold',
    release_item: 'release',
  },
  jobType: {
    collect_only: 'collect_only',
    sync_only: 'sync_only',
    download_only: 'download_only',
    upload_only: 'upload_only',
    full: 'full',
  },
  stageType: { collect: 'collect', sync: 'sync', download: 'download', upload: 'upload' },
  class: {
    transient: 'transient',
    blocked: 'blocked',
    auth: 'auth',
    permanent: 'permanent',
    invalid: 'invalid',
    local: 'local',
    poison: 'poison',
  },
}

const zh: StateWords = {
  job: {
    queued: '排队中',
    running: '运行中',
    pause_requested: '正在收尾',
    paused: '已暂停',
    cancel_requested: '正在取消',
    completed: '已完成',
    completed_with_errors: '已完成，有错误',
    failed: '失败',
    canceled: '已取消',
  },
  stage: {
    pending: '等待中',
    running: '运行中',
    pause_requested: '正在收尾',
    paused: '已暂停',
    completed: '已完成',
    completed_with_errors: '已完成，有错误',
    skipped: '无事可做',
    canceled: '已取消',
  },
  item: {
    pending: '等待中',
    running: '运行中',
    succeeded: '成功',
    skipped: '已跳过',
    failed: '失败',
    canceled: '已取消',
    interrupted: '被中断',
    held: '已搁置',
  },
  command: {
    pending: '等待中',
    applying: '执行中',
    applied: '已执行',
    rejected: '被拒绝',
    stopped: '已停止',
  },
  commandType: {
    pause: '暂停',
    resume: '恢复',
    cancel: '取消',
    retry_item: '重试',
    force_retry_item: '强制重试',
    hold_item: '搁置',
    release_item: '放回',
  },
  jobType: {
    collect_only: '仅采集',
    sync_only: '仅同步',
    download_only: '仅下载',
    upload_only: '仅上传',
    full: '完整',
  },
  stageType: { collect: '采集', sync: '同步', download: '下载', upload: '上传' },
  class: {
    transient: '暂时故障',
    blocked: '被限流',
    auth: '登录失败',
    permanent: '永久失败',
    invalid: '内容无效',
    local: '本机故障',
    poison: '致命条目',
  },
}

/** The words of the contract as people read them. */
export const stateWords = translated(en, zh)
