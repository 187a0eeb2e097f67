import type { Setting } from './setting.ts'
import * as type from './value-types.ts'

/** Where things are, and how files of the library are made. */
export const placeSettings = {
  DB_PATH: {
    type: type.path,
    default: 'catalogsync.sqlite',
    description: {
      en: 'The database. On a local disk: SQLite is not safe on a network share.',
      'zh-CN': '数据库文件。须放在本地磁盘上：SQLite 在网络共享上不安全。',
    },
    group: 'paths',
    takesEffect: 'restart',
    bootstrap: true,
  },
  ENV_FILE: {
    type: type.path,
    default: 'catalogsync.env',
    description: {
      en: 'The settings file itself. Only a flag or the process environment can name it.',
      'zh-CN': '配置文件本身。只能用命令行参数或进程环境变量指定。',
    },
    group: 'paths',
    takesEffect: 'restart',
    bootstrap: true,
  },
  ROOT_DIR: {
    type: type.path,
    default: '',
    description: {
      en: 'The data folder (--data). Every relative path is below it. Default: `data` in APP_HOME.',
      'zh-CN': '数据目录（--data）。所有相对路径都以它为起点。默认为 APP_HOME 下的 `data`。',
    },
    group: 'paths',
    takesEffect: 'restart',
    bootstrap: true,
  },
  APP_HOME: {
    type: type.path,
    default: '',
    description: {
      en: 'The folder of the installed program. Found by itself.',
      'zh-CN': '程序的安装目录，自动确定。',
    },
    group: 'paths',
    takesEffect: 'restart',
    bootstrap: true,
  },
  LIBRARY_DIR: {
    type: type.path,
    default: 'library',
    description: {
      en: 'The library: the folder that songs are published in.',
      'zh-CN': '音乐库：发布歌曲文件的目录。',
    },
    group: 'paths',
    takesEffect: 'next job',
  },
  INPUT_DIR: {
    type: type.path,
    default: 'input',
    description: {
      en: 'Playlist files dropped here are a source with the id `input`.',
      'zh-CN': '放入此目录的歌单文件构成标识为 `input` 的来源。',
    },
    group: 'paths',
    takesEffect: 'next job',
  },
  LOG_DIR: {
    type: type.path,
    default: 'logs',
    description: { en: 'Log files of the processes.', 'zh-CN': '各进程的日志文件目录。' },
    group: 'paths',
    takesEffect: 'restart',
  },
  DOWNLOAD_LAYOUT: {
    type: type.layout,
    default: 'artist-album',
    description: {
      en: 'How folders and files of the library are named, such as `{artist}/{album}/{track:00 - }{title}`.',
      'zh-CN': '音乐库中目录与文件的命名方式，例如 `{artist}/{album}/{track:00 - }{title}`。',
    },
    group: 'library',
    takesEffect: 'next job',
  },
  PUID: {
    type: type.optionalInteger(0, 4_294_967_294),
    default: '',
    description: {
      en: 'User id that owns published files; empty leaves the user of the process.',
      'zh-CN': '已发布文件所属的用户 ID；留空则为进程的用户。',
    },
    group: 'library',
    takesEffect: 'restart',
  },
  PGID: {
    type: type.optionalInteger(0, 4_294_967_294),
    default: '',
    description: {
      en: 'Group id of published files; empty leaves the group of the process.',
      'zh-CN': '已发布文件所属的组 ID；留空则为进程的组。',
    },
    group: 'library',
    takesEffect: 'restart',
  },
  FILE_MODE: {
    type: type.mode,
    default: '0644',
    description: { en: 'Permissions of published files.', 'zh-CN': '已发布文件的权限。' },
    group: 'library',
    takesEffect: 'restart',
  },
  DIR_MODE: {
    type: type.mode,
    default: '0755',
    description: { en: 'Permissions of folders made in the library.', 'zh-CN': '在音乐库中新建目录的权限。' },
    group: 'library',
    takesEffect: 'restart',
  },
} as const satisfies Record<string, Setting>
