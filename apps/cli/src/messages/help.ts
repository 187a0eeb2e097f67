import { translated } from '../language.ts'

/** The whole of --help: what each verb does, its options, and one example for each. */
const en = {
  program: 'Turns playlists somewhere else into a verified library here and a copy in object storage.',
  titles: {
    'Usage:': 'Usage:',
    'Arguments:': 'Arguments:',
    'Options:': 'Options:',
    'Global Options:': 'Options of every command:',
    'Commands:': 'Commands:',
  } as Record<string, string>,
  example: 'Example:',
  help: 'show this help',
  helpCommand: 'show the help of a command',
  version: 'show the version',
  choices: 'one of',
  byDefault: 'default',
  exitCodes: `Exit codes:
  0    all is well
  1    something unexpected
  2    the command line, or what it names, is not valid
  3    there is no such job or item
  4    refused: a runner rejected the command, or something is in the way
  5    the environment: settings, folder, database, port, Node
  6    the watched job failed or was canceled
  7    the watched job completed with errors
  8    the audit found violations
  130  stopped with Ctrl-C while watching`,
  globals: {
    data: 'data folder: database, settings, library and the rest are below it',
    db: 'database, if it is not in the data folder',
    envFile: 'settings file, if it is not in the data folder; it must exist',
    json: 'JSON on stdout and nothing else there',
    lang: 'language of what people read',
  },
  serve: {
    what: 'start the server and, as a process of its own, the runner',
    host: 'address to listen on',
    port: 'port to listen on; 0 takes any free one',
    noRunner: 'only the server; a runner may be started elsewhere',
    demo: 'make a small demo library, once, and copy it',
    example: 'catalogsync serve --data /volume1/catalogsync --port 8421',
  },
  runner: { what: 'start only a runner', example: 'catalogsync runner --data /volume1/catalogsync' },
  job: {
    what: 'start, show and steer jobs',
    id: 'number of the job',
    start: {
      what: 'start a job: it is queued, and a runner takes it',
      type: 'what to do',
      source: 'sources to collect and sync; all if none is given',
      downloadSource: 'sources to download from, most wanted first',
      backend: 'backends to upload to; all if none is given',
      playlist: 'only these playlists',
      song: 'only these songs',
      all: 'everything again, not only what is missing',
      priority: 'from -100 to 100; higher goes first',
      key: 'the same key again starts no second job',
      watch: 'follow it to its end',
      example: 'catalogsync job start --type full --watch',
    },
    list: {
      what: 'list jobs, newest first',
      status: 'only jobs in this state',
      limit: 'how many',
      before: 'only jobs older than this one',
      example: 'catalogsync job list --status running',
    },
    show: { what: 'show a job, its stages and its failures', example: 'catalogsync job show 1' },
    watch: { what: 'follow a job to its end', example: 'catalogsync job watch 1' },
    pause: {
      what: 'pause a job: what runs finishes, nothing new begins',
      now: 'do not let it finish: give it back; partial downloads are kept',
      example: 'catalogsync job pause 1',
    },
    resume: { what: 'let a paused job go on', example: 'catalogsync job resume 1' },
    cancel: { what: 'end a job for good', example: 'catalogsync job cancel 1' },
  },
  item: {
    what: 'show and retry single songs, playlists and files of a job',
    list: {
      what: 'list the items of a job, and why each stands where it stands',
      status: 'only items in this state',
      stage: 'only items of this stage',
      after: 'only items after this one',
      limit: 'how many',
      example: 'catalogsync item list 1 --status failed',
    },
    retry: {
      what: 'try a failed item again, before all others',
      item: 'number of the item',
      force: 'also if it succeeded; the good result stays until a new one is there',
      example: 'catalogsync item retry 1 42',
    },
  },
  events: {
    what: 'print what has happened, oldest first',
    after: 'only events after this number',
    follow: 'go on with what happens next',
    job: 'only events of this job',
    example: 'catalogsync events --job 1 --follow',
  },
  config: {
    what: 'look at the settings',
    show: {
      what: 'show every setting in effect and where it comes from; secrets are hidden',
      example: 'catalogsync config show',
    },
    check: {
      what: 'check that the settings can be used',
      example: 'catalogsync config check --env-file new.env',
    },
  },
  audit: {
    what: 'check database, library and settings against every promise; changes nothing',
    bytes: 'read the files too',
    example: 'catalogsync audit --bytes sample',
  },
}

