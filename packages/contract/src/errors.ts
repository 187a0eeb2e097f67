import type { Role } from './access.ts'

/**
 * Broken rules are thrown as `AppError(code, facts)`. The codes are a closed set; the facts of each are
 * typed; the sentences, one a language, say what is wrong, where, and what to do. Nobody matches text.
 */
export interface ErrorFacts {
  invalid_input: { what: string; problem: string }
  job_not_found: { id: number }
  item_not_found: { id: number; jobId?: number }
  command_not_found: { id: number }
  playlist_not_found: { id: number }
  song_not_found: { id: number }
  not_signed_in: Record<string, never>
  wrong_token: Record<string, never>
  role_needed: { role: Role; path: string }
  foreign_origin: { origin: string }
  not_json: { type: string }
  too_many: { what: string; limit: number }
  unknown_source: { id: string; known: string[] }
  unknown_backend: { id: string; known: string[] }
  unknown_source_type: { id: string; type: string; known: string[] }
  unknown_backend_type: { id: string; type: string; known: string[] }
  nothing_configured: { what: 'source' | 'backend'; envFile: string }
  env_file_missing: { path: string }
  env_invalid: { path: string; problems: { line: number | null; key: string | null; problem: string }[] }
  folder_not_writable: { path: string; what: string; cause: string }
  database_newer: { path: string; found: string; known: string }
  database_unusable: { path: string; cause: string }
  port_in_use: { host: string; port: number }
  cannot_listen: { host: string; port: number; cause: string }
  node_too_old: { found: string; needed: string }
  no_data: { path: string }
  library_marker_missing: { path: string; marker: string }
  runner_id_taken: { path: string }
  runner_ousted: { runnerId: string }
  internal: { what: string }
}

export type ErrorCode = keyof ErrorFacts
export type Language = 'en' | 'zh-CN'

type Sentences = { [C in ErrorCode]: (facts: ErrorFacts[C]) => string }

const list = (names: string[], none: string, comma: string): string =>
  names.length ? names.join(comma) : none
const problems = (facts: ErrorFacts['env_invalid'], line: (n: number) => string): string =>
  facts.problems
    .map(({ line: at, key, problem }) => {
      const where = [at === null ? '' : line(at), key ?? ''].filter(Boolean).join(' ')
      return where ? `\n  ${where}: ${problem}` : `\n  ${problem}`
    })
    .join('')

