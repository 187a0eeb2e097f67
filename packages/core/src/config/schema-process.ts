import type { Setting } from './setting.ts'
import * as type from './value-types.ts'

/** How the processes work. */
export const processSettings = {
  RECOVERY_MODE: {
    type: type.choice('pause', 'resume'),
    default: 'pause',
    example: 'resume',
    description: {
      en: 'After a crash: `pause` leaves interrupted jobs for a person to resume, `resume` goes on by itself.',
      'zh-CN': '崩溃之后：`pause` 等待人工恢复被中断的任务，`resume` 自动继续。',
    },
    group: 'runner',
    takesEffect: 'restart',
  },
  WORKERS_COLLECT: {
    type: type.integer(1, 64),
    default: '2',
    description: {
      en: 'Sources or pools that one runner collects at once.',
      'zh-CN': '一个执行器同时采集的来源或歌单池数。',
    },
    group: 'runner',
    takesEffect: 'restart',
  },
  WORKERS_SYNC: {
    type: type.integer(1, 64),
    default: '2',
    description: { en: 'Playlists that one runner syncs at once.', 'zh-CN': '一个执行器同时同步的歌单数。' },
    group: 'runner',
    takesEffect: 'restart',
  },
  WORKERS_DOWNLOAD: {
    type: type.integer(1, 64),
    default: '4',
    description: { en: 'Songs that one runner downloads at once.', 'zh-CN': '一个执行器同时下载的歌曲数。' },
    group: 'runner',
    takesEffect: 'restart',
  },
  WORKERS_UPLOAD: {
    type: type.integer(1, 64),
    default: '4',
    description: { en: 'Files that one runner uploads at once.', 'zh-CN': '一个执行器同时上传的文件数。' },
    group: 'runner',
    takesEffect: 'restart',
  },
  RETRY_ATTEMPTS: {
    type: type.integer(1, 100),
    default: '5',
    description: {
      en: 'Tries before an item fails for a reason that may pass, such as a broken connection.',
      'zh-CN': '遇到可能自行消失的故障（如连接中断）时，条目失败前的尝试次数。',
    },
    group: 'runner',
    takesEffect: 'restart',
  },
  RETRY_BASE_MS: {
    type: type.integer(1, 3_600_000),
    default: '2000',
    description: {
      en: 'Longest first wait between tries, in milliseconds; it doubles with every try.',
      'zh-CN': '首次重试前的最长等待毫秒数；每次重试加倍。',
    },
    group: 'runner',
    takesEffect: 'restart',
  },
  RETRY_MAX_MS: {
    type: type.integer(1, 86_400_000),
    default: '300000',
    description: {
      en: 'Longest wait between tries, in milliseconds.',
      'zh-CN': '重试之间的最长等待毫秒数。',
    },
    group: 'runner',
    takesEffect: 'restart',
  },
  WEB_HOST: {
    type: type.host,
    default: '0.0.0.0',
    description: {
      en: 'Address that the console listens on; `127.0.0.1` for this machine only.',
      'zh-CN': '控制台监听的地址；`127.0.0.1` 表示仅限本机。',
    },
    group: 'console',
    takesEffect: 'restart',
  },
  WEB_PORT: {
    type: type.integer(0, 65_535),
    default: '8421',
    description: {
      en: 'Port of the console; 0 takes any free one.',
      'zh-CN': '控制台的端口；0 表示任选空闲端口。',
    },
    group: 'console',
    takesEffect: 'restart',
  },
  WEB_ALLOWED_HOSTS: {
    type: type.hosts,
    default: '',
    description: {
      en: 'More names that the console may be called by, such as the one of a proxy in front of it. Addresses and names of this machine and `.local` names always work.',
      'zh-CN': '控制台可以使用的其他主机名，例如前置代理的名称。本机的地址与名称以及 `.local` 名称始终可用。',
    },
    group: 'console',
    takesEffect: 'restart',
  },
  TZ: {
    type: type.timezone,
    default: '',
    description: {
      en: 'Time zone of the times that people read; empty takes the one of the system.',
      'zh-CN': '显示时间所用的时区；留空则用系统时区。',
    },
    group: 'system',
    takesEffect: 'restart',
  },
} as const satisfies Record<string, Setting>