const zh: typeof en = {
  program: '把别处的歌单变成本地经过校验的音乐库，并在对象存储中保留一份副本。',
  titles: {
    'Usage:': '用法：',
    'Arguments:': '参数：',
    'Options:': '选项：',
    'Global Options:': '通用选项：',
    'Commands:': '命令：',
  },
  example: '示例：',
  help: '显示帮助',
  helpCommand: '显示某个命令的帮助',
  version: '显示版本',
  choices: '可选',
  byDefault: '默认',
  exitCodes: `退出码：
  0    一切正常
  1    意外错误
  2    命令行或其中的名称无效
  3    没有这个任务或条目
  4    被拒绝：执行器拒绝了指令，或存在冲突
  5    环境问题：配置、目录、数据库、端口、Node
  6    所跟踪的任务失败或被取消
  7    所跟踪的任务已完成，但有错误
  8    审计发现违规
  130  跟踪时按 Ctrl-C 停止`,
  globals: {
    data: '数据目录：数据库、配置、音乐库等都在其下',
    db: '数据库文件（若不在数据目录中）',
    envFile: '配置文件（若不在数据目录中）；必须存在',
    json: '标准输出只输出 JSON',
    lang: '显示语言',
  },
  serve: {
    what: '启动服务，并以独立进程启动执行器',
    host: '监听地址',
    port: '监听端口；0 表示任选空闲端口',
    noRunner: '只启动服务；执行器可在别处启动',
    demo: '生成一个小型演示音乐库（仅一次）并复制它',
    example: 'catalogsync serve --data /volume1/catalogsync --port 8421',
  },
  runner: { what: '只启动执行器', example: 'catalogsync runner --data /volume1/catalogsync' },
  job: {
    what: '启动、查看和控制任务',
    id: '任务编号',
    start: {
      what: '启动任务：先排队，再由执行器处理',
      type: '任务类型',
      source: '要采集和同步的来源；不给则为全部',
      downloadSource: '下载来源，优先的在前',
      backend: '要上传到的后端；不给则为全部',
      playlist: '只处理这些歌单',
      song: '只处理这些歌曲',
      all: '全部重做，而不仅是缺少的',
      priority: '-100 到 100；大者优先',
      key: '相同的键不会启动第二个任务',
      watch: '跟踪到结束',
      example: 'catalogsync job start --type full --watch',
    },
    list: {
      what: '列出任务，最新的在前',
      status: '只列出该状态的任务',
      limit: '数量',
      before: '只列出早于此编号的任务',
      example: 'catalogsync job list --status running',
    },
    show: { what: '显示任务、各阶段及失败条目', example: 'catalogsync job show 1' },
    watch: { what: '跟踪任务直到结束', example: 'catalogsync job watch 1' },
    pause: {
      what: '暂停任务：进行中的做完，不再开始新的',
      now: '不等做完，立即放回；已下载的部分会保留',
      example: 'catalogsync job pause 1',
    },
    resume: { what: '让暂停的任务继续', example: 'catalogsync job resume 1' },
    cancel: { what: '永久结束任务', example: 'catalogsync job cancel 1' },
  },
  item: {
    what: '查看和重试任务中的单个歌曲、歌单或文件',
    list: {
      what: '列出任务的条目及其状态的原因',
      status: '只列出该状态的条目',
      stage: '只列出该阶段的条目',
      after: '只列出此编号之后的条目',
      limit: '数量',
      example: 'catalogsync item list 1 --status failed',
    },
    retry: {
      what: '重试失败的条目，排在最前',
      item: '条目编号',
      force: '成功的也重做；新结果就绪前保留原结果',
      example: 'catalogsync item retry 1 42',
    },
  },
  events: {
    what: '按时间顺序输出发生过的事件',
    after: '只输出此编号之后的事件',
    follow: '继续输出新的事件',
    job: '只输出该任务的事件',
    example: 'catalogsync events --job 1 --follow',
  },
  config: {
    what: '查看配置',
    show: { what: '显示生效的每项配置及其来源；机密不显示', example: 'catalogsync config show' },
    check: { what: '检查配置能否使用', example: 'catalogsync config check --env-file new.env' },
  },
  audit: {
    what: '对照每项承诺检查数据库、音乐库和配置；不作任何改动',
    bytes: '是否也读取文件内容',
    example: 'catalogsync audit --bytes sample',
  },
}

export const helpText = translated(en, zh)
export type HelpText = typeof en