const en: Sentences = {
  invalid_input: (f) => `${f.what}: ${f.problem}`,
  job_not_found: (f) => `There is no job ${f.id}. "catalogsync job list" shows the jobs that there are.`,
  item_not_found: (f) =>
    f.jobId === undefined
      ? `There is no item ${f.id}.`
      : `Job ${f.jobId} has no item ${f.id}. "catalogsync item list ${f.jobId}" shows its items.`,
  command_not_found: (f) => `There is no command ${f.id}.`,
  playlist_not_found: (f) => `There is no playlist ${f.id}.`,
  song_not_found: (f) => `There is no song ${f.id}.`,
  not_signed_in: () =>
    'You are not signed in. Open the address that "catalogsync serve" printed at its start, with its #token=….',
  wrong_token: () =>
    'That is not the admin token of this server. It stands in the file admin-token in the data folder.',
  role_needed: (f) => `${f.path} needs the role ${f.role}.`,
  foreign_origin: (f) =>
    `A page from ${f.origin} may not work this server. Open the console by its own address.`,
  not_json: (f) => `The request must be application/json, not ${f.type}.`,
  too_many: (f) => `Too many ${f.what} at once; at most ${f.limit} are possible.`,
  unknown_source: (f) =>
    `There is no source "${f.id}". Configured sources: ${list(f.known, 'none', ', ')}. Sources are named in SOURCES in catalogsync.env.`,
  unknown_backend: (f) =>
    `There is no backend "${f.id}". Configured backends: ${list(f.known, 'none', ', ')}. Backends are named in BACKENDS in catalogsync.env.`,
  unknown_source_type: (f) =>
    `Source "${f.id}" has the type "${f.type}", which does not exist. Types: ${f.known.join(', ')}.`,
  unknown_backend_type: (f) =>
    `Backend "${f.id}" has the type "${f.type}", which does not exist. Types: ${f.known.join(', ')}.`,
  nothing_configured: (f) =>
    f.what === 'source'
      ? `No source is configured. Name one in SOURCES in ${f.envFile}, for example SOURCES=home with SOURCE_HOME_TYPE=folder and SOURCE_HOME_PATH=/music.`
      : `No backend is configured, so there is nowhere to upload to. Name one in BACKENDS in ${f.envFile}.`,
  env_file_missing: (f) =>
    `The settings file ${f.path} does not exist. Create it, or leave out --env-file to use the one in the data folder.`,
  env_invalid: (f) => `The settings in ${f.path} cannot be used:${problems(f, (n) => `line ${n}`)}`,
  folder_not_writable: (f) =>
    `Cannot write to ${f.path} (${f.what}): ${f.cause}. Check its owner and permissions, or choose another folder.`,
  database_newer: (f) =>
    `The database ${f.path} was written by a newer version (schema ${f.found}; this version knows ${f.known}). Nothing was changed. Upgrade Catalogsync, or restore a backup made by this version.`,
  database_unusable: (f) => `The database ${f.path} cannot be opened: ${f.cause}. Nothing was changed.`,
  port_in_use: (f) =>
    `Port ${f.port} on ${f.host} is already in use. Stop the other program, or choose another port with --port.`,
  cannot_listen: (f) => `Cannot listen on ${f.host}:${f.port}: ${f.cause}.`,
  node_too_old: (f) =>
    `Node ${f.needed} or newer is needed, this is ${f.found}. Start with scripts/serve or scripts/catalogsync, which bring their own.`,
  no_data: (f) =>
    `There is no Catalogsync database at ${f.path}. Start "catalogsync serve" or "catalogsync runner" once, or name the data folder with --data.`,
  library_marker_missing: (f) =>
    `The library folder ${f.path} has lost its marker file ${f.marker}. If it is a mounted share, mount it again; nothing is written until the marker is back.`,
  runner_id_taken: (f) => `Another runner holds ${f.path}.`,
  runner_ousted: (f) =>
    `Another runner has taken this one (${f.runnerId}) for dead and its work over, so it ends; nothing is lost. If that happens again, let every runner reach the folder "runners" beside the database.`,
  internal: (f) =>
    `Something went wrong inside Catalogsync: ${f.what}. Nothing acknowledged is lost; "catalogsync audit" checks the data.`,
}

