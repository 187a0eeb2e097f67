import type { Setting } from './setting.ts'
import * as type from './value-types.ts'

/** Which sources and backends there are; their own keys are in families.ts. */
export const adapterSettings = {
  SOURCES: {
    type: type.ids,
    default: '',
    description: {
      en: 'The sources: where playlists and songs come from. Each id has its own `SOURCE_<ID>_…` keys.',
      'zh-CN': '来源：歌单与歌曲的出处。每个标识有各自的 `SOURCE_<ID>_…` 键。',
    },
    group: 'sources',
    takesEffect: 'next job',
  },
  DOWNLOAD_SOURCES: {
    type: type.ids,
    default: '',
    description: {
      en: 'Sources to download from, most wanted first; empty takes each song from its own source.',
      'zh-CN': '下载所用的来源，按优先顺序排列；留空则每首歌从其自身来源下载。',
    },
    group: 'sources',
    takesEffect: 'next job',
  },
  BACKENDS: {
    type: type.ids,
    default: '',
    description: {
      en: 'The backends: object stores that the library is uploaded to. Each id has its own `BACKEND_<ID>_…` keys.',
      'zh-CN': '存储后端：音乐库上传到的对象存储。每个标识有各自的 `BACKEND_<ID>_…` 键。',
    },
    group: 'backends',
    takesEffect: 'next job',
  },
  OBJECT_BACKEND_NAME: {
    type: type.id,
    default: '',
    description: {
      en: 'Short form of one backend: its id. `objects` if only OBJECT_ENDPOINT is set.',
      'zh-CN': '单个后端的简写：其标识。只设 OBJECT_ENDPOINT 时为 `objects`。',
    },
    group: 'backends',
    takesEffect: 'next job',
  },
  OBJECT_BUCKET: {
    type: type.text,
    default: '',
    description: {
      en: 'Short form of one backend: its bucket; for a folder, the folder below OBJECT_ENDPOINT.',
      'zh-CN': '单个后端的简写：存储桶；若为目录，则是 OBJECT_ENDPOINT 下的子目录。',
    },
    group: 'backends',
    takesEffect: 'next job',
  },
  OBJECT_ENDPOINT: {
    type: type.url,
    default: '',
    description: {
      en: 'Short form of one backend: `/folder` or `file:///folder` is of the type filesystem, any other URL s3.',
      'zh-CN': '单个后端的简写：`/目录` 或 `file:///目录` 的类型为 filesystem，其他网址为 s3。',
    },
    group: 'backends',
    takesEffect: 'next job',
  },
} as const satisfies Record<string, Setting>
