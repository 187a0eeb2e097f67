import { translated } from '../language.ts'

const en = {
  listening: (urls: readonly string[]) => `Catalogsync answers at ${urls.join(' and ')}`,
  data: (folder: string) => `Data: ${folder}`,
  noRunner: 'Without a runner (--no-runner): jobs wait until one is started.',
  runnerStarted: (pid: number) => `The runner works as process ${pid}.`,
  runnerDied: (how: string, seconds: number) =>
    `The runner has ended by itself (${how}). It is started again in ${seconds} s.`,
  signal: (name: string) => `signal ${name}`,
  exitCode: (code: number) => `exit code ${code}`,
  cannotStart: (cause: string) => `it could not be started: ${cause}`,
  stopping: 'Stopping: what runs is given back and goes on at the next start.',
  stopped: 'Stopped.',
  runner: (id: string) => `Runner ${id} works. Stop it with Ctrl-C.`,
  runnerStopped: 'The runner has let go of everything.',
  demoMade: (songs: number, playlists: number) =>
    `The demo library is made: ${songs} songs, ${playlists} playlists. One song of a playlist is missing on purpose.`,
  demoStarted: (id: number) => `Job ${id} copies the demo library.`,
  demoGoesOn: (id: number) => `The demo is already there; its job ${id} goes on.`,
  demoThere: (id: number, status: string) => `The demo is already there: job ${id}, ${status}.`,
  demoAgain: 'Run it again with: catalogsync job start --type full',
  goesOn: 'The server goes on. Stop it with Ctrl-C.',
}

const zh: typeof en = {
  listening: (urls) => `Catalogsync 地址：${urls.join(' 、 ')}`,
  data: (folder) => `数据目录：${folder}`,
  noRunner: '未启动执行器（--no-runner）：任务会等待执行器启动。',
  runnerStarted: (pid) => `执行器已启动，进程号 ${pid}。`,
  runnerDied: (how, seconds) => `执行器自行结束（${how}），将在 ${seconds} 秒后重新启动。`,
  signal: (name) => `信号 ${name}`,
  exitCode: (code) => `退出码 ${code}`,
  cannotStart: (cause) => `无法启动：${cause}`,
  stopping: '正在停止：进行中的条目会放回，下次启动时继续。',
  stopped: '已停止。',
  runner: (id) => `执行器 ${id} 正在运行。按 Ctrl-C 停止。`,
  runnerStopped: '执行器已放下所有工作。',
  demoMade: (songs, playlists) =>
    `演示音乐库已生成：${songs} 首歌曲，${playlists} 个歌单。其中一首歌曲特意缺失。`,
  demoStarted: (id) => `任务 ${id} 正在复制演示音乐库。`,
  demoGoesOn: (id) => `演示已存在，其任务 ${id} 继续进行。`,
  demoThere: (id, status) => `演示已存在：任务 ${id}，${status}。`,
  demoAgain: '再次运行：catalogsync job start --type full',
  goesOn: '服务继续运行。按 Ctrl-C 停止。',
}

export const serveText = translated(en, zh)
