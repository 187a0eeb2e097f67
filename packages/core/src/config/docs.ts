import { familyLabel, type FamilySetting, familyTable } from './families.ts'
import { settingKeys, settingTable } from './schema.ts'
import type { Group, Setting, TakesEffect } from './setting.ts'
import { serialiseValue } from './env-file.ts'
import type { Words } from './value-types.ts'

const groupTitles = {
  paths: { en: 'Folders and files', 'zh-CN': '目录与文件' },
  library: { en: 'Library', 'zh-CN': '音乐库' },
  sources: { en: 'Sources', 'zh-CN': '来源' },
  backends: { en: 'Backends', 'zh-CN': '存储后端' },
  runner: { en: 'Runner', 'zh-CN': '执行器' },
  console: { en: 'Console', 'zh-CN': '控制台' },
  system: { en: 'System', 'zh-CN': '系统' },
} satisfies Record<Group, Words>

const effects = {
  now: { en: 'now', 'zh-CN': '立即' },
  'next job': { en: 'next job', 'zh-CN': '下一个任务' },
  restart: { en: 'restart', 'zh-CN': '重启后' },
} satisfies Record<TakesEffect, Words>

const groups = Object.keys(groupTitles) as Group[] // the keys of a const object

/** The text of catalogsync.env.example: every key with its default, as a comment unless it recommends another. */
export function exampleEnv(): string {
  return [
    '# Settings of Catalogsync. Copy this file to catalogsync.env in the data folder and edit it.',
    '# A key that is not set has its default, which is what the lines beginning with "#KEY=" show.',
    '# Values are taken literally: nothing is expanded, and quotes are needed only around a space before "#".',
    '# Catalogsync 的配置。请复制为数据目录中的 catalogsync.env 再编辑。未设置的键取默认值，即“#键=”行所示。',
    ...groups.flatMap((group) => ['', ...exampleGroup(group)]),
    '',
  ].join('\n')
}

function exampleGroup(group: Group): string[] {
  const single = settingKeys.filter((key) => settingTable[key].group === group && !isElsewhere(key))
  return [
    `# --- ${groupTitles[group].en} · ${groupTitles[group]['zh-CN']} ---`,
    ...single.flatMap((key) => {
      const setting: Setting = settingTable[key]
      const line =
        setting.example === undefined
          ? `#${key}=${serialiseValue(setting.default)}`
          : `${key}=${serialiseValue(setting.example)}`
      return ['', `# ${setting.description.en}`, `# ${setting.description['zh-CN']}`, line]
    }),
    ...(examples[group] ?? []),
  ]
}

/** Keys that mean nothing inside the file. */
function isElsewhere(key: string): boolean {
  return key === 'ENV_FILE' || key === 'APP_HOME'
}

const examples: Partial<Record<Group, string[]>> = {
  sources: [
    '',
    '# For example · 例如',
    '#SOURCES=home',
    '#SOURCE_HOME_TYPE=folder',
    '#SOURCE_HOME_PATH=/volume4/Music_Cloud/incoming',
  ],
  backends: [
    '',
    '# For example · 例如',
    '#BACKENDS=nas',
    '#BACKEND_NAS_TYPE=filesystem',
    '#BACKEND_NAS_PATH=/volume5/Backup/music',
  ],
}

/** The text of docs/settings.md: one table a group, in both languages. */
export function settingsPage(): string {
  return [
    '# Settings · 配置',
    '',
    '<!-- Made from packages/core/src/config by `npm run docs:settings`; do not edit. -->',
    '',
    'Settings come from a command-line flag, else the environment of the process, else `catalogsync.env` in the',
    'data folder, else the default. An empty value counts as not set. A relative path in the file is below ROOT_DIR,',
    'the data folder (`--data`). Only the keys of this page are taken from the environment.',
    '',
    '配置依次取自：命令行参数、进程环境变量、数据目录中的 `catalogsync.env`、默认值。空值视为未设置。',
    '',
    'Nothing in a value is expanded: `$HOME` and `$(…)` are text. `#` begins a comment only after a space. In double',
    'quotes `\\n`, `\\r`, `\\t`, `\\"` and `\\\\` are escapes; in single quotes nothing is. One setting is one line.',
    '',
    '值按字面读取，不作任何展开；`#` 仅在空格之后才是注释。一项设置占一行。',
    '',
    '`<ID>` is the id of a source or backend in upper case, with `_` for `-`: source `my-home` has the keys',
    '`SOURCE_MY_HOME_TYPE` and so on. Two ids that give the same name are refused. An id is 1 to 32 lower-case letters,',
    'digits, `_` and `-`. A key of a family whose name ends in a word such as PASSWORD, TOKEN, SECRET, API_KEY or COOKIE',
    'is a secret. Its value, and the login and the query in a URL, are never shown and in no job.',
    '',
    '`<ID>` 为来源或后端标识的大写形式，`-` 写作 `_`。以 PASSWORD、TOKEN、SECRET、API_KEY、COOKIE 等结尾的键为机密，从不显示。',
    '',
    '"Takes effect" is the earliest moment at which the program may act on a change: `now` at the next use, `next job`',
    'for jobs that are started afterwards, `restart` after a restart. The file is read when a process starts.',
    '',
    '“生效”是程序最早可能采用改动的时刻；进程启动时读取配置文件。',
    '',
    ...groups.flatMap((group) => [...groupTable(group), '']),
  ].join('\n')
}

function groupTable(group: Group): string[] {
  const single = settingKeys
    .filter((key) => settingTable[key].group === group)
    .map((key) => row(key, settingTable[key]))
  const families = familyTable
    .filter((setting) => setting.group === group)
    .map((setting) => row(familyLabel(setting), setting, setting))
  return [
    `## ${groupTitles[group].en} · ${groupTitles[group]['zh-CN']}`,
    '',
    '| key | accepts | default | takes effect | meaning | 说明 |',
    '| --- | --- | --- | --- | --- | --- |',
    ...single,
    ...families,
  ]
}

function row(key: string, setting: Setting, family?: FamilySetting): string {
  const { accepts } = setting.type
  const marks = [
    ...(setting.bootstrap ? [{ en: 'Read-only in the console.', 'zh-CN': '控制台中只读。' }] : []),
    ...(family?.secret ? [{ en: 'Secret: never shown.', 'zh-CN': '机密：从不显示。' }] : []),
  ]
  const say = (language: keyof Words, space: string) =>
    [setting.description, ...marks].map((words) => words[language]).join(space)
  const cells = [
    `\`${key}\``,
    bilingual(accepts),
    setting.default === '' ? '' : `\`${setting.default}\``,
    bilingual(effects[setting.takesEffect]),
    say('en', ' '),
    say('zh-CN', ''),
  ]
  return `| ${cells.map(escapeCell).join(' | ')} |`
}

function bilingual(words: Words): string {
  return words.en === words['zh-CN'] ? words.en : `${words.en} · ${words['zh-CN']}`
}

/** `<ID>` outside of code would be taken for HTML, and `|` ends a cell. */
function escapeCell(cell: string): string {
  return cell
    .split('`')
    .map((part, at) => (at % 2 === 0 ? part.replaceAll('<', '\\<') : part).replaceAll('|', '\\|'))
    .join('`')
}
