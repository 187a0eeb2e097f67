import { startJobInput } from '@catalogsync/contract'
import { expect, test } from 'vitest'
import { startInput } from './start-input.ts'

const choices = { sources: ['home'], backends: ['nas'], mode: 'missing' } as const

test('a job is not tied to places that it has nothing to do with', () => {
  const of = (jobType: 'full' | 'upload_only' | 'download_only') => {
    const { sources, backends } = startInput({ ...choices, jobType, sources: ['home'], backends: ['nas'] })
    return { sources, backends }
  }
  expect(of('full')).toEqual({ sources: ['home'], backends: ['nas'] })
  expect(of('upload_only')).toEqual({ sources: [], backends: ['nas'] })
  expect(of('download_only')).toEqual({ sources: ['home'], backends: [] })
})

test('whatever can be chosen is a valid order', () => {
  const input = startInput({ jobType: 'full', sources: [], backends: [], mode: 'all' })
  expect(startJobInput.safeParse(input).success).toBe(true)
})
