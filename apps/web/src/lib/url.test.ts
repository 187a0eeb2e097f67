import { jobStatuses } from '@catalogsync/contract'
import { expect, test } from 'vitest'
import { idIn, oneOf, withParams } from './url.ts'

const url = new URL('http://nas:8421/jobs?status=failed&q=%E5%A4%9C')

test('a filter changes its own parameter and keeps the others', () => {
  expect(withParams(url, { status: 'paused' })).toBe('/jobs?status=paused&q=%E5%A4%9C')
  expect(withParams(url, { status: null })).toBe('/jobs?q=%E5%A4%9C')
  expect(withParams(url, { status: null, q: '' })).toBe('/jobs')
})

test('a state that does not exist counts as no filter', () => {
  expect(oneOf(url, 'status', jobStatuses)).toBe('failed')
  expect(oneOf(new URL('http://nas/jobs?status=sleepy'), 'status', jobStatuses)).toBeUndefined()
})

test('only a row id is a row id', () => {
  expect(['7', '0', '-1', '7a', '', null, undefined, '9'.repeat(16)].map(idIn)).toEqual([
    7,
    ...Array<undefined>(7).fill(undefined),
  ])
})
