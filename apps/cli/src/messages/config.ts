import type { Origin } from '@catalogsync/core/config'
import { translated } from '../language.ts'

const en = {
  columns: { key: 'KEY', value: 'VALUE', origin: 'FROM' },
  origin: {
    flag: 'command line',
    process: 'environment',
    file: 'file',
    default: 'default',
  } satisfies Record<Origin, string>,
  file: (path: string, exists: boolean) =>
    exists ? `Settings file: ${path}` : `Settings file: ${path} (does not exist; defaults are used)`,
  fine: (sources: number, backends: number) =>
    `The settings can be used: sources ${sources}, backends ${backends}.`,
  problem: (message: string) => `Problem: ${message}`,
  notice: (path: string, message: string) => `${path}: ${message}`,
}

const zh: typeof en = {
  columns: { key: '键', value: '值', origin: '来自' },
  origin: { flag: '命令行', process: '环境变量', file: '文件', default: '默认值' },
  file: (path, exists) => (exists ? `配置文件：${path}` : `配置文件：${path}（不存在，使用默认值）`),
  fine: (sources, backends) => `配置可用：来源 ${sources} 个，后端 ${backends} 个。`,
  problem: (message) => `问题：${message}`,
  notice: (path, message) => `${path}：${message}`,
}

export const configText = translated(en, zh)
