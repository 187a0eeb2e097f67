import { translated } from '../language.ts'

const en = {
  error: (message: string) => `Error: ${message}`,
  warning: (message: string) => `Warning: ${message}`,
  more: (next: number, flag: string) => `There are more: ${flag} ${next}`,
  waitsForRunner:
    'No runner is alive: it waits until "catalogsync serve" or "catalogsync runner" is started.',
  libraryUnusable: (reason: string) => `Until this is mended, downloads and uploads wait: ${reason}.`,
  notANumber: (text: string, least: number) => `"${text}" is not a whole number from ${least} up`,
  notOneOf: (text: string, known: readonly string[]) => `"${text}" is none of ${known.join(', ')}`,
}

const zh: typeof en = {
  error: (message) => `错误：${message}`,
  warning: (message) => `警告：${message}`,
  more: (next, flag) => `还有更多：${flag} ${next}`,
  waitsForRunner: '没有正在运行的执行器：将等待 "catalogsync serve" 或 "catalogsync runner" 启动。',
  libraryUnusable: (reason) => `在修复之前，下载与上传会等待：${reason}。`,
  notANumber: (text, least) => `“${text}”不是不小于 ${least} 的整数`,
  notOneOf: (text, known) => `“${text}”不在 ${known.join('、')} 之中`,
}

export const commonText = translated(en, zh)
