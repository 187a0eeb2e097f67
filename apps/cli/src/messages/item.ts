import { translated } from '../language.ts'

const en = {
  columns: {
    id: 'ITEM',
    stage: 'STAGE',
    status: 'STATUS',
    attempts: 'TRIES',
    label: 'WHAT',
    why: 'WHY',
  },
  none: (jobId: number) => `Job ${jobId} has no items that match.`,
  failure: (kind: string, reason: string) => `${kind}: ${reason}`,
  unknownReason: 'no reason was given',
  unusable: (lines: string) => `${lines} ${lines === '1' ? 'line' : 'lines'} cannot be used`,
  wait: {
    gate: (reason: string) => `waiting: ${reason}`,
    gateUntil: (reason: string, time: string) => `waiting until ${time}: ${reason}`,
    retry: (time: string, reason: string) => `tries again at ${time}: ${reason}`,
    paused: 'waiting: the job is paused',
    draining: 'waiting: the job is being paused',
    canceled: 'never begun: the job was canceled',
    queued: 'waiting: the job has not been started',
    noRunner: 'waiting: no runner is alive',
    inLine: 'in line for a free worker',
  },
}

const zh: typeof en = {
  columns: { id: '条目', stage: '阶段', status: '状态', attempts: '次数', label: '内容', why: '说明' },
  none: (jobId) => `任务 ${jobId} 没有符合条件的条目。`,
  failure: (kind, reason) => `${kind}：${reason}`,
  unknownReason: '没有给出原因',
  unusable: (lines) => `${lines} 行无法使用`,
  wait: {
    gate: (reason) => `等待：${reason}`,
    gateUntil: (reason, time) => `等待至 ${time}：${reason}`,
    retry: (time, reason) => `将于 ${time} 重试：${reason}`,
    paused: '等待：任务已暂停',
    draining: '等待：任务正在暂停',
    canceled: '未开始：任务已取消',
    queued: '等待：任务尚未开始',
    noRunner: '等待：没有正在运行的执行器',
    inLine: '等待空闲的工作槽',
  },
}

export const itemText = translated(en, zh)