const zh: Sentences = {
  invalid_input: (f) => `${f.what}：${f.problem}`,
  job_not_found: (f) => `任务 ${f.id} 不存在。用 "catalogsync job list" 查看现有任务。`,
  item_not_found: (f) =>
    f.jobId === undefined
      ? `条目 ${f.id} 不存在。`
      : `任务 ${f.jobId} 中没有条目 ${f.id}。用 "catalogsync item list ${f.jobId}" 查看其条目。`,
  command_not_found: (f) => `命令 ${f.id} 不存在。`,
  playlist_not_found: (f) => `歌单 ${f.id} 不存在。`,
  song_not_found: (f) => `歌曲 ${f.id} 不存在。`,
  not_signed_in: () => '尚未登录。请打开 "catalogsync serve" 启动时打印的、带有 #token=… 的地址。',
  wrong_token: () => '这不是本服务器的管理令牌。令牌在数据目录的 admin-token 文件中。',
  role_needed: (f) => `${f.path} 需要 ${f.role} 角色。`,
  foreign_origin: (f) => `来自 ${f.origin} 的页面不能操作本服务器。请用控制台自己的地址打开它。`,
  not_json: (f) => `请求必须是 application/json，而不是 ${f.type}。`,
  too_many: (f) => `同时进行的${f.what}过多，最多 ${f.limit} 个。`,
  unknown_source: (f) =>
    `来源“${f.id}”不存在。已配置的来源：${list(f.known, '无', '、')}。来源在 catalogsync.env 的 SOURCES 中列出。`,
  unknown_backend: (f) =>
    `存储后端“${f.id}”不存在。已配置的后端：${list(f.known, '无', '、')}。后端在 catalogsync.env 的 BACKENDS 中列出。`,
  unknown_source_type: (f) => `来源“${f.id}”的类型“${f.type}”不存在。可用类型：${f.known.join('、')}。`,
  unknown_backend_type: (f) => `存储后端“${f.id}”的类型“${f.type}”不存在。可用类型：${f.known.join('、')}。`,
  nothing_configured: (f) =>
    f.what === 'source'
      ? `尚未配置来源。请在 ${f.envFile} 的 SOURCES 中列出，例如 SOURCES=home、SOURCE_HOME_TYPE=folder、SOURCE_HOME_PATH=/music。`
      : `尚未配置存储后端，无处可上传。请在 ${f.envFile} 的 BACKENDS 中列出。`,
  env_file_missing: (f) => `配置文件 ${f.path} 不存在。请创建它，或去掉 --env-file 以使用数据目录中的文件。`,
  env_invalid: (f) => `${f.path} 中的配置无法使用：${problems(f, (n) => `第 ${n} 行`)}`,
  folder_not_writable: (f) =>
    `无法写入 ${f.path}（${f.what}）：${f.cause}。请检查所有者和权限，或换一个目录。`,
  database_newer: (f) =>
    `数据库 ${f.path} 由更新的版本写入（结构 ${f.found}，本版本只认识 ${f.known}）。未作任何改动。请升级 Catalogsync，或恢复本版本的备份。`,
  database_unusable: (f) => `无法打开数据库 ${f.path}：${f.cause}。未作任何改动。`,
  port_in_use: (f) => `${f.host} 的端口 ${f.port} 已被占用。请停止占用它的程序，或用 --port 换一个端口。`,
  cannot_listen: (f) => `无法在 ${f.host}:${f.port} 上监听：${f.cause}。`,
  node_too_old: (f) =>
    `需要 Node ${f.needed} 或更新版本，当前是 ${f.found}。请用 scripts/serve 或 scripts/catalogsync 启动，它们自带 Node。`,
  no_data: (f) =>
    `${f.path} 处没有 Catalogsync 数据库。请先启动一次 "catalogsync serve" 或 "catalogsync runner"，或用 --data 指定数据目录。`,
  library_marker_missing: (f) =>
    `音乐库目录 ${f.path} 缺少标记文件 ${f.marker}。如果它是挂载的共享，请重新挂载；标记文件恢复之前不会写入任何内容。`,
  runner_id_taken: (f) => `另一个执行器占用了 ${f.path}。`,
  runner_ousted: (f) =>
    `另一个执行器认为本执行器（${f.runnerId}）已经死亡，并接管了它的工作，因此它退出；没有任何内容丢失。如果再次发生，请确保每个执行器都能访问数据库旁边的 runners 目录。`,
  internal: (f) =>
    `Catalogsync 内部出错：${f.what}。已确认的内容不会丢失；可用 "catalogsync audit" 检查数据。`,
}

/** The sentence for an error, in the reader's language. */
export function errorText<C extends ErrorCode>(
  code: C,
  facts: ErrorFacts[C],
  language: Language = 'en',
): string {
  return (language === 'zh-CN' ? zh : en)[code](facts)
}

/** A broken rule, with the facts that explain it. Never carries a secret. */
export class AppError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'AppError'
  readonly code: C
  readonly facts: ErrorFacts[C]

  constructor(code: C, facts: ErrorFacts[C], options?: { cause?: unknown }) {
    super(errorText(code, facts), options)
    this.code = code
    this.facts = facts
  }
}
