import type { CatalogEvent } from '@catalogsync/contract'
import { expect, test } from 'vitest'
import { en } from '../i18n/en.ts'
import { translator } from '../i18n/translate.ts'
import { zhCn } from '../i18n/zh-cn.ts'
import { eventText, eventTone } from './event-text.ts'

const about = { id: 1, at: 1, jobRunId: 1, stageId: 1, itemId: 1 }
const failed: CatalogEvent = {
  ...about,
  kind: 'item_settled',
  payload: {
    stageType: 'download',
    key: 'song:7',
    outcome: 'failed',
    status: 'failed',
    attempt: 2,
    worker: 'download-1',
    reason: '404 from home',
  },
}

test('a failure is told with its try and its reason', () => {
  expect(eventText(failed, translator(en, 'en'), 'en')).toBe('Download song:7: Failed, try 2: 404 from home')
  expect(eventText(failed, translator(zhCn, 'zh-CN'), 'zh-CN')).toBe(
    '下载 song:7：失败，第 2 次：404 from home',
  )
  expect(eventTone(failed)).toBe('bad')
})

test('the gate for everything has no name to show', () => {
  const closed: CatalogEvent = {
    ...about,
    kind: 'gate_closed',
    payload: { gate: 'all', ref: '', class: null, reason: 'drained for a reboot', until: null },
  }
  expect(eventText(closed, translator(en, 'en'), 'en')).toBe('Gate closed, Everything: drained for a reboot')
})

test('a published file names its path and its size', () => {
  const published: CatalogEvent = {
    ...about,
    kind: 'file_published',
    payload: { songId: 1, fileId: 1, path: '林夜/夜/01 - 夜.flac', size: 254_000, sha256: '' },
  }
  expect(eventText(published, translator(zhCn, 'zh-CN'), 'zh-CN')).toBe(
    '已发布 林夜/夜/01 - 夜.flac（254 kB）',
  )
})
